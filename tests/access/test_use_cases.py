"""Use cases of access on a real store; those that the door shows are tested through it (tests/api)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from metricloop.access import use_cases as access
from metricloop.access.model import Caller, Person, Role
from metricloop.kernel.errors import InvalidInput, NotAuthenticated, NotFound, NotPermitted
from metricloop.store.database import Store, open_store
from metricloop.store.passwords import Argon2Passwords, RandomSecrets

AT = datetime(2026, 3, 1, 12, tzinfo=UTC)
GOOD = "correct horse battery"
PASSWORDS = Argon2Passwords(passes=1, memory_kib=8, lanes=1)
SECRETS = RandomSecrets()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    found = open_store(tmp_path / "access.db", scratch=True)
    found.migrate()
    with found.unit() as unit:
        unit.people.put(Person("ann", "Ann", roles=(Role.RESPONDER, Role.AUDITOR)))
        access.create_account(unit, "ann", GOOD, passwords=PASSWORDS, by="test", at=AT)
    yield found
    found.close()


def session(store: Store, at: datetime = AT) -> str:
    with store.unit() as unit:
        ann = access.check_log_in(unit, "ann", GOOD, passwords=PASSWORDS)
        return access.log_in(unit, ann, secrets=SECRETS, at=at)[1]


def caller(*roles: Role, via: str = "session") -> Caller:
    return Caller(Person("ann", "Ann", roles=roles), roles, via)


def test_an_account_needs_a_person(store: Store) -> None:
    with pytest.raises(NotFound) as refused, store.unit() as unit:
        access.create_account(unit, "nobody", GOOD, passwords=PASSWORDS, by="test", at=AT)
    assert "ann" in refused.value.fix


def test_a_weak_password_makes_no_account(store: Store) -> None:
    with pytest.raises(InvalidInput), store.unit() as unit:
        access.set_password(unit, "ann", "short", passwords=PASSWORDS, by="test", at=AT)
    session(store)


def test_a_password_is_set_only_where_there_is_an_account(store: Store) -> None:
    with store.unit() as unit:
        unit.people.put(Person("bo", "Bo"))
    with pytest.raises(NotFound), store.unit() as unit:
        access.set_password(unit, "bo", GOOD, passwords=PASSWORDS, by="test", at=AT)


def test_a_person_without_account_can_still_come_by_link(store: Store) -> None:
    with store.unit() as unit:
        unit.people.put(Person("bo", "Bo", roles=(Role.VIEWER,)))
        secret = access.make_link(unit, "bo", secrets=SECRETS, by="test", at=AT)
        _, cookie = access.use_link(unit, secret, secrets=SECRETS, at=AT)
        assert access.session_caller(unit, cookie, at=AT).person.id == "bo"


def test_a_link_does_not_outlive_a_disabled_account(store: Store) -> None:
    with store.unit() as unit:
        secret = access.make_link(unit, "ann", secrets=SECRETS, by="test", at=AT)
        access.disable_account(unit, "ann", by="test", at=AT)
        with pytest.raises(NotAuthenticated):
            access.use_link(unit, secret, secrets=SECRETS, at=AT)


def test_setting_a_password_opens_a_disabled_account(store: Store) -> None:
    with store.unit() as unit:
        access.disable_account(unit, "ann", by="test", at=AT)
        access.set_password(unit, "ann", GOOD, passwords=PASSWORDS, by="test", at=AT + timedelta(hours=1))
    session(store, AT + timedelta(hours=2))


def test_renewal_is_worth_a_write_only_now_and_then(store: Store) -> None:
    secret = session(store)
    with store.unit() as unit:
        assert not access.session_needs_renewal(unit, secret, at=AT + timedelta(minutes=4))
        assert access.session_needs_renewal(unit, secret, at=AT + timedelta(minutes=5))
        access.renew_session(unit, secret, at=AT + timedelta(minutes=5))
        assert not access.session_needs_renewal(unit, secret, at=AT + timedelta(minutes=6))


def test_an_ended_session_is_not_renewed(store: Store) -> None:
    secret = session(store)
    late = AT + timedelta(hours=13)
    with store.unit() as unit:
        access.renew_session(unit, secret, at=late)
        with pytest.raises(NotAuthenticated):
            access.session_caller(unit, secret, at=late)


def test_logging_out_twice_does_no_harm(store: Store) -> None:
    secret = session(store)
    with store.unit() as unit:
        access.log_out(unit, secret, at=AT)
        access.log_out(unit, secret, at=AT)


def test_a_token_needs_a_name_a_role_and_a_future(store: Store) -> None:
    who = caller(Role.RESPONDER)
    wrong: list[tuple[str, tuple[Role, ...], datetime | None]] = [
        (" ", (Role.RESPONDER,), None),
        ("script", (), None),
        ("script", (Role.RESPONDER,), AT),
    ]
    for name, roles, end in wrong:
        with pytest.raises(InvalidInput), store.unit() as unit:
            access.issue_token(unit, who, name, roles, expires_at=end, secrets=SECRETS, at=AT)


def test_a_token_holds_no_role_its_maker_lacks(store: Store) -> None:
    with pytest.raises(NotPermitted) as refused, store.unit() as unit:
        roles = (Role.RESPONDER, Role.STEWARD)
        access.issue_token(unit, caller(Role.RESPONDER), "up", roles, expires_at=None, secrets=SECRETS, at=AT)
    assert "steward" in refused.value.problem


def test_a_token_with_fewer_roles_has_only_those(store: Store) -> None:
    with store.unit() as unit:
        who = caller(Role.RESPONDER, Role.AUDITOR)
        _, secret = access.issue_token(unit, who, "read", (Role.AUDITOR,), expires_at=None, secrets=SECRETS, at=AT)
        assert access.token_caller(unit, secret, at=AT).roles == (Role.AUDITOR,)


def test_every_credential_leaves_a_line_in_the_trail(store: Store) -> None:
    secret = session(store)
    with store.unit() as unit:
        who = access.session_caller(unit, secret, at=AT)
        token, _ = access.issue_token(unit, who, "s", (Role.AUDITOR,), expires_at=None, secrets=SECRETS, at=AT)
        access.revoke_token(unit, who, token.id, may_manage=False, at=AT)
        access.log_out(unit, secret, at=AT)
        access.set_password(unit, "ann", GOOD, passwords=PASSWORDS, by="ada", at=AT)
    with store.unit(write=False) as unit:
        actions = [line.action for line in unit.audit.lines()]
        text = str(unit.audit.lines())
    assert actions == [
        "account.created", "session.opened", "token.issued", "token.revoked", "session.closed", "account.password_set",
    ]  # fmt: skip
    assert secret not in text
    assert GOOD not in text

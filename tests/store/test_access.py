"""People, credentials, and the chained audit trail."""

from __future__ import annotations

import dataclasses
from datetime import timedelta, timezone

from sqlalchemy import text

from metricloop.access.model import Account, ApiToken, Contact, LoginLink, Person, Role, Session
from metricloop.access.rules import first_break
from metricloop.store import Store
from tests.store.nouns import AT, HOUR

ANN = Person("ann", "安", "zh", (Role.OWNER, Role.STEWARD), ("ops",), (Contact("mail", "ann@example.org", True),))


def test_people_are_kept_and_replaced(store: Store) -> None:
    with store.unit() as unit:
        for person in (Person("bob", "Bob"), ANN, dataclasses.replace(ANN, name="Ann")):
            unit.people.put(person)
        assert [person.name for person in unit.people.all()] == ["Ann", "Bob"]
        assert unit.people.get("ann") == dataclasses.replace(ANN, name="Ann")
        assert unit.people.get("eve") is None


def test_credentials_are_kept_and_dropped(store: Store) -> None:
    account = Account("ann", "$argon2id$...", AT)
    session = Session("s" * 64, "ann", AT, AT + HOUR)
    tokens = [ApiToken(id, id, who, (Role.VIEWER,), AT) for id, who in (("t1", "ann"), ("t2", "bob"))]
    with store.unit() as unit:
        unit.credentials.put_account(account)
        unit.credentials.put_session(session)
        for token in tokens:
            unit.credentials.put_token(token)
    with store.unit() as unit:
        assert unit.credentials.account("ann") == account
        assert unit.credentials.session(session.id) == session
        assert unit.credentials.tokens("bob") == (tokens[1],)
        assert unit.credentials.tokens() == tuple(tokens)
        unit.credentials.drop_session(session.id)
        unit.credentials.drop_token("t1")
        assert unit.credentials.session(session.id) is None
        assert unit.credentials.token("t1") is None


def test_a_link_is_used_once(store: Store) -> None:
    with store.unit() as unit:
        unit.credentials.put_link(LoginLink("l1", "ann", AT, AT + HOUR))
        assert unit.credentials.use_link("l1", AT + HOUR / 2)
        assert not unit.credentials.use_link("l1", AT + HOUR / 2)
        assert not unit.credentials.use_link("no such link", AT)
        link = unit.credentials.link("l1")
    assert link is not None
    assert link.used_at == AT + HOUR / 2


def record(store: Store, *actors: str) -> None:
    with store.unit() as unit:
        for actor in actors:
            at = AT.astimezone(timezone(timedelta(hours=8)))
            unit.audit.record(at=at, actor=actor, action="x", subject_kind="incident", subject_id="1", after="好")


def test_audit_lines_chain_over_units(store: Store) -> None:
    record(store, "ann", "bob")
    record(store, "eve")
    with store.unit(write=False) as unit:
        lines = unit.audit.lines()
        assert [line.actor for line in lines] == ["ann", "bob", "eve"]
        assert first_break(lines) is None
        assert [line.actor for line in unit.audit.newest(1, 1)] == ["bob"]
        assert [line.sequence for line in unit.audit.lines(after=1, limit=1)] == [2]


def test_a_line_of_a_unit_that_failed_leaves_no_gap(store: Store) -> None:
    record(store, "ann")
    try:
        with store.unit() as unit:
            unit.audit.record(at=AT, actor="bob", action="x", subject_kind="incident", subject_id="1")
            raise ZeroDivisionError
    except ZeroDivisionError:
        record(store, "eve")
    with store.unit(write=False) as unit:
        assert [(line.sequence, line.actor) for line in unit.audit.lines()] == [(1, "ann"), (2, "eve")]


def test_a_line_changed_behind_our_back_shows(store: Store) -> None:
    record(store, "ann", "bob", "eve")
    with store.engine.begin() as connection:
        connection.execute(text("UPDATE audit_events SET actor = 'mallory' WHERE sequence = 2"))
    with store.unit(write=False) as unit:
        assert first_break(unit.audit.lines()) == 2

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from metricloop.access.model import AuditEvent, Caller, Permission, Person, Role
from metricloop.access.rules import GRANTS, audit_event, first_break, permissions, require
from metricloop.kernel.errors import NotPermitted

AT = datetime(2026, 3, 1, tzinfo=UTC)


def caller(*roles: Role) -> Caller:
    return Caller(Person("ann", "Ann", roles=roles), roles, "session")


def chain(count: int) -> list[AuditEvent]:
    lines: list[AuditEvent] = []
    for number in range(count):
        lines.append(
            audit_event(
                lines[-1] if lines else None,
                at=AT,
                actor="ann",
                action="incident.close",
                subject_kind="incident",
                subject_id=str(number),
                before="verified",
                after="closed",
            )
        )
    return lines


def test_every_role_has_grants_and_reads() -> None:
    assert set(GRANTS) == set(Role)
    assert all(Permission.READ in granted for granted in GRANTS.values())


def test_only_the_administrator_may_everything() -> None:
    assert [role for role, granted in GRANTS.items() if granted == frozenset(Permission)] == [Role.ADMINISTRATOR]


def test_viewers_and_auditors_change_nothing() -> None:
    harmless = {Permission.READ, Permission.AUDIT_READ}
    assert GRANTS[Role.VIEWER] | GRANTS[Role.AUDITOR] == harmless


def test_several_roles_add_up() -> None:
    both = permissions([Role.AUDITOR, Role.RESPONDER])
    assert both == GRANTS[Role.AUDITOR] | GRANTS[Role.RESPONDER]
    assert permissions([]) == frozenset()


def test_who_may_not_is_told_which_roles_may() -> None:
    require(caller(Role.OWNER), Permission.PROPOSAL_DECIDE)
    with pytest.raises(NotPermitted) as refused:
        require(caller(Role.RESPONDER), Permission.PROPOSAL_DECIDE)
    assert "administrator, owner, steward" in refused.value.fix


def test_a_sound_chain_has_no_break() -> None:
    assert first_break(chain(5)) is None
    assert first_break([]) is None


@pytest.mark.parametrize("at", range(4))
def test_a_changed_line_breaks_the_chain_there(at: int) -> None:
    lines = chain(5)
    lines[at] = replace(lines[at], actor="somebody else")
    assert first_break(lines) == at + 1


def test_a_line_taken_out_breaks_the_chain() -> None:
    lines = chain(5)
    assert first_break([*lines[:2], *lines[3:]]) == 4


def test_a_part_of_the_chain_is_checked_against_what_came_before() -> None:
    lines = chain(5)
    assert first_break(lines[3:], previous=lines[2]) is None
    assert first_break(lines[3:], previous=lines[1]) == 4

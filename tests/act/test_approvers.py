"""Who may say yes to a critical step."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from metricloop.access.model import Person, Role
from metricloop.act.model import Task, TaskKind, TaskState
from metricloop.act.rules import may_decide
from metricloop.kernel.message import Text

APPROVAL = Task(
    "t", TaskKind.APPROVAL, Text(en="Move it"), "lan", datetime(2024, 5, 1, tzinfo=UTC), None, TaskState.OPEN
)


@pytest.mark.parametrize("role", list(Role))
def test_the_named_approver_may_whatever_the_role(role: Role) -> None:
    assert may_decide(APPROVAL, Person("lan", "Lan", roles=(role,)))


@pytest.mark.parametrize(
    ("role", "may"),
    [
        (Role.VIEWER, False),
        (Role.AUDITOR, False),
        (Role.RESPONDER, False),
        (Role.OWNER, True),
        (Role.STEWARD, True),
        (Role.ADMINISTRATOR, True),
    ],
)
def test_others_stand_in_only_from_owner_upwards(role: Role, may: bool) -> None:
    assert may_decide(APPROVAL, Person("wu", "Wu", roles=(role,))) is may


def test_nobody_unknown_decides() -> None:
    assert not may_decide(APPROVAL, None)

"""An incident gets an owner, is handed over, and goes up when nobody answers. On a real store."""

from __future__ import annotations

from datetime import timedelta

import pytest

from metricloop.assign import use_cases as assign
from metricloop.assign.model import Assignment
from metricloop.kernel.errors import InvalidInput, NotFound
from metricloop.kernel.slices import Slice
from metricloop.triage import use_cases as triage
from metricloop.triage.model import IncidentState
from metricloop.triage.rules import ENDED
from tests.loop.desk import OPENED, Desk
from tests.triage.nouns import AA, HOUR, MQ, SFO, TOTAL


def give(desk: Desk, *causes: Slice, at: timedelta = timedelta(0)) -> None:
    with desk.unit() as unit:
        assign.assign_incident(unit, desk.project, 1, causes, at=OPENED + at)


def given(desk: Desk) -> list[Assignment]:
    with desk.unit() as unit:
        return list(unit.assignments.of(1))


def test_the_owner_comes_from_the_cause_with_a_clock(desk: Desk) -> None:
    desk.open_incident(slice=TOTAL)
    give(desk, MQ)
    assert desk.incident().owner == "qin_shuyu"
    (made,) = given(desk)
    assert (made.acknowledge_due_at, made.resolve_due_at) == (OPENED + HOUR / 2, OPENED + 24 * HOUR)
    assert desk.timeline() == ["timeline.assigned"]
    assert desk.timers() == {"escalate:1:1": OPENED + HOUR / 2, "escalate:1:2": OPENED + HOUR}


def test_without_cause_the_slice_decides_and_without_anybody_the_fallback(desk: Desk) -> None:
    desk.open_incident(slice=SFO)
    desk.open_incident(slice=TOTAL)
    with desk.unit() as unit:
        assign.assign_incident(unit, desk.project, 1, [], at=OPENED)
        assign.assign_incident(unit, desk.project, 2, [], at=OPENED)
    assert (desk.incident(1).owner, desk.incident(2).owner) == ("fang_yuanzhou", "wei_lan")


def test_assigning_twice_is_once(desk: Desk) -> None:
    desk.open_incident()
    give(desk, AA)
    give(desk, AA, at=HOUR)
    assert len(given(desk)) == len(desk.told("incident.assigned")) == 1


def test_when_the_cause_is_known_better_an_untouched_incident_moves_on_and_keeps_its_clock(desk: Desk) -> None:
    desk.open_incident(slice=TOTAL)
    give(desk)
    give(desk, AA, at=HOUR)
    first, second = given(desk)
    assert (first.person, second.person) == ("wei_lan", "victor_hale")
    assert second.acknowledge_due_at == first.acknowledge_due_at
    assert desk.timers()["escalate:1:1"] == OPENED + HOUR / 2


def test_who_has_seen_it_keeps_it(desk: Desk) -> None:
    desk.open_incident(slice=TOTAL)
    give(desk)
    with desk.unit() as unit:
        triage.acknowledge(unit, 1, person="wei_lan", at=OPENED)
    give(desk, AA, at=HOUR)
    assert desk.incident().owner == "wei_lan"


def test_what_a_person_handed_over_no_machine_takes_away(desk: Desk) -> None:
    desk.open_incident()
    give(desk, AA)
    with desk.unit() as unit:
        assign.reassign(unit, 1, to="grace_holm", person="wei_lan", at=OPENED, note="she knows")
    give(desk, MQ, at=HOUR)
    assert desk.incident().owner == "grace_holm"


@pytest.mark.parametrize("state", ENDED)
def test_what_has_ended_meanwhile_gets_no_owner(desk: Desk, state: IncidentState) -> None:
    desk.open_incident(state=state)
    give(desk, AA)
    assert (desk.incident().owner, given(desk), desk.told(), desk.timers()) == (None, [], [], {})


def test_taking_it_neither_acknowledges_nor_resets_a_clock(desk: Desk) -> None:
    desk.open_incident()
    give(desk, AA)
    before = desk.timers()
    with desk.unit() as unit:
        taken = assign.take(unit, 1, person="wei_lan", at=OPENED + HOUR)
    assert (taken.owner, taken.state, taken.acknowledged_at) == ("wei_lan", IncidentState.OPEN, None)
    assert given(desk)[-1].reason.code == "assignment.taken"
    assert given(desk)[-1].acknowledge_due_at == given(desk)[0].acknowledge_due_at
    assert desk.timers() == before
    assert desk.audit_holds()


def test_taking_it_twice_is_refused(desk: Desk) -> None:
    desk.open_incident()
    give(desk, AA)
    with desk.unit() as unit:
        assign.take(unit, 1, person="wei_lan", at=OPENED)
    with pytest.raises(InvalidInput, match="owns incident 1 already"), desk.unit() as unit:
        assign.take(unit, 1, person="wei_lan", at=OPENED)


def test_handing_it_back_and_forth_keeps_every_step(desk: Desk) -> None:
    desk.open_incident()
    give(desk, AA)
    for to in ("wei_lan", "victor_hale", "wei_lan"):
        with desk.unit() as unit:
            assign.reassign(unit, 1, to=to, person="grace_holm", at=OPENED)
    assert [a.person for a in given(desk)] == ["victor_hale", "wei_lan", "victor_hale", "wei_lan"]


def test_nobody_can_give_it_to_somebody_who_does_not_exist(desk: Desk) -> None:
    desk.open_incident()
    give(desk, AA)
    with pytest.raises(NotFound, match="no person 'nobody'"), desk.unit() as unit:
        assign.reassign(unit, 1, to="nobody", person="wei_lan", at=OPENED)
    with pytest.raises(NotFound, match="no incident 9"), desk.unit() as unit:
        assign.take(unit, 9, person="wei_lan", at=OPENED)


def test_when_nobody_answers_the_next_is_told_and_the_owner_stays(desk: Desk) -> None:
    desk.open_incident()
    give(desk, AA)
    for _ in range(2):
        with desk.unit() as unit:
            assign.escalate(unit, 1, "wei_lan", 1, at=OPENED + HOUR)
    assert [e.data["person"] for e in desk.told("incident.escalated")] == ["wei_lan"]
    assert desk.timeline().count("timeline.escalated") == 1
    assert desk.incident().owner == "victor_hale"


def test_who_has_answered_is_not_escalated(desk: Desk) -> None:
    desk.open_incident()
    give(desk, AA)
    with desk.unit() as unit:
        triage.acknowledge(unit, 1, person="victor_hale", at=OPENED)
        assign.escalate(unit, 1, "wei_lan", 1, at=OPENED + HOUR)
    assert desk.told("incident.escalated") == []

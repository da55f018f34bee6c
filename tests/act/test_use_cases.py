"""A playbook is carried out: steps, tasks, approvals, effects, and a person's hand on the wheel. On a real store."""

from __future__ import annotations

from dataclasses import replace

import pytest

from metricloop.act import use_cases as act
from metricloop.act.model import RunStatus, StepState, TaskKind, TaskState
from metricloop.kernel.errors import Conflict, InvalidInput, NotFound
from metricloop.triage import use_cases as triage
from metricloop.triage.model import IncidentState
from metricloop.triage.rules import ENDED
from tests.act.runs import (
    ACT,
    NOTHING,
    answer,
    control,
    decide,
    effects,
    outcome,
    pump,
    run_of,
    started,
    states,
    task_of,
)
from tests.loop.desk import OPENED, Desk
from tests.triage.nouns import HOUR


def test_the_whole_way_of_a_run(desk: Desk) -> None:
    run_id = started(desk)
    assert states(run_of(desk, run_id)) == ["done", "waiting", "pending", "pending"]
    assert task_of(desk).assignee == "victor_hale"
    answer(desk)
    approval = task_of(desk)
    assert (approval.kind, approval.assignee) == (TaskKind.APPROVAL, "wei_lan")
    assert effects(desk) == []
    decide(desk, True)
    (effect,) = effects(desk)
    assert (effect.action, effect.request["approved_by"], effect.done_at) == ("file", "wei_lan", None)
    assert f"effect.perform:{effect.key}" in desk.timers()
    outcome(desk)
    assert states(run_of(desk, run_id)) == ["done", "done", "done", "waiting"]
    with desk.unit() as unit:
        act.recovered(unit, 1, at=OPENED)
    done = pump(desk, run_id)
    assert (done.status, done.ended_at) == (RunStatus.SUCCEEDED, OPENED)
    assert [e.subject for e in desk.told("run.succeeded")] == [run_id]
    assert desk.audit_holds()


def test_a_run_begins_once(desk: Desk) -> None:
    started(desk)
    with desk.unit() as unit:
        act.begin_run(unit, desk.project, 1, at=OPENED + HOUR)
        assert len(unit.runs.of_incident(1)) == 1


def test_where_no_playbook_fits_nothing_begins(desk: Desk) -> None:
    desk.open_incident(metric="flights")
    with desk.unit() as unit:
        act.begin_run(unit, desk.project, 1, at=OPENED)
        assert unit.runs.of_incident(1) == ()


@pytest.mark.parametrize("state", ENDED)
def test_what_has_ended_meanwhile_begins_no_run(desk: Desk, state: IncidentState) -> None:
    desk.open_incident(state=state)
    with desk.unit() as unit:
        act.begin_run(unit, desk.project, 1, at=OPENED)
        assert unit.runs.of_incident(1) == ()


def test_advancing_twice_hands_out_one_task(desk: Desk) -> None:
    run_id = started(desk)
    with desk.unit() as unit:
        act.advance(unit, run_id, at=OPENED + HOUR)
        assert len(unit.tasks.find(incident=1)) == 1
    assert len(desk.told("task.opened")) == 1


def test_nothing_to_do_ends_the_run(desk: Desk) -> None:
    run_id = started(desk)
    answer(desk, NOTHING)
    done = run_of(desk, run_id)
    assert (done.status, states(done)) == (RunStatus.SUCCEEDED, ["done", "done", "skipped", "skipped"])
    assert effects(desk) == []


def test_a_task_is_answered_once(desk: Desk) -> None:
    started(desk)
    task = task_of(desk)
    answer(desk)
    with pytest.raises(Conflict, match="is done already"), desk.unit() as unit:
        act.complete_task(unit, task.id, answer=ACT, note="", person="wei_lan", at=OPENED)


def test_a_wrong_answer_changes_nothing(desk: Desk) -> None:
    run_id = started(desk)
    before, task = run_of(desk, run_id), task_of(desk)
    with pytest.raises(InvalidInput), desk.unit() as unit:
        act.complete_task(unit, task.id, answer={"decision": "no"}, note="", person="wei_lan", at=OPENED)
    assert run_of(desk, run_id) == before
    assert task_of(desk).state is TaskState.OPEN


def test_a_task_that_does_not_exist_says_so(desk: Desk) -> None:
    with pytest.raises(NotFound, match="no task"), desk.unit() as unit:
        act.complete_task(unit, "gone", answer={}, note="", person="wei_lan", at=OPENED)


def test_a_no_wants_a_reason_and_pauses_the_run(desk: Desk) -> None:
    run_id = started(desk)
    answer(desk)
    with pytest.raises(InvalidInput, match="needs a reason"):
        decide(desk, False, " ")
    decide(desk, False, "too dear")
    paused = run_of(desk, run_id)
    assert (paused.status, effects(desk)) == (RunStatus.PAUSED, [])
    assert [e.subject for e in desk.told("run.paused")] == [run_id]
    again = control(desk, run_id, "retry")
    assert again.status is RunStatus.WAITING
    assert task_of(desk).kind is TaskKind.APPROVAL


def test_an_approval_is_no_task_and_a_task_no_approval(desk: Desk) -> None:
    started(desk)
    with pytest.raises(InvalidInput, match="not an approval"):
        decide(desk, True)
    answer(desk)
    with pytest.raises(InvalidInput, match="this is an approval"):
        answer(desk)


def test_a_time_out_escalates_and_never_approves(desk: Desk) -> None:
    run_id = started(desk)
    answer(desk)
    task = task_of(desk)
    assert desk.timers()[f"task.due:{task.id}"] == task.due_at
    for _ in range(2):
        with desk.unit() as unit:
            act.task_due(unit, desk.project, task.id, at=OPENED + HOUR)
    late = task_of(desk, TaskState.ESCALATED)
    assert late.assignee == "grace_holm"
    assert run_of(desk, run_id).status is RunStatus.WAITING
    assert len(desk.told("task.overdue")) == 1
    with desk.unit() as unit:
        act.decide(unit, task.id, approve=True, reason="", person="grace_holm", at=OPENED + HOUR)
    assert run_of(desk, run_id).steps[2].actor == "grace_holm"


def test_a_decision_ends_the_wait(desk: Desk) -> None:
    started(desk)
    task = task_of(desk)
    answer(desk)
    assert f"task.due:{task.id}" not in desk.timers()


def test_an_overdue_task_stays_with_its_person(desk: Desk) -> None:
    started(desk)
    task = task_of(desk)
    with desk.unit() as unit:
        act.task_due(unit, desk.project, task.id, at=OPENED + HOUR)
    assert task_of(desk).assignee == "victor_hale"
    assert "timeline.task_overdue" in desk.timeline()


def test_a_failed_effect_pauses_and_a_retry_asks_again_with_a_new_key(desk: Desk) -> None:
    run_id = started(desk)
    answer(desk)
    decide(desk, True)
    first = effects(desk)[0].key
    outcome(desk, problem="no answer")
    paused = run_of(desk, run_id)
    assert (paused.status, paused.steps[2].state) == (RunStatus.PAUSED, StepState.FAILED)
    control(desk, run_id, "retry")
    decide(desk, True)
    keys = [e.key for e in effects(desk)]
    assert len(keys) == 2 and first in keys
    outcome(desk)
    assert run_of(desk, run_id).at == 3


def test_an_outcome_that_comes_twice_moves_the_run_once(desk: Desk) -> None:
    run_id = started(desk)
    answer(desk)
    decide(desk, True)
    key = effects(desk)[0].key
    for _ in range(2):
        with desk.unit() as unit:
            act.keep_effect(unit, key, "done", None, at=OPENED)
    assert run_of(desk, run_id).at == 3
    with desk.unit() as unit:
        act.keep_effect(unit, "gone", "done", None, at=OPENED)


def test_a_move_over_somebody_elses_is_a_conflict(desk: Desk) -> None:
    run_id = started(desk)
    old = run_of(desk, run_id)
    control(desk, run_id, "pause")
    with pytest.raises(Conflict), desk.unit() as unit:
        unit.runs.save(replace(old, at=3))
    assert run_of(desk, run_id).at == 1


def test_a_run_stuck_at_one_incident_does_not_hold_up_another(desk: Desk) -> None:
    started(desk)
    desk.open_incident(owner="qin_shuyu")
    with desk.unit() as unit:
        act.begin_run(unit, desk.project, 2, at=OPENED)
        (other,) = unit.runs.of_incident(2)
    pump(desk, other.id)
    assert run_of(desk, other.id).status is RunStatus.WAITING


def test_work_that_begins_is_seen_on_the_incident(desk: Desk) -> None:
    started(desk)
    answer(desk)
    with desk.unit() as unit:
        triage.start(unit, 1, person="victor_hale", at=OPENED)
    assert desk.incident().state is IncidentState.IN_PROGRESS

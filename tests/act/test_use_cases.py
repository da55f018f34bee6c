"""A playbook is carried out: steps, tasks, approvals, effects, and a person's hand on the wheel. On a real store."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from metricloop.act import use_cases as act
from metricloop.act.model import Effect, Run, RunStatus, StepState, Task, TaskKind, TaskState
from metricloop.define.playbooks import Mode
from metricloop.define.project import Project
from metricloop.kernel.errors import Conflict, InvalidInput, NotFound
from metricloop.triage import use_cases as triage
from metricloop.triage.model import IncidentState
from metricloop.triage.rules import ENDED
from tests.act.playbooks import CALL, LOOK, VERIFY, playbook
from tests.loop.desk import OPENED, Desk
from tests.triage.nouns import HOUR

ACT, NOTHING = {"decision": "act"}, {"decision": "nothing_to_do"}


def started(desk: Desk, project: Project | None = None, **changes: Any) -> str:
    """An incident with its run begun and pumped; gives back the run's id."""
    desk.open_incident(owner="victor_hale", **changes)
    with desk.unit() as unit:
        act.begin_run(unit, project or desk.project, 1, at=OPENED)
        (run,) = unit.runs.of_incident(1)
    pump(desk, run.id)
    return run.id


def pump(desk: Desk, run_id: str) -> Run:
    """What the loop does after run.moved, until the run stands still."""
    while True:
        before = run_of(desk, run_id)
        with desk.unit() as unit:
            act.advance(unit, run_id, at=OPENED)
        if run_of(desk, run_id) == before:
            return before


def run_of(desk: Desk, run_id: str) -> Run:
    with desk.unit() as unit:
        found = unit.runs.get(run_id)
        assert found is not None
        return found


def task_of(desk: Desk, state: TaskState = TaskState.OPEN) -> Task:
    with desk.unit() as unit:
        (task,) = unit.tasks.find(incident=1, states=[state])
    return task


def answer(desk: Desk, given: dict[str, Any] = ACT) -> None:
    task = task_of(desk)
    with desk.unit() as unit:
        act.complete_task(unit, task.id, answer=given, note="seen", person="victor_hale", at=OPENED)
    pump(desk, str(task.run))


def decide(desk: Desk, yes: bool, reason: str = "yes") -> None:
    task = task_of(desk)
    with desk.unit() as unit:
        act.decide(unit, task.id, approve=yes, reason=reason, person="wei_lan", at=OPENED)
    pump(desk, str(task.run))


def control(desk: Desk, run_id: str, action: str, mode: Mode | None = None) -> Run:
    with desk.unit() as unit:
        act.control(unit, run_id, action=action, mode=mode, reason="", person="wei_lan", at=OPENED)
    return pump(desk, run_id)


def effects(desk: Desk) -> list[Effect]:
    with desk.unit() as unit:
        return list(unit.runs.effects())


def outcome(desk: Desk, problem: str | None = None) -> None:
    (open_one,) = [e for e in effects(desk) if e.done_at is None]
    with desk.unit() as unit:
        act.keep_effect(unit, open_one.key, None if problem else "done", problem, at=OPENED)
    pump(desk, open_one.run)


def states(run: Run) -> list[str]:
    return [step.state.value for step in run.steps]


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


def test_a_pause_while_an_effect_is_under_way_does_not_do_it_twice(desk: Desk) -> None:
    run_id = started(desk)
    answer(desk)
    decide(desk, True)
    control(desk, run_id, "pause")
    outcome(desk)
    assert (run_of(desk, run_id).status, run_of(desk, run_id).at) == (RunStatus.PAUSED, 3)
    control(desk, run_id, "resume")
    assert len(effects(desk)) == 1
    assert run_of(desk, run_id).status is RunStatus.WAITING


def test_an_effect_under_way_outlives_pause_resume_and_a_change_of_mode(desk: Desk) -> None:
    run_id = started(desk)
    answer(desk)
    decide(desk, True)
    timers = desk.timers()
    control(desk, run_id, "pause")
    control(desk, run_id, "resume")
    control(desk, run_id, "mode", Mode.MANUAL)
    assert (len(effects(desk)), desk.timers()) == (1, timers)
    with desk.unit() as unit:
        assert unit.tasks.find(incident=1, states=[TaskState.OPEN]) == ()


def test_a_paused_run_takes_an_answer_and_goes_on_when_resumed(desk: Desk) -> None:
    run_id = started(desk)
    control(desk, run_id, "pause")
    answer(desk)
    paused = run_of(desk, run_id)
    assert (paused.status, paused.at) == (RunStatus.PAUSED, 2)
    assert control(desk, run_id, "resume").status is RunStatus.WAITING
    assert task_of(desk).kind is TaskKind.APPROVAL


def test_a_yes_to_a_paused_run_is_carried_out_when_it_goes_on(desk: Desk) -> None:
    run_id = started(desk)
    answer(desk)
    control(desk, run_id, "pause")
    decide(desk, True)
    assert effects(desk) == []
    control(desk, run_id, "resume")
    assert effects(desk)[0].request["approved_by"] == "wei_lan"


def test_a_recovery_during_a_pause_is_not_forgotten(desk: Desk) -> None:
    run_id = started(desk)
    answer(desk)
    decide(desk, True)
    outcome(desk)
    control(desk, run_id, "pause")
    with desk.unit() as unit:
        act.recovered(unit, 1, at=OPENED)
    assert run_of(desk, run_id).status is RunStatus.PAUSED
    assert control(desk, run_id, "resume").status is RunStatus.SUCCEEDED


def test_a_run_that_comes_late_to_ask_the_data_gets_the_answer_at_once(desk: Desk) -> None:
    run_id = started(desk, state=IncidentState.VERIFIED)
    answer(desk)
    decide(desk, True)
    outcome(desk)
    assert run_of(desk, run_id).status is RunStatus.SUCCEEDED


def test_recovery_does_not_move_a_run_that_waits_for_a_person(desk: Desk) -> None:
    run_id = started(desk)
    before = run_of(desk, run_id)
    with desk.unit() as unit:
        act.recovered(unit, 1, at=OPENED)
    assert run_of(desk, run_id) == before


def test_aborting_withdraws_what_people_owe(desk: Desk) -> None:
    run_id = started(desk)
    control(desk, run_id, "abort")
    assert run_of(desk, run_id).status is RunStatus.CANCELLED
    assert task_of(desk, TaskState.CANCELLED).done_by == "wei_lan"
    assert desk.timers() == {}
    with pytest.raises(Conflict, match="the run is cancelled"):
        control(desk, run_id, "resume")


def test_skipping_withdraws_the_task_and_goes_on(desk: Desk) -> None:
    run_id = started(desk)
    skipped = control(desk, run_id, "skip")
    assert states(skipped) == ["done", "skipped", "waiting", "pending"]
    assert task_of(desk).kind is TaskKind.APPROVAL


def test_putting_away_cancels_runs_and_tasks_once(desk: Desk) -> None:
    run_id = started(desk)
    for _ in range(2):
        with desk.unit() as unit:
            act.put_away(unit, 1, at=OPENED)
    assert run_of(desk, run_id).status is RunStatus.CANCELLED
    assert len(desk.told("run.cancelled")) == 1
    with desk.unit() as unit:
        assert unit.tasks.find(incident=1, states=[TaskState.OPEN, TaskState.ESCALATED]) == ()


def test_one_switch_makes_the_whole_site_manual_and_back(desk: Desk) -> None:
    run_id = started(desk)
    for mode in (Mode.MANUAL, Mode.ASSISTED):
        with desk.unit() as unit:
            act.set_site_mode(unit, mode, reason="drill", person="ines_arden", at=OPENED)
        assert run_of(desk, run_id).mode is mode
    assert len(desk.told("site.mode_changed")) == 2
    assert desk.audit_holds()


def test_in_a_manual_site_every_step_is_a_persons(desk: Desk) -> None:
    with desk.unit() as unit:
        act.set_site_mode(unit, Mode.MANUAL, reason="drill", person="ines_arden", at=OPENED)
    run_id = started(desk)
    assert (run_of(desk, run_id).at, task_of(desk).step) == (0, "look")


def test_an_automatic_run_needs_nobody_for_routine_steps(desk: Desk) -> None:
    book = playbook(LOOK, CALL, VERIFY, mode=Mode.AUTOMATIC)
    run_id = started(desk, replace(desk.project, playbooks={"delay": book}))
    (effect,) = effects(desk)
    assert (effect.request["approved_by"], "channel" in effect.request) == (None, False)
    outcome(desk)
    assert run_of(desk, run_id).status is RunStatus.WAITING


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

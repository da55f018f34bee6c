"""A person's hand on the wheel: pause, resume, skip, retry, abort, modes. On a real store."""

from __future__ import annotations

from dataclasses import replace

import pytest

from metricloop.act import use_cases as act
from metricloop.act.model import RunStatus, TaskKind, TaskState
from metricloop.define.playbooks import Mode
from metricloop.kernel.errors import Conflict
from metricloop.triage.model import IncidentState
from tests.act.playbooks import CALL, LOOK, VERIFY, playbook
from tests.act.runs import (
    answer,
    control,
    decide,
    effects,
    outcome,
    run_of,
    started,
    states,
    task_of,
)
from tests.loop.desk import OPENED, Desk


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

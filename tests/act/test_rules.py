"""The interpreter of playbooks: who does a step in which mode, and what a person's hand on the wheel does."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from metricloop.act.model import Run, RunStatus, StepState, TaskKind
from metricloop.act.rules import (
    LIVE,
    approve_step,
    begin,
    controlled,
    definition_at,
    effect_key,
    enter,
    fail_step,
    finish_step,
    held,
    needs_person,
    playbook_for,
    reject_step,
    skip_rest,
    waits_for_data,
)
from metricloop.define.playbooks import Grade, Mode, StepDefinition, StepKind
from metricloop.kernel.errors import Conflict, InvalidInput
from metricloop.kernel.message import Message, Text
from tests.act.playbooks import AT, CALL, DECIDE, FIX, HOUR, LOOK, VERIFY, playbook

CONTROLS = ("pause", "resume", "retry", "skip", "abort")
OVER = (RunStatus.SUCCEEDED, RunStatus.FAILED, RunStatus.CANCELLED)


def run(*steps: StepDefinition, mode: Mode = Mode.ASSISTED) -> Run:
    return begin(playbook(*steps), 2, 7, mode, AT)


def entered(*steps: StepDefinition, mode: Mode = Mode.ASSISTED) -> Run:
    return enter(run(*steps, mode=mode), "owner", AT).run


@pytest.mark.parametrize(("kind", "grade", "mode"), list(product(StepKind, Grade, Mode)))
def test_who_does_a_step(kind: StepKind, grade: Grade, mode: Mode) -> None:
    by_person = (
        kind in (StepKind.TASK, StepKind.APPROVAL)
        or grade is Grade.CRITICAL
        or (mode is Mode.MANUAL and kind is not StepKind.VERIFY)
    )
    step = StepDefinition("s", kind, Text(en="S"), grade, action="file" if kind is StepKind.WEBHOOK else None)
    assert needs_person(step, mode) == by_person
    begun = enter(run(step, mode=mode), "owner", AT)
    assert (begun.task is not None) == by_person
    assert begun.perform == (not by_person and kind is not StepKind.VERIFY)
    waits = by_person or kind is StepKind.VERIFY
    assert begun.run.status is (RunStatus.WAITING if waits else RunStatus.RUNNING)
    if grade is Grade.CRITICAL or kind is StepKind.APPROVAL:
        assert begun.task is not None and begun.task.kind is TaskKind.APPROVAL
    elif by_person:
        assert begun.task is not None and begun.task.kind is TaskKind.TASK


def test_a_run_keeps_the_playbook_it_began_with() -> None:
    made = run(LOOK, DECIDE)
    assert (made.playbook_version, made.mode, made.status, made.at) == (2, Mode.ASSISTED, RunStatus.RUNNING, 0)
    assert [s.id for s in made.steps] == ["look", "decide"]
    assert made.id == run(LOOK).id
    assert definition_at(made) == LOOK


def test_the_owner_gets_a_task_unless_the_step_names_somebody() -> None:
    own, named = enter(run(DECIDE), "victor", AT).task, enter(run(FIX), "victor", AT).task
    assert own is not None and own.assignee == "victor"
    assert named is not None and named.assignee == "wei_lan"
    assert named.due_at == AT + FIX.within


def test_a_run_without_steps_left_has_succeeded() -> None:
    done = finish_step(entered(LOOK), None, None, AT)
    over = enter(done, "victor", AT + HOUR)
    assert (over.run.status, over.run.ended_at, over.task, over.perform) == (
        RunStatus.SUCCEEDED,
        AT + HOUR,
        None,
        False,
    )
    assert enter(run(), "victor", AT).run.status is RunStatus.SUCCEEDED


def test_an_approved_critical_step_runs_under_its_approvers_name() -> None:
    allowed = approve_step(entered(FIX), "wei_lan")
    begun = enter(allowed, "victor", AT)
    assert (begun.perform, begun.task) == (True, None)
    assert begun.run.steps[0].actor == "wei_lan"
    done = finish_step(begun.run, Message("step.effect"), "wei_lan", AT + HOUR)
    assert (done.steps[0].state, done.at) == (StepState.DONE, 1)


def test_a_no_stops_the_run_until_a_person_goes_on() -> None:
    refused = reject_step(entered(FIX, VERIFY), "wei_lan", "too dear", AT)
    assert (refused.status, refused.at) == (RunStatus.PAUSED, 0)
    assert refused.steps[0].state is StepState.CANCELLED
    asked_again = enter(controlled(refused, "retry", None, AT), "victor", AT)
    assert asked_again.task is not None and asked_again.task.kind is TaskKind.APPROVAL
    assert asked_again.task.id != entered(FIX, VERIFY).steps[0].task
    assert controlled(refused, "skip", None, AT).at == 1


def test_a_failed_step_pauses_and_keeps_the_reason() -> None:
    failed = fail_step(entered(CALL), "no answer " * 100, AT)
    assert (failed.status, failed.steps[0].state) == (RunStatus.PAUSED, StepState.FAILED)
    assert failed.why is not None and str(failed.why.params["problem"]).startswith("no answer")
    assert len(str(failed.why.params["problem"])) == 300


def test_a_retry_is_a_new_attempt() -> None:
    again = controlled(fail_step(entered(CALL), "no", AT), "retry", None, AT)
    assert (again.status, again.steps[0].attempts, again.steps[0].state) == (RunStatus.RUNNING, 1, StepState.PENDING)
    assert enter(again, "victor", AT).perform


def test_a_critical_step_asks_again_after_a_failure() -> None:
    failed = fail_step(enter(approve_step(entered(FIX), "wei_lan"), "x", AT).run, "no", AT)
    assert enter(controlled(failed, "retry", None, AT), "x", AT).task is not None


def test_resuming_goes_on_where_it_stood() -> None:
    waiting = entered(DECIDE, VERIFY)
    resumed = controlled(controlled(waiting, "pause", None, AT), "resume", None, AT)
    assert replace(resumed, why=waiting.why) == waiting


def test_pausing_while_an_effect_is_under_way_does_not_ask_for_it_twice() -> None:
    working = entered(CALL, VERIFY)
    resumed = controlled(controlled(working, "pause", None, AT), "resume", None, AT)
    assert resumed.steps[0] == working.steps[0]
    assert resumed.status is RunStatus.RUNNING


def test_a_yes_that_was_given_before_a_pause_still_counts_after_it() -> None:
    approved = approve_step(entered(FIX), "wei_lan")
    resumed = controlled(controlled(approved, "pause", None, AT), "resume", None, AT)
    assert enter(resumed, "x", AT).perform


def test_nothing_more_to_do_skips_the_rest() -> None:
    done = skip_rest(finish_step(entered(DECIDE, FIX, VERIFY), None, "victor", AT), Message("run.nothing_to_do"), AT)
    assert [s.state for s in done.steps] == [StepState.DONE, StepState.SKIPPED, StepState.SKIPPED]
    assert (done.status, done.ended_at) == (RunStatus.SUCCEEDED, AT)


def test_aborting_closes_every_open_step() -> None:
    over = controlled(finish_step(entered(LOOK, FIX, VERIFY), None, None, AT), "abort", None, AT + HOUR)
    assert [s.state for s in over.steps] == [StepState.DONE, StepState.CANCELLED, StepState.CANCELLED]
    assert (over.status, over.ended_at) == (RunStatus.CANCELLED, AT + HOUR)


def test_the_mode_of_a_run_can_be_changed() -> None:
    assert controlled(run(LOOK), "mode", Mode.MANUAL, AT).mode is Mode.MANUAL
    with pytest.raises(InvalidInput, match="which mode"):
        controlled(run(LOOK), "mode", None, AT)


@pytest.mark.parametrize(("action", "status"), list(product((*CONTROLS, "mode"), OVER)))
def test_nothing_moves_a_run_that_is_over(action: str, status: RunStatus) -> None:
    with pytest.raises(Conflict, match=f"the run is {status.value}"):
        controlled(replace(run(LOOK), status=status), action, Mode.MANUAL, AT)


def test_where_no_step_is_left_there_is_nothing_to_skip() -> None:
    last = controlled(run(LOOK), "skip", None, AT)
    assert (last.at, last.status) == (1, RunStatus.RUNNING)
    with pytest.raises(Conflict, match="no step is left"):
        controlled(last, "skip", None, AT)
    resumed = controlled(controlled(last, "pause", None, AT), "resume", None, AT)
    assert enter(resumed, "x", AT).run.status is RunStatus.SUCCEEDED


def test_a_paused_run_takes_an_answer_in_and_stands_still() -> None:
    paused = controlled(entered(DECIDE, VERIFY), "pause", None, AT)
    answered = held(paused, finish_step(paused, None, "victor", AT))
    assert (answered.status, answered.at, answered.why) == (RunStatus.PAUSED, 1, paused.why)
    resumed = controlled(answered, "resume", None, AT)
    assert (resumed.status, resumed.steps[1].attempts) == (RunStatus.RUNNING, 0)


def test_only_a_verify_step_that_needs_nobody_waits_for_the_data() -> None:
    assert waits_for_data(entered(VERIFY))
    assert not waits_for_data(entered(DECIDE))
    critical = replace(VERIFY, grade=Grade.CRITICAL)
    asked = entered(critical)
    assert not waits_for_data(asked)
    assert waits_for_data(enter(approve_step(asked, "wei_lan"), "x", AT).run)


def test_each_attempt_has_its_own_idempotency_key() -> None:
    first = entered(CALL)
    assert effect_key(first) == effect_key(controlled(controlled(first, "pause", None, AT), "resume", None, AT))
    assert effect_key(first) != effect_key(controlled(fail_step(first, "no", AT), "retry", None, AT))


def test_an_unknown_control_is_refused() -> None:
    with pytest.raises(InvalidInput, match="unknown control"):
        controlled(run(LOOK), "explode", None, AT)


def test_a_run_that_is_not_paused_is_not_resumed_and_one_that_is_not_paused_again() -> None:
    with pytest.raises(Conflict, match="not paused"):
        controlled(entered(DECIDE), "resume", None, AT)
    with pytest.raises(Conflict, match="paused already"):
        controlled(controlled(run(LOOK), "pause", None, AT), "pause", None, AT)


@settings(max_examples=300)
@given(st.lists(st.sampled_from([*CONTROLS, "enter", "finish", "approve", "reject", "fail"]), max_size=25))
def test_whatever_people_press_a_run_stays_whole(pressed: list[str]) -> None:
    """No order of moves breaks a run: an illegal one is a Conflict, and the place is always a step or the end."""
    now = run(LOOK, FIX)
    for action in pressed:
        now = _after(now, action)
        assert 0 <= now.at <= len(now.steps)
        assert [s.id for s in now.steps] == ["look", "fix"]
        assert all(s.state is not StepState.PENDING for s in now.steps[: now.at])
        assert (now.ended_at is None) == (now.status in LIVE)


def _after(now: Run, action: str) -> Run:
    if action in CONTROLS:
        try:
            return controlled(now, action, None, AT)
        except Conflict:
            return now
    inside = now.at < len(now.steps)
    if action == "enter" and now.status is RunStatus.RUNNING:
        return enter(now, "victor", AT).run
    if not inside or now.status not in (RunStatus.RUNNING, RunStatus.WAITING):
        return now
    moves = {
        "finish": lambda: finish_step(now, None, None, AT),
        "approve": lambda: approve_step(now, "wei_lan"),
        "reject": lambda: reject_step(now, "wei_lan", "no", AT),
        "fail": lambda: fail_step(now, "no", AT),
    }
    return moves[action]() if action in moves else now


@pytest.mark.parametrize(
    ("names", "metric", "found"),
    [
        ({"b": ("x",), "a": ("x",), "any": ()}, "x", "a"),
        ({"b": ("x",), "any": ()}, "y", "any"),
        ({"b": ("x",)}, "y", None),
        ({}, "x", None),
    ],
)
def test_the_playbook_that_names_the_metric_comes_before_one_for_any(
    names: dict[str, tuple[str, ...]], metric: str, found: str | None
) -> None:
    books = {name: playbook(LOOK, name=name, metrics=metrics) for name, metrics in names.items()}
    chosen = playbook_for(books, metric)
    assert (chosen.name if chosen else None) == found

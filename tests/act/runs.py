"""What people and the loop do to a run, step by step, at a desk."""

from __future__ import annotations

from typing import Any

from metricloop.act import use_cases as act
from metricloop.act.model import Effect, Run, Task, TaskState
from metricloop.define.playbooks import Mode
from metricloop.define.project import Project
from tests.loop.desk import OPENED, Desk

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

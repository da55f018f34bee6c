"""Tasks and approvals: what people owe."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Literal

from fastapi import APIRouter, Path

from metricloop.access.model import Caller
from metricloop.act import use_cases as act
from metricloop.act.model import Task, TaskState
from metricloop.api.auth import Approver, Doer, Reader, Running
from metricloop.api.commands import do
from metricloop.api.ports import System
from metricloop.api.reads.incidents import OPEN_TASKS
from metricloop.api.reads.sight import IncidentSight
from metricloop.api.reads.viewpoint import look
from metricloop.api.schemas.incidents import CompleteBody, TaskPage, TaskRow
from metricloop.api.schemas.shared import ReasonBody
from metricloop.api.views import handling as views
from metricloop.api.views.words import Viewpoint
from metricloop.kernel.errors import NotFound
from metricloop.loop.ports import LoopUnit
from metricloop.triage.model import Incident

router = APIRouter(tags=["tasks"])

TaskId = Annotated[str, Path(max_length=64)]
_DONE = (TaskState.DONE, TaskState.APPROVED, TaskState.REJECTED, TaskState.CANCELLED)


@router.get("/tasks")
def tasks(
    caller: Reader, system: Running, mine: bool = False, state: Literal["open", "done"] = "open"
) -> list[TaskRow]:
    """Tasks, approvals and reviews by due time; `mine`: those the caller owes."""
    with look(system, caller) as (unit, view):
        found = unit.tasks.find(
            assignee=caller.person.id if mine else None, states=OPEN_TASKS if state == "open" else _DONE
        )
        incidents = incidents_of(unit, found, view)
        shown = [task for task in found if is_shown(task, incidents, unit, view)]
    return [views.task_row(task, incidents, view) for task in shown]


def incidents_of(unit: LoopUnit, found: Sequence[Task], view: Viewpoint) -> dict[int, Incident]:
    """The incidents these tasks belong to and the caller is shown, by number, in one query."""
    numbers = sorted({task.incident for task in found if task.incident is not None})
    incidents, _ = unit.incidents.find(numbers=numbers, limit=len(numbers)) if numbers else ((), 0)
    return {incident.number: incident for incident in IncidentSight(unit, view).of(incidents)}


def is_shown(task: Task, incidents: Mapping[int, Incident], unit: LoopUnit, view: Viewpoint) -> bool:
    """One's own always; others' where one is shown what it is about."""
    if task.assignee == view.caller.person.id or (task.incident is not None and task.incident in incidents):
        return True
    proposal = unit.proposals.get(task.proposal) if task.incident is None and task.proposal else None
    return task.incident is None and (proposal is None or IncidentSight(unit, view).proposal(proposal))


def page(system: System, caller: Caller, id: str) -> TaskPage:
    """One task as it stands now."""
    with look(system, caller) as (unit, view):
        task = unit.tasks.get(id)
        incidents = incidents_of(unit, [task], view) if task else {}
        if task is None or not is_shown(task, incidents, unit, view):
            raise NotFound(f"there is no task {id}", fix="look at the list of tasks")
        run = unit.runs.get(task.run) if task.run else None
    return views.task_page(task, run, incidents, view)


@router.get("/tasks/{id}")
def task(id: TaskId, caller: Reader, system: Running) -> TaskPage:
    """One task with its form; for an approval what will be done and how it is taken back."""
    return page(system, caller, id)


@router.post("/tasks/{id}/complete")
def complete_task(id: TaskId, body: CompleteBody, caller: Doer, system: Running) -> TaskPage:
    """Say that it is done, with the answers its form asks for."""
    page(system, caller, id)  # who may not see it, may not do it
    do(
        system,
        lambda unit, at: act.complete_task(
            unit, id, answer=body.answer, note=body.note, person=caller.person.id, at=at
        ),
    )
    return page(system, caller, id)


@router.post("/approvals/{task_id}/approve")
def approve(task_id: TaskId, body: ReasonBody, caller: Approver, system: Running) -> TaskPage:
    """Let the critical step proceed, under the caller's name."""
    return _decide(task_id, True, body, caller, system)


@router.post("/approvals/{task_id}/reject")
def reject(task_id: TaskId, body: ReasonBody, caller: Approver, system: Running) -> TaskPage:
    """Do not let it proceed; a reason is owed."""
    return _decide(task_id, False, body, caller, system)


def _decide(id: str, yes: bool, body: ReasonBody, caller: Caller, system: System) -> TaskPage:
    page(system, caller, id)
    do(
        system,
        lambda unit, at: act.decide(unit, id, approve=yes, reason=body.reason, person=caller.person.id, at=at),
    )
    return page(system, caller, id)

"""Runs of playbooks, and the hand on their wheel."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path

from metricloop.access.model import Caller
from metricloop.act import use_cases as act
from metricloop.api.auth import Controller, Reader, Running
from metricloop.api.commands import do
from metricloop.api.ports import System
from metricloop.api.reads.incidents import UNDER_WAY
from metricloop.api.reads.sight import IncidentSight
from metricloop.api.reads.viewpoint import look
from metricloop.api.schemas.incidents import RunControlBody, RunRow
from metricloop.api.views.handling import run_row
from metricloop.define.playbooks import Mode
from metricloop.kernel.errors import NotFound

router = APIRouter(prefix="/runs", tags=["runs"])

RunId = Annotated[str, Path(max_length=64)]


@router.get("")
def runs(caller: Reader, system: Running) -> list[RunRow]:
    """Runs under way, the longest waiting first, then those that ended last; at most 100 of each."""
    with look(system, caller) as (unit, view):
        sight = IncidentSight(unit, view)
        under_way = sight.runs(unit.runs.find(statuses=UNDER_WAY))
        rest = sight.runs(run for run in unit.runs.find(limit=200) if run.status not in UNDER_WAY)
    first = sorted(under_way, key=lambda run: (run.started_at, run.id))
    then = sorted(rest, key=lambda run: (run.ended_at or run.started_at, run.id), reverse=True)
    return [run_row(each, view) for each in [*first, *then[:100]]]


def page(system: System, caller: Caller, id: str) -> RunRow:
    """One run as it stands now."""
    with look(system, caller) as (unit, view):
        found = unit.runs.get(id)
        shown = IncidentSight(unit, view).runs([found]) if found else []
    if found is None or not shown:
        raise NotFound(f"there is no run {id}", fix="look at the board of runs")
    return run_row(found, view)


@router.get("/{id}")
def run(id: RunId, caller: Reader, system: Running) -> RunRow:
    """One run with its steps."""
    return page(system, caller, id)


@router.post("/{id}/control")
def control_run(id: RunId, body: RunControlBody, caller: Controller, system: Running) -> RunRow:
    """Pause, resume, skip, retry, abort, or change the mode; it holds from the next step on."""
    mode = Mode(body.mode) if body.mode else None
    page(system, caller, id)  # who may not see it, may not steer it
    do(
        system,
        lambda unit, at: act.control(
            unit, id, action=body.action, mode=mode, reason=body.reason, person=caller.person.id, at=at
        ),
    )
    return page(system, caller, id)

"""Incidents, and what a person does with one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Path, Query

from metricloop.access.model import Caller
from metricloop.api.auth import Handler, Reader, Running
from metricloop.api.commands import do
from metricloop.api.ports import System
from metricloop.api.reads import incidents as reads
from metricloop.api.reads.sight import IncidentSight, require_seen
from metricloop.api.reads.viewpoint import look
from metricloop.api.schemas.incidents import AssignBody, IncidentList, IncidentPage, NoteBody
from metricloop.api.views import incidents as views
from metricloop.assign import use_cases as assign
from metricloop.kernel.errors import InvalidInput
from metricloop.loop.ports import LoopUnit
from metricloop.triage import use_cases as triage
from metricloop.triage.model import IncidentState

router = APIRouter(prefix="/incidents", tags=["incidents"])

Number = Annotated[int, Path(ge=1, le=2**31 - 1)]
Limit = Annotated[int, Query(ge=1, le=500)]
Offset = Annotated[int, Query(ge=0, le=1_000_000)]
Words = Annotated[str | None, Query(max_length=200)]


@router.get("")
def incidents(
    caller: Reader,
    system: Running,
    state: Annotated[str, Query(max_length=200)] = "active",
    metric: Words = None,
    owner: Words = None,
    q: Words = None,
    limit: Limit = 100,
    offset: Offset = 0,
) -> IncidentList:
    """Incidents, newest first. `state`: active (not ended), all, or states with commas; `owner`: an id, or me."""
    with look(system, caller) as (unit, view):
        sight = IncidentSight(unit, view)
        found, total = reads.search(
            unit,
            view.project,
            states=_states(state),
            metric=metric,
            owner=caller.person.id if owner == "me" else owner,
            words=q or "",
            limit=limit,
            offset=offset,
            shown=sight.of if view.sight.restricted else None,
        )
        rows = sight.facts(found)
    return IncidentList(items=[views.row(facts, view) for facts in rows], total=total)


def _states(text: str) -> tuple[IncidentState, ...]:
    try:
        return reads.states_of(text)
    except ValueError as error:
        known = ", ".join(state.value for state in IncidentState)
        raise InvalidInput(f"{text!r} is not a list of states", fix=f"active, all, or of {known}") from error


def page(system: System, caller: Caller, number: int) -> IncidentPage:
    """One incident as it stands now."""
    with look(system, caller) as (unit, view):
        sight = IncidentSight(unit, view)
        sight.require(number)
        detail = sight.detail(reads.detail_of(unit, view.project, number))
    return views.page(detail, view)


def _after(
    system: System, caller: Caller, number: int, command: Callable[[LoopUnit, datetime], object]
) -> IncidentPage:
    require_seen(system, caller, number)
    do(system, command)
    return page(system, caller, number)


@router.get("/{id}")
def incident(id: Number, caller: Reader, system: Running) -> IncidentPage:
    """Everything about one incident."""
    return page(system, caller, id)


@router.post("/{id}/acknowledge")
def acknowledge_incident(id: Number, body: NoteBody, caller: Handler, system: Running) -> IncidentPage:
    """Say that somebody has seen it. Does not change its owner."""
    who = caller.person.id
    return _after(system, caller, id, lambda unit, at: triage.acknowledge(unit, id, person=who, at=at, note=body.note))


@router.post("/{id}/take")
def take_incident(id: Number, body: NoteBody, caller: Handler, system: Running) -> IncidentPage:
    """Own it from now on."""
    who = caller.person.id

    def command(unit: LoopUnit, at: datetime) -> None:
        assign.take(unit, id, person=who, at=at)
        if body.note.strip():
            triage.comment(unit, id, person=who, at=at, note=body.note)

    return _after(system, caller, id, command)


@router.post("/{id}/assign")
def assign_incident(id: Number, body: AssignBody, caller: Handler, system: Running) -> IncidentPage:
    """Hand it to somebody else. Neither acknowledges it nor resets its targets."""
    who = caller.person.id
    return _after(
        system,
        caller,
        id,
        lambda unit, at: assign.reassign(unit, id, to=body.person, person=who, at=at, note=body.note),
    )


@router.post("/{id}/resolve")
def resolve_incident(id: Number, body: NoteBody, caller: Handler, system: Running) -> IncidentPage:
    """Say that it is mended; the data decide whether it is."""
    who = caller.person.id
    return _after(system, caller, id, lambda unit, at: triage.resolve(unit, id, person=who, at=at, note=body.note))


@router.post("/{id}/reopen")
def reopen_incident(id: Number, body: NoteBody, caller: Handler, system: Running) -> IncidentPage:
    """Say that it is not over; a reason is owed."""
    who = caller.person.id
    return _after(system, caller, id, lambda unit, at: triage.reopen(unit, id, person=who, at=at, note=body.note))


@router.post("/{id}/close")
def close_incident(id: Number, body: NoteBody, caller: Handler, system: Running) -> IncidentPage:
    """End it."""
    who = caller.person.id
    return _after(system, caller, id, lambda unit, at: triage.close(unit, id, person=who, at=at, note=body.note))


@router.post("/{id}/comment")
def comment_incident(id: Number, body: NoteBody, caller: Handler, system: Running) -> IncidentPage:
    """Add a line of one's own to the timeline."""
    who = caller.person.id
    return _after(system, caller, id, lambda unit, at: triage.comment(unit, id, person=who, at=at, note=body.note))

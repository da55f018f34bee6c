"""Taking data as they are: a person's word that releases a dataset which is held."""

from __future__ import annotations

from datetime import datetime

from fastapi import APIRouter

from metricloop.api.auth import Handler, Running
from metricloop.api.commands import do
from metricloop.api.reads.sight import require_seen
from metricloop.api.routes.incidents import Number, page
from metricloop.api.schemas.incidents import IncidentPage, NoteBody
from metricloop.api.views.acceptance import may_accept
from metricloop.collect import use_cases as collect
from metricloop.kernel.errors import Conflict, NotPermitted
from metricloop.loop.ports import LoopUnit
from metricloop.triage import use_cases as triage
from metricloop.triage.model import IncidentKind, Trigger
from metricloop.triage.rules import allowed

router = APIRouter(prefix="/incidents", tags=["incidents"])


@router.post("/{id}/accept")
def accept_data(id: Number, body: NoteBody, caller: Handler, system: Running) -> IncidentPage:
    """Take the data as they are; a reason is owed. For whoever answers for the dataset, and administrators."""
    require_seen(system, caller, id)
    project = system.project()

    def command(unit: LoopUnit, at: datetime) -> None:
        incident = triage.get(unit, id)
        if incident.kind is not IncidentKind.DATA or incident.dataset is None:
            raise Conflict(f"incident {id} is not about data", fix="label it, where its metric moved as planned")
        if not may_accept(incident, caller, project):
            fix = "ask the owner of the dataset, or an administrator"
            raise NotPermitted(f"{caller.person.name} does not answer for {incident.dataset}", fix=fix)
        collect.accept_data(unit, incident.dataset, person=caller.person.id, reason=body.note, at=at)
        if Trigger.RESOLVE in allowed(incident.state):
            triage.resolve(unit, id, person=caller.person.id, at=at, note=body.note)

    do(system, command)
    return page(system, caller, id)

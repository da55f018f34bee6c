"""People's verdicts on incidents: their effect is seen before, and taken back after."""

from __future__ import annotations

from datetime import datetime

from fastapi import APIRouter

from metricloop.api.auth import Labeller, Reader, Running
from metricloop.api.commands import do
from metricloop.api.reads import incidents as reads
from metricloop.api.reads.sight import IncidentSight, require_seen
from metricloop.api.reads.viewpoint import look
from metricloop.api.routes.incidents import Number, page
from metricloop.api.schemas.incidents import IncidentPage, LabelBody, LabelPreview, VerdictWord
from metricloop.detect import use_cases as detect
from metricloop.detect.model import Verdict
from metricloop.kernel.errors import Conflict
from metricloop.loop.ports import LoopUnit
from metricloop.triage.model import Incident, IncidentKind

router = APIRouter(tags=["labels"])


@router.get("/incidents/{id}/label-preview")
def label_preview(id: Number, verdict: VerdictWord, caller: Reader, system: Running) -> LabelPreview:
    """What a label would do, before it is given."""
    with look(system, caller) as (unit, view):
        incident = IncidentSight(unit, view).require(id)
        start, end = _span(incident)
        effects = detect.label_effects(unit, Verdict(verdict), incident.metric, incident.grain, start, end)
    return LabelPreview(verdict=verdict, effects=[view.message(effect) for effect in effects])


@router.post("/incidents/{id}/labels")
def add_label(id: Number, body: LabelBody, caller: Labeller, system: Running) -> IncidentPage:
    """Label the incident's span; a second label on the same incident replaces the first."""

    def command(unit: LoopUnit, at: datetime) -> None:
        incident = reads.get(unit, id)
        if incident.kind is IncidentKind.DATA:
            raise Conflict("an incident about data takes no label", fix="accept the data as they are, with a reason")
        start, end = _span(incident)
        detect.add_label(
            unit,
            incident=id,
            metric=incident.metric,
            slice_=incident.slice,
            grain=incident.grain,
            start=start,
            end=end,
            verdict=Verdict(body.verdict),
            note=body.note,
            person=caller.person.id,
            at=at,
        )

    require_seen(system, caller, id)
    do(system, command)
    return page(system, caller, id)


@router.delete("/labels/{id}", status_code=204)
def withdraw_label(id: str, caller: Labeller, system: Running) -> None:
    """Take a label back: its effect ends, the record stays."""
    with system.open_unit(write=False) as unit:
        label = unit.labels.get(id)
    if label is not None and label.incident is not None:
        require_seen(system, caller, label.incident)
    do(system, lambda unit, at: detect.withdraw_label(unit, id, person=caller.person.id, at=at))


def _span(incident: Incident) -> tuple[datetime, datetime]:
    """The span a label on this incident covers: its anomalous buckets, so far."""
    return incident.started_at, incident.ended_at or incident.last_anomalous_at

"""The audit trail, read only."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from metricloop.api.auth import AuditReader, Running
from metricloop.api.reads.sight import IncidentSight
from metricloop.api.reads.viewpoint import look
from metricloop.api.schemas.loop import AuditRow

router = APIRouter(prefix="/audit", tags=["audit"])


@router.get("")
def audit(
    caller: AuditReader,
    system: Running,
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
    offset: Annotated[int, Query(ge=0, le=10_000_000)] = 0,
) -> list[AuditRow]:
    """Who did what when, newest first; without the words about incidents that the caller is not shown."""
    with look(system, caller) as (unit, view):
        lines = IncidentSight(unit, view).lines(unit.audit.newest(offset, limit))
    return [
        AuditRow(
            sequence=line.sequence,
            at=line.at,
            actor=line.actor,
            action=line.action,
            subject_kind=line.subject_kind,
            subject_id=line.subject_id,
            before=line.before,
            after=line.after,
            hash=line.hash,
        )
        for line in lines
    ]

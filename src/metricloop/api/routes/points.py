"""Records and points sent by other systems, and messages that could not be understood."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, HTTPException, Path, Query, Response

from metricloop.access.rules import require_source
from metricloop.api.auth import Pusher, Reader, Running
from metricloop.api.schemas.points import (
    MOST_ITEMS,
    PointsAnswer,
    PointsBody,
    RefusedItem,
    SetAsideAnswer,
    SetAsideRow,
)
from metricloop.define.project import Project
from metricloop.kernel.errors import InvalidProject, Issue, NotFound

router = APIRouter(tags=["points"])

Name = Annotated[str, Path(max_length=200)]


@router.post("/points")
def push(body: PointsBody, caller: Pusher, system: Running, answer: Response) -> PointsAnswer:
    """Keep a batch; sending it again changes nothing. 200: all is kept. 207: a part is, and `refused` says which items
    are not and why. 422: nothing is. 413: too many items for one request.
    """
    require_source(caller, body.source)
    if len(body.items) > MOST_ITEMS:
        raise HTTPException(413, f"{len(body.items)} items are more than {MOST_ITEMS}")
    project = system.project()
    _known(project, body.source)
    pushed = system.pushes.push(project.sources[body.source], body.table, body.items)
    if not pushed.accepted:
        fix = "correct the items, or the columns of the table"
        raise InvalidProject([Issue(f"items.{place}", reason, fix) for place, reason in pushed.refused[:20]])
    if pushed.refused:
        answer.status_code = 207
    refused = [RefusedItem(index=place, reason=reason) for place, reason in pushed.refused]
    return PointsAnswer(accepted=pushed.accepted, refused=refused)


@router.get("/sources/{name}/set-aside")
def set_aside(
    name: Name, caller: Reader, system: Running, limit: Annotated[int, Query(ge=1, le=500)] = 100
) -> SetAsideAnswer:
    """Messages of a source that could not be understood, the newest first. None is ever dropped."""
    _known(system.project(), name)
    with system.open_unit(write=False) as unit:
        total, found = unit.landed.count_asides(name), unit.landed.asides(name, limit)
    rows = [
        SetAsideRow(id=one.id, table=one.table, received_at=one.received_at, reason=one.reason, body=one.body)
        for one in found
    ]
    return SetAsideAnswer(total=total, messages=rows)


def _known(project: Project, name: str) -> None:
    if name not in project.sources:
        known = ", ".join(sorted(project.sources)) or "none"
        raise NotFound(f"there is no source {name!r}", fix=f"known: {known}")

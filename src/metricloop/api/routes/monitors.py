"""Monitors: what is watched, by which rule, since which version."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path

from metricloop.api.auth import Reader, Running
from metricloop.api.reads.monitors import monitor_rows
from metricloop.api.reads.sight import IncidentSight
from metricloop.api.reads.viewpoint import look
from metricloop.api.schemas.metrics import MonitorPage, MonitorRow
from metricloop.api.views.metrics import monitor_page
from metricloop.define.model import Kind

router = APIRouter(prefix="/monitors", tags=["monitors"])


@router.get("")
def monitors(caller: Reader, system: Running) -> list[MonitorRow]:
    """All monitors, by name."""
    with look(system, caller) as (unit, view):
        return monitor_rows(unit, view, list(view.project.monitors.values()))


@router.get("/{name}")
def monitor(name: Annotated[str, Path(max_length=200)], caller: Reader, system: Running) -> MonitorPage:
    """One monitor with its versions and the proposals to change it."""
    with look(system, caller) as (unit, view):
        [row] = monitor_rows(unit, view, [view.project.monitor(name)])
        versions = unit.definitions.history(Kind.MONITOR, name)
        sight = IncidentSight(unit, view)
        proposals = [each for each in unit.proposals.find(monitor=name) if sight.proposal(each)]
        return monitor_page(row, versions, proposals, view)

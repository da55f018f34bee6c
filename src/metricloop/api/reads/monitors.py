"""Monitors with what they have raised."""

from __future__ import annotations

from collections.abc import Sequence

from metricloop.api.reads.sight import IncidentSight
from metricloop.api.schemas.metrics import MonitorRow
from metricloop.api.views.metrics import monitor_row
from metricloop.api.views.words import Viewpoint
from metricloop.define.model import Kind
from metricloop.define.monitors import Monitor
from metricloop.loop.ports import LoopUnit

_MOST = 5000


def monitor_rows(unit: LoopUnit, view: Viewpoint, monitors: Sequence[Monitor]) -> list[MonitorRow]:
    """By name. Incidents beyond the newest 5,000, and those that the caller is not shown, are not counted."""
    found, _ = unit.incidents.find(limit=_MOST)
    incidents = IncidentSight(unit, view).of(found)
    return [
        monitor_row(each, view.project.version(Kind.MONITOR, each.name), incidents)
        for each in sorted(monitors, key=lambda monitor: monitor.name)
    ]

"""Monitors with what they have raised."""

from __future__ import annotations

from collections.abc import Sequence

from metricloop.api.schemas.metrics import MonitorRow
from metricloop.api.views.metrics import monitor_row
from metricloop.define.model import Kind
from metricloop.define.monitors import Monitor
from metricloop.define.project import Project
from metricloop.loop.ports import LoopUnit

_MOST = 5000


def monitor_rows(unit: LoopUnit, project: Project, monitors: Sequence[Monitor]) -> list[MonitorRow]:
    """By name. Incidents beyond the newest 5,000 are not counted."""
    incidents, _ = unit.incidents.find(limit=_MOST)
    return [
        monitor_row(each, project.version(Kind.MONITOR, each.name), incidents)
        for each in sorted(monitors, key=lambda monitor: monitor.name)
    ]

"""What the store knows beside the definitions, for telling what a change of them means. Reads only."""

from __future__ import annotations

from metricloop.define.impact import OpenIncident, Standing
from metricloop.define.project import Project
from metricloop.loop.ports import LoopUnit


def standing_of(unit: LoopUnit, project: Project) -> Standing:
    """Where the stored history of each metric begins, and the incidents that are not over."""
    spans = {name: unit.points.span(name) for name in project.metrics}
    return Standing(
        {name: span[0] for name, span in spans.items() if span is not None},
        [OpenIncident(each.number, each.metrics, each.monitor) for each in unit.incidents.live()],
    )

"""A metric that is reckoned otherwise from now on: its whole history is read again, by the new definition.

Points of two formulas never stand side by side as the newest: every stored hour gets a new reading, or none does. The
old readings stay beside the new ones, for whoever asks what was known then.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from metricloop.collect.kept import Kept, kept_of
from metricloop.collect.ports import CollectUnit, SourceReader
from metricloop.collect.restate import read_cubes
from metricloop.collect.rules import Cube, Window, panel_of, without_lead
from metricloop.define.dataset import Dataset
from metricloop.define.model import Metric, Source
from metricloop.define.project import Project


@dataclass(frozen=True, slots=True)
class ToReadAgain:
    """The history of a metric whose hours are kept. fresh: it has none yet, its dataset has."""

    dataset: Dataset
    source: Source
    metric: Metric
    window: Window
    fresh: bool


def look_to_read_again(unit: CollectUnit, project: Project, metric: Metric) -> ToReadAgain | None:
    """What there is to read: as far back as anything of its dataset is stored. None where nothing is, or is kept."""
    if kept_of(project, metric) is not Kept.HOURS:
        return None
    dataset = project.dataset_of(metric)
    state = unit.collections.get(dataset.name)
    kin = [m.name for m in project.metrics.values() if m.dataset == dataset.name and kept_of(project, m) is Kept.HOURS]
    spans = [span for name in kin if (span := unit.points.span(name)) is not None]
    if state is None or state.until is None or not spans:
        return None
    start = min(span[0] for span in spans)
    if start >= state.until:
        return None
    fresh = unit.points.span(metric.name) is None
    return ToReadAgain(dataset, project.sources[dataset.source], metric, Window(start, state.until), fresh)


def read_again(reader: SourceReader, asked: ToReadAgain) -> list[Cube]:
    """Asks the source; keep it out of a transaction. Raises SourceFailed and InvalidInput."""
    cubes = read_cubes(reader, asked.dataset, asked.source, [asked.metric], asked.window)
    return without_lead(cubes) if asked.fresh else cubes


def keep_read_again(unit: CollectUnit, asked: ToReadAgain, cubes: Sequence[Cube], *, by: str, at: datetime) -> int:
    """Put the new readings beside the old ones, on the record; gives how many hours. What detectors learnt is stale."""
    hours = 0
    for cube in cubes:
        unit.points.put(asked.metric.name, panel_of(cube, asked.metric, at))
        hours += len(cube.hours)
    note_restated(unit, asked.dataset.name)
    unit.audit.record(
        at=at, actor="system", action="points.redefine", subject_kind="metric", subject_id=asked.metric.name,
        before=f"{asked.window.start.isoformat()}..{asked.window.end.isoformat()}", after=f"{hours} hours, {by}",
    )  # fmt: skip
    return hours


def note_restated(unit: CollectUnit, dataset: str) -> None:
    """Detectors see by the count that what they have in memory was learnt from other numbers."""
    unit.collections.hold(dataset)
    state = unit.collections.get(dataset)
    if state is not None:
        unit.collections.put(replace(state, restated=state.restated + 1))

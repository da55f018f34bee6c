"""History read again: what differs from the stored points is put beside them, and told.

The old readings stay, so that the past can be seen as it was known then.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from metricloop.collect.model import Cause, Reading, Restatement
from metricloop.collect.ports import CollectUnit, SourceReader
from metricloop.collect.rules import Cube, Window, begun_earlier, chunks, differing, panel_of, roll_up, with_begun
from metricloop.define.dataset import Dataset
from metricloop.define.model import Metric, Source
from metricloop.kernel.events import Event
from metricloop.kernel.grain import HOUR
from metricloop.kernel.message import Param
from metricloop.kernel.slices import Slice


def measures_of(metrics: Sequence[Metric]) -> tuple[str, ...]:
    """Every measure that the metrics need, each once, in order."""
    names = [name for metric in metrics for name in (metric.numerator, metric.denominator) if name]
    return tuple(dict.fromkeys(names))


def read_cubes(
    reader: SourceReader,
    dataset: Dataset,
    source: Source,
    metrics: Sequence[Metric],
    window: Window,
    known: Sequence[Slice] = (),
    since: datetime | None = None,
) -> list[Cube]:
    """The total and every value of every dimension, in chunks of time, oldest first; writes nothing.

    One reading per dimension: a set of all combinations may explode where single dimensions do not. The slices `known`
    are there since `since` (None: before the window).
    """
    measures = measures_of(metrics)
    if not measures:
        return []
    groupings: list[tuple[str, ...]] = [(), *((name,) for name in dataset.dimensions)]
    cubes: list[Cube] = []
    axis, begun = tuple(known), since
    for part in chunks(window):
        readings = {by: reader.read(Reading(source, dataset, measures, by, part.start, part.end)) for by in groupings}
        cube = roll_up(part, measures, readings, axis, begun)
        axis = cube.slices
        begun = since if since is None or since > part.end else None
        cubes.append(cube)
    return cubes


def restate(
    unit: CollectUnit,
    dataset: Dataset,
    metrics: Sequence[Metric],
    cubes: Sequence[Cube],
    cause: Cause,
    now: datetime,
) -> int:
    """Keep what the cubes say otherwise than the stored points, and tell `points.restated`. Gives how many hours."""
    hours: set[datetime] = set()
    touched: list[str] = []
    for metric in metrics:
        changed = {start for cube in cubes if cube.hours for start in _restate_one(unit, metric, cube, now)}
        touched += [metric.name] if changed else []
        hours |= changed
    if hours:
        _tell(unit, dataset, tuple(touched), hours, cause, now)
    return len(hours)


def _restate_one(unit: CollectUnit, metric: Metric, cube: Cube, now: datetime) -> tuple[datetime, ...]:
    fresh = panel_of(cube, metric, now)
    stored = unit.points.read(metric.name, cube.hours[0], cube.hours[-1] + HOUR, cube.slices)
    found = differing(stored, fresh, ratio=metric.is_ratio)
    if not found.starts:
        return ()
    unit.points.put(metric.name, found)
    begun = {} if metric.is_ratio else begun_earlier(stored, found)
    span = unit.points.span(metric.name) if begun else None
    if span is not None:  # what begins here was there in every later hour, too, and had nothing to count
        later = unit.points.read(metric.name, min(begun.values()), span[1])
        unit.points.put(metric.name, with_begun(later, begun, now))
    return found.starts


def _tell(
    unit: CollectUnit, dataset: Dataset, metrics: tuple[str, ...], hours: set[datetime], cause: Cause, now: datetime
) -> None:
    start, end = min(hours), max(hours) + HOUR
    unit.collections.put_restatement(Restatement(dataset.name, now, cause, start, end, len(hours), metrics))
    span = f"{start.isoformat()}..{end.isoformat()}"
    unit.audit.record(
        at=now, actor="system", action="points.restate", subject_kind="dataset", subject_id=dataset.name,
        before=span, after=f"{len(hours)} hours of {', '.join(metrics)} ({cause.value})",
    )  # fmt: skip
    data: dict[str, Param] = {
        "dataset": dataset.name,
        "from": start.isoformat(),
        "to": end.isoformat(),
        "buckets": len(hours),
        "cause": cause.value,
        "metrics": list(metrics),
    }
    key = f"points.restated:{dataset.name}:{cause.value}:{now.isoformat()}"
    unit.events.tell(Event(key, "points.restated", dataset.name, now, data))

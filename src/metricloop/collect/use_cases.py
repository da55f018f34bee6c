"""Collect what has closed; read leaves for attribution; check a dataset against its source."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from metricloop.collect.checks import dataset_issues
from metricloop.collect.model import Collection, Reading, Row
from metricloop.collect.ports import CollectUnit, SourceReader
from metricloop.collect.rules import Cube, Window, chunks, closed_until, panel_of, roll_up, window_due, without_lead
from metricloop.define.dataset import Dataset
from metricloop.define.model import Metric, Source
from metricloop.kernel.errors import InvalidInput, Issue, SourceFailed
from metricloop.kernel.events import Event
from metricloop.kernel.message import Message
from metricloop.kernel.slices import Slice


@dataclass(frozen=True, slots=True)
class Due:
    """What there is to read now, and the watermark and axis that it was decided on."""

    dataset: Dataset
    source: Source
    metrics: tuple[Metric, ...]
    now: datetime
    window: Window
    state: Collection
    known: tuple[Slice, ...]


@dataclass(frozen=True, slots=True)
class Fetched:
    """What the source gave for `due`, or why it gave nothing."""

    due: Due
    cubes: tuple[Cube, ...] = ()
    failure: Message | None = None


@dataclass(frozen=True, slots=True)
class Collected:
    """What one call did. window: what was due (None: nothing had closed). failure: why none of it could be read."""

    dataset: str
    window: Window | None = None
    failure: Message | None = None


def collect_due(
    unit: CollectUnit,
    reader: SourceReader,
    dataset: Dataset,
    source: Source,
    metrics: Sequence[Metric],
    now: datetime,
    since: datetime | None = None,
) -> Collected:
    """`look_for_due`, `fetch` and `keep` in one unit of work: for a store that nobody else waits for.

    A live server calls the three itself, so that a slow source holds no transaction open.
    """
    due = look_for_due(unit, dataset, source, metrics, now, since)
    return keep(unit, fetch(reader, due)) if due else Collected(dataset.name)


def look_for_due(
    unit: CollectUnit,
    dataset: Dataset,
    source: Source,
    metrics: Sequence[Metric],
    now: datetime,
    since: datetime | None = None,
) -> Due | None:
    """The hours that closed since the watermark; None when there are none. Writes nothing.

    `metrics`: those of this dataset; others are ignored. `since`: where to begin when nothing was collected yet.
    """
    state = unit.collections.get(dataset.name) or Collection(dataset.name, None)
    window = window_due(state.until, closed_until(now, dataset.lateness), since)
    wanted = tuple(metric for metric in metrics if metric.dataset == dataset.name)
    if window is None or not wanted:
        return None
    return Due(dataset, source, wanted, now, window, state, unit.points.axis(wanted[0].name))


def fetch(reader: SourceReader, due: Due) -> Fetched:
    """Read the whole window. A source that fails is not raised: the failure is in the result. Needs no unit of work."""
    try:
        cubes = read_cubes(reader, due.dataset, due.source, due.metrics, due.window, due.known)
    except (SourceFailed, InvalidInput) as error:
        return Fetched(due, failure=_failure(due.source, error))
    return Fetched(due, tuple(cubes if due.state.until else without_lead(cubes)))


def keep(unit: CollectUnit, fetched: Fetched) -> Collected:
    """Keep the points, move the watermark, tell `points.collected`: the whole window, or nothing of it.

    A failure is kept in the collection, `source.failed` is told once per outage, and the same hours stay due. What was
    fetched is dropped when somebody else has collected meanwhile.
    """
    due = fetched.due
    state = unit.collections.get(due.dataset.name) or Collection(due.dataset.name, None)
    if state.until != due.state.until:
        return Collected(due.dataset.name)
    if fetched.failure is not None:
        _keep_failure(unit, state, due.source, fetched.failure, due.now)
        return Collected(due.dataset.name, due.window, fetched.failure)
    for cube in fetched.cubes:
        for metric in due.metrics:
            unit.points.put(metric.name, panel_of(cube, metric, due.now))
    _keep_success(unit, state, due.source, due.window, due.now)
    return Collected(due.dataset.name, due.window)


def read_cubes(
    reader: SourceReader,
    dataset: Dataset,
    source: Source,
    metrics: Sequence[Metric],
    window: Window,
    known: Sequence[Slice] = (),
) -> list[Cube]:
    """The total and every value of every dimension, in chunks of time, oldest first; writes nothing.

    One reading per dimension: a set of all combinations may explode where single dimensions do not.
    """
    measures = measures_of(metrics)
    groupings: list[tuple[str, ...]] = [(), *((name,) for name in dataset.dimensions)]
    cubes: list[Cube] = []
    axis = tuple(known)
    for part in chunks(window):
        readings = {by: reader.read(Reading(source, dataset, measures, by, part.start, part.end)) for by in groupings}
        cube = roll_up(part, measures, readings, axis)
        axis = cube.slices
        cubes.append(cube)
    return cubes


def measures_of(metrics: Sequence[Metric]) -> tuple[str, ...]:
    """Every measure that the metrics need, each once, in order."""
    names = [name for metric in metrics for name in (metric.numerator, metric.denominator) if name]
    return tuple(dict.fromkeys(names))


def read_leaves(
    reader: SourceReader,
    dataset: Dataset,
    source: Source,
    measures: Sequence[str],
    start: datetime,
    end: datetime,
    dimensions: Sequence[str] | None = None,
) -> Sequence[Row]:
    """Hourly rows of [start, end) by all dimensions at once (or by `dimensions`), which attribution searches.

    `Row.values` are in the order of the dimensions. Combinations without rows are absent. The caller keeps `end` at
    or before the watermark, so that nothing is seen that was not known. Raises SourceFailed, also on too many rows.
    """
    by = tuple(dataset.dimensions if dimensions is None else dimensions)
    return reader.read(Reading(source, dataset, tuple(measures), by, start, end))


def check_dataset(reader: SourceReader, source: Source, dataset: Dataset) -> list[Issue]:
    """Everything about the dataset that its source contradicts; a source that does not answer is one issue."""
    try:
        checked = reader.check(source, dataset)
    except SourceFailed as error:
        return [Issue(error.where or f"source {source.name}", error.problem, error.fix or "check the source")]
    return dataset_issues(dataset, checked.columns)


def _failure(source: Source, error: SourceFailed | InvalidInput) -> Message:
    retryable = isinstance(error, SourceFailed) and error.retryable
    params: Mapping[str, str | bool] = {
        "source": source.name,
        "where": error.where,
        "problem": error.problem,
        "fix": error.fix,
        "retryable": retryable,
    }
    return Message("source.failed", dict(params))


def _keep_failure(unit: CollectUnit, state: Collection, source: Source, failure: Message, now: datetime) -> None:
    since = state.failed_since or now
    unit.collections.put(replace(state, last_run_at=now, failed_since=since, failure=failure))
    if state.failed_since is None:
        key = f"source.failed:{state.dataset}:{since.isoformat()}"
        data = {"dataset": state.dataset, **failure.params}
        unit.events.tell(Event(key, "source.failed", source.name, now, data))


def _keep_success(unit: CollectUnit, state: Collection, source: Source, window: Window, now: datetime) -> None:
    unit.collections.put(Collection(state.dataset, window.end, last_run_at=now))
    span = {"dataset": state.dataset, "from": window.start.isoformat(), "to": window.end.isoformat()}
    if state.failed_since is not None:
        key = f"source.recovered:{state.dataset}:{state.failed_since.isoformat()}"
        data = {"dataset": state.dataset, "failed_since": state.failed_since.isoformat()}
        unit.events.tell(Event(key, "source.recovered", source.name, now, data))
    key = f"points.collected:{state.dataset}:{span['from']}:{span['to']}"
    unit.events.tell(Event(key, "points.collected", state.dataset, now, dict(span)))

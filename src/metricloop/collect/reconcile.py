"""Every night all recent history is compared with the source: late rows, updates and deleted rows, however old.

One question gives a checksum of every hour. Where it is not the one that was kept with the points, the hour is read
again. The checksum is taken before the points: what changes in between is found the next night.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from metricloop.collect.arrival import buckets_of, whole_buckets
from metricloop.collect.model import Cause, Collection, Reading, Tally
from metricloop.collect.ports import CollectUnit, Examiner, SourceReader
from metricloop.collect.progress import failure_of
from metricloop.collect.restate import measures_of, read_cubes, restate
from metricloop.collect.rules import Cube, Window, chunks, hours_of
from metricloop.define.dataset import Dataset
from metricloop.define.model import Metric, Source
from metricloop.kernel.errors import InvalidInput, SourceFailed
from metricloop.kernel.events import Event
from metricloop.kernel.grain import floor
from metricloop.kernel.ids import derived_id
from metricloop.kernel.message import Message
from metricloop.kernel.slices import Slice

DAYS = 35  # how far back every night; `metricloop reconcile --days` goes further
_KEPT = timedelta(days=400)  # tallies older than that are of no use


@dataclass(frozen=True, slots=True)
class ToCompare:
    """History to compare, and what is known of it."""

    dataset: Dataset
    source: Source
    metrics: tuple[Metric, ...]
    now: datetime
    window: Window
    known: tuple[Slice, ...]
    tallies: Mapping[datetime, Tally]
    apart: bool = False


@dataclass(frozen=True, slots=True)
class Compared:
    """What the source says of it. counted: rows and checksum of each of the dataset's buckets; None: it has no
    checksums, and everything was read again. suspects: the buckets whose checksum is another one than was
    kept; cubes: their numbers."""

    asked: ToCompare
    counted: Mapping[datetime, tuple[int, str]] | None = None
    suspects: tuple[Window, ...] = ()
    cubes: tuple[Cube, ...] = ()
    failure: SourceFailed | InvalidInput | None = None


@dataclass(frozen=True, slots=True)
class Reconciled:
    """buckets: how many were compared. again: how many hours were read again. changed: how many of them had changed."""

    dataset: str
    window: Window
    buckets: int
    again: int
    changed: int


def look_to_compare(
    unit: CollectUnit,
    dataset: Dataset,
    source: Source,
    metrics: Sequence[Metric],
    now: datetime,
    days: int = DAYS,
    apart: bool = False,
) -> ToCompare | None:
    """The stored history of the last `days`, in whole buckets; None where there is none. Writes nothing.

    apart: whether other metrics are kept by buckets of their own; then what has another checksum is told of, too.
    """
    state = unit.collections.get(dataset.name)
    wanted = tuple(metric for metric in metrics if metric.dataset == dataset.name)
    if state is None or state.until is None or not (wanted or apart):
        return None
    span = unit.points.span(wanted[0].name) if wanted else None
    first = state.until - timedelta(days=days)
    first = max(first, span[0]) if span else first
    start = floor(first, dataset.grain, dataset.timezone, dataset.week_start)
    if start >= state.until:
        return None
    window = Window(start, state.until)
    known = unit.points.axis(wanted[0].name) if wanted else ()
    tallies = unit.collections.tallies(dataset.name, start, state.until)
    return ToCompare(dataset, source, wanted, now, window, known, tallies, apart)


def compare(reader: SourceReader, asked: ToCompare, examiner: Examiner | None) -> Compared:
    """Ask for checksums, and read again what has another one. Needs no unit of work; a failure is in the result."""
    try:
        counted = _checksums(examiner, asked) if examiner is not None else None
        suspects = [asked.window] if counted is None else whole_buckets(_suspects(asked, counted), asked.dataset)
        cubes = [
            cube
            for window in suspects
            for cube in read_cubes(
                reader, asked.dataset, asked.source, asked.metrics, window, asked.known, since=window.end
            )
        ]
    except (SourceFailed, InvalidInput) as error:
        return Compared(asked, failure=error)
    return Compared(asked, counted, tuple(suspects), tuple(cubes))


def _checksums(examiner: Examiner, asked: ToCompare) -> dict[datetime, tuple[int, str]] | None:
    """Rows and checksum of every bucket of the dataset's grain; a bucket without rows has both, too."""
    measures = measures_of(asked.metrics)
    hours: dict[datetime, tuple[int, str]] = {}
    for part in chunks(asked.window):
        found = examiner.digest(Reading(asked.source, asked.dataset, measures, (), part.start, part.end))
        if found is None:
            return None
        hours |= {one.bucket: (one.rows, one.digest) for one in found}
    return {
        bucket.start: _together([hours[at] for at in hours_of(bucket) if at in hours], measures)
        for bucket in buckets_of(asked.window, asked.dataset)
    }


def _together(hours: Sequence[tuple[int, str]], measures: tuple[str, ...]) -> tuple[int, str]:
    """measures: another choice of them is another checksum, so that a new metric's history is compared, too."""
    return sum(rows for rows, _ in hours), derived_id("bucket", *measures, *(digest for _, digest in hours))


def _suspects(asked: ToCompare, counted: Mapping[datetime, tuple[int, str]]) -> list[datetime]:
    kept = {start: tally.digest for start, tally in asked.tallies.items()}
    return [start for start, (_, digest) in counted.items() if kept.get(start) != digest]


def keep_compared(unit: CollectUnit, compared: Compared) -> Reconciled:
    """Put right what had changed, keep the checksums, tell `points.restated`, `points.suspected` (of metrics that are
    kept apart, whose numbers were not compared) and `dataset.reconciled`.

    A failure stays in the collection until a comparison succeeds, is told as `reconcile.failed`, and tried again the
    next night. Points that somebody has read meanwhile stand.
    """
    asked, now = compared.asked, compared.asked.now
    name = asked.dataset.name
    unit.collections.hold(name)  # two workers that compare at the same time would both put right the same
    state = unit.collections.get(name) or Collection(name, None)
    if compared.failure is not None:
        failure = Message("reconcile.failed", failure_of(asked.source, compared.failure).params)
        unit.collections.put(replace(state, reconcile_failed_at=now, reconcile_failure=failure))
        key = f"reconcile.failed:{name}:{now.isoformat()}"
        unit.events.tell(Event(key, "reconcile.failed", name, now, {"dataset": name, **failure.params}))
        return Reconciled(name, asked.window, 0, 0, 0)
    changed = restate(unit, asked.dataset, asked.metrics, compared.cubes, Cause.RECONCILE, now)
    if compared.counted is not None:
        unit.collections.put_tallies([_tally(asked, start, *found) for start, found in compared.counted.items()])
    unit.collections.forget_tallies(name, now - _KEPT)
    unit.collections.put(_compared(state, now, state.restated + (changed > 0)))
    if asked.apart and compared.suspects:
        span = {"from": compared.suspects[0].start.isoformat(), "to": compared.suspects[-1].end.isoformat()}
        key = f"points.suspected:{name}:{now.isoformat()}"
        unit.events.tell(Event(key, "points.suspected", name, now, {"dataset": name, **span}))
    again = sum(len(hours_of(window)) for window in compared.suspects)
    buckets = len(buckets_of(asked.window, asked.dataset))
    key = f"dataset.reconciled:{name}:{now.isoformat()}"
    told = {"buckets": buckets, "again": again, "changed": changed}
    unit.events.tell(Event(key, "dataset.reconciled", name, now, dict(told)))
    return Reconciled(name, asked.window, buckets, again, changed)


def put_off(unit: CollectUnit, dataset: str, now: datetime) -> None:
    """There is nothing to compare yet: look again the next night."""
    unit.collections.hold(dataset)
    state = unit.collections.get(dataset) or Collection(dataset, None)
    unit.collections.put(_compared(state, now, state.restated))


def _compared(state: Collection, now: datetime, restated: int) -> Collection:
    return replace(state, reconciled_at=now, restated=restated, reconcile_failed_at=None, reconcile_failure=None)


def _tally(asked: ToCompare, start: datetime, rows: int, digest: str) -> Tally:
    old = asked.tallies.get(start)
    if old is None:
        return Tally(asked.dataset.name, start, rows, asked.now, rows, asked.now, digest=digest)
    return replace(old, rows=rows, read_at=asked.now, digest=digest)

"""Looking at the rows before their numbers are taken: what the source shows, and what that means for each bucket."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cache

from metricloop.collect.arrival import buckets_of, kin, longest_gap, usual_share
from metricloop.collect.model import Collection, Reading, Tally
from metricloop.collect.ports import Collections, Examiner, SourceReader
from metricloop.collect.quality import (
    LEAST_FRESHNESS,
    Finding,
    Held,
    arriving,
    drifts,
    emptied,
    first_block,
    silence,
    staleness,
    surges,
    suspicious,
)
from metricloop.collect.rules import Window, chunks
from metricloop.define.dataset import Dataset
from metricloop.define.model import Source
from metricloop.define.sql_expressions import check_expression, check_predicate
from metricloop.kernel.errors import InvalidInput, SourceFailed

_RECENT = timedelta(days=14)  # the past that NULLs and repeated keys are compared with
_HABITS = timedelta(weeks=8)  # the past that says how long rows may stay away, and when they come
_LOOKED_BACK = 48  # buckets since the newest row, of which the missing rows are counted


@dataclass(frozen=True, slots=True)
class Examined:
    """What a source showed. buckets: of the whole window, oldest first; none where it cannot be told. newest: the
    newest row's time, where there was a reason to ask. columns: those in use, with their types."""

    buckets: tuple[Held, ...] = ()
    newest: datetime | None = None
    columns: Mapping[str, str] | None = None


# The same few texts are asked about at every run.
_in_value, _in_condition = cache(check_expression), cache(check_predicate)

NOTHING = Examined()


@dataclass(frozen=True, slots=True)
class Verdict:
    """What may be taken: the buckets before `ready`. held: what keeps the others back."""

    ready: datetime
    held: Finding | None = None
    notes: tuple[Finding, ...] = ()
    columns: Mapping[str, str] = field(default_factory=dict)


def examine(
    reader: SourceReader,
    examiner: Examiner,
    dataset: Dataset,
    source: Source,
    measures: tuple[str, ...],
    window: Window,
    state: Collection,
    now: datetime,
    usual_rows: int,
) -> Examined:
    """Ask the source. usual_rows: what the last bucket held a week before, 0 where that is not known: much less of them
    is a reason to ask for the newest row. Raises SourceFailed."""
    columns = used_columns(dataset, reader.check(source, dataset).columns) if dataset.quality.drift else None
    buckets = counted(examiner, dataset, source, measures, window)
    if buckets is None:
        return Examined(columns=columns)
    busy = [bucket.end for bucket in buckets if bucket.rows]
    last = busy[-1] if busy else state.newest_at
    allowed = min(dataset.quality.freshness or LEAST_FRESHNESS, LEAST_FRESHNESS)
    quiet = last is None or now - last > allowed or buckets[-1].rows * 2 < usual_rows
    if state.until is None or not quiet:
        return Examined(buckets, None, columns)
    return Examined(buckets, examiner.newest(source, dataset, now) or state.newest_at, columns)


def counted(
    examiner: Examiner, dataset: Dataset, source: Source, measures: tuple[str, ...], window: Window
) -> tuple[Held, ...] | None:
    """Rows, NULLs and repeated keys of each bucket of the dataset's own grain; None: the source cannot tell."""
    found = [Held(bucket.start, bucket.end, 0) for bucket in buckets_of(window, dataset)]
    place = 0
    for part in chunks(window):
        profiles = examiner.profile(Reading(source, dataset, measures, (), part.start, part.end))
        if profiles is None:
            return None
        for hour in profiles:
            while found[place].end <= hour.bucket:
                place += 1
            held = found[place]
            nulls = {name: held.nulls.get(name, 0) + count for name, count in hour.nulls.items()}
            rows, duplicates = held.rows + hour.rows, held.duplicates + hour.duplicates
            found[place] = replace(held, rows=rows, nulls=nulls, duplicates=duplicates)
    return tuple(found)


def used_columns(dataset: Dataset, columns: Mapping[str, str]) -> dict[str, str]:
    """The columns of its table that a dataset stands on, with their types; those of joined tables are not looked at."""
    names = {dataset.time_column, dataset.updated_column, *dataset.key}
    names |= {fact for join in dataset.joins for fact, _ in join.on}
    for dimension in map(dataset.dimension, dataset.dimensions):
        if dimension is not None and dimension.join is None:
            names |= _in_value(dimension.expr) if dimension.expr else {dimension.column}
    for measure in dataset.measures:
        names |= set() if measure.expr.strip() in ("1", "*") else _in_value(measure.expr)
        names |= _in_condition(measure.filter) if measure.filter else set()
    return {name: kind for name, kind in columns.items() if name in names}


def columns_after_failure(reader: SourceReader, source: Source, dataset: Dataset) -> Mapping[str, str] | None:
    """The columns in use that are still there, after a reading has failed; None: the source does not say."""
    try:
        return used_columns(dataset, reader.check(source, dataset).columns)
    except (SourceFailed, InvalidInput):
        return None


def judge(
    collections: Collections, dataset: Dataset, state: Collection, window: Window, seen: Examined, now: datetime
) -> Verdict:
    """What of the window may be taken. A dataset's first reading is its past: nothing of it is held."""
    columns = seen.columns or state.columns
    if state.until is None:
        return Verdict(window.end, columns=columns)
    found = [] if seen.columns is None else drifts(dataset, state.columns, seen.columns, window.start)
    due = [bucket for bucket in seen.buckets if bucket.start >= window.start]
    if due:
        found += _unready(collections, dataset, state, due, seen.newest, now)
    held = first_block(found, state.accepted)
    ready = window.end if held is None else max(window.start, held.since)
    changed = held is not None and any(each.message.code.startswith("quality.column") for each in found)
    notes = tuple(each for each in found if each != held)
    return Verdict(ready, held, notes, state.columns if changed else columns)


def _unready(
    collections: Collections,
    dataset: Dataset,
    state: Collection,
    due: Sequence[Held],
    newest: datetime | None,
    now: datetime,
) -> list[Finding]:
    found: list[Finding | None] = []
    length = due[-1].end - due[-1].start
    past: list[Tally] = []
    if any(map(suspicious, due)):
        past = list(collections.tallies(dataset.name, due[0].start - _RECENT, due[0].start).values())
    found += [finding for bucket in due if suspicious(bucket) for finding in surges(dataset, bucket, past)]
    found += emptied(dataset, due, past)
    if newest is not None and newest < due[-1].end:
        habits = list(collections.tallies(dataset.name, due[0].start - _HABITS, due[0].start).values())
        share = usual_share(habits, now - due[-1].end, length)
        found.append(staleness(dataset, now, newest, longest_gap(habits, length), due[0].start))
        if dataset.quality.completeness:
            since = _since_newest(collections, dataset, due, newest)
            found.append(silence(dataset, since, newest, _like(collections, dataset, since), share or 1.0))
    if dataset.quality.completeness and state.restated:
        habits = list(collections.tallies(dataset.name, due[0].start - _RECENT, due[0].start).values())
        like = _like(collections, dataset, due[-_LOOKED_BACK:])
        for bucket in due[-_LOOKED_BACK:]:
            share = usual_share(habits, now - bucket.end, bucket.end - bucket.start)
            found.append(arriving(dataset, bucket, like[bucket.start], share, now))
    return [finding for finding in found if finding is not None]


def _since_newest(collections: Collections, dataset: Dataset, due: Sequence[Held], newest: datetime) -> list[Held]:
    """The buckets from the one that holds the newest row up to the last closed one: taken before, and due."""
    taken: list[Held] = []
    if newest < due[0].start:
        older = buckets_of(Window(newest, due[0].start), dataset)[-_LOOKED_BACK:]
        tallies = collections.tallies_at(dataset.name, [bucket.start for bucket in older])
        rows = {start: tally.rows for start, tally in tallies.items()}
        taken = [Held(bucket.start, bucket.end, rows.get(bucket.start, 0)) for bucket in older]
    return [*taken, *(bucket for bucket in due[-_LOOKED_BACK:] if bucket.end > newest)]


def _like(collections: Collections, dataset: Dataset, buckets: Sequence[Held]) -> dict[datetime, tuple[Tally, ...]]:
    return {
        bucket.start: tuple(collections.tallies_at(dataset.name, kin(bucket.start, dataset)).values())
        for bucket in buckets
    }


def tallies_of(dataset: str, buckets: Sequence[Held], known: Mapping[datetime, Tally], at: datetime) -> list[Tally]:
    """What these buckets hold now, with what they held when they were first read."""
    found: list[Tally] = []
    for held in buckets:
        old = known.get(held.start)
        first = (old.first_rows, old.first_at) if old else (held.rows, at)
        digest = old.digest if old else None
        nulls = dict(held.nulls)
        found.append(Tally(dataset, held.start, held.rows, at, *first, nulls, held.duplicates, digest))
    return found

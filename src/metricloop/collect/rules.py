"""Which hours are closed, what to read next, and how rows become panels: hours of slices, then local days."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np

from metricloop.collect.model import Row
from metricloop.define.model import Metric
from metricloop.kernel.errors import Bug, InvalidInput
from metricloop.kernel.grain import HOUR, Grain, after, floor
from metricloop.kernel.series import Flags, Floats, Panel
from metricloop.kernel.slices import TOTAL, Slice

CHUNK = timedelta(days=14)  # the longest window that one reading asks for
BACKFILL = timedelta(days=90)  # how far back a dataset begins when nobody says otherwise


@dataclass(frozen=True, slots=True)
class Window:
    """Whole UTC hours in [start, end)."""

    start: datetime
    end: datetime


def closed_until(now: datetime, lateness: timedelta) -> datetime:
    """End, exclusive, of the last hour whose rows are all there: an hour closes `lateness` after its end."""
    return floor(now - lateness, Grain.HOUR, ZoneInfo("UTC"))


def window_due(until: datetime | None, closed: datetime, since: datetime | None = None) -> Window | None:
    """Closed hours not yet read: from the watermark `until`, or from `since` (default: BACKFILL ago) without one.

    None when nothing has closed since.
    """
    first = until or since or closed - BACKFILL
    start = floor(first, Grain.HOUR, ZoneInfo("UTC"))
    return Window(start, closed) if start < closed else None


def chunks(window: Window, longest: timedelta = CHUNK) -> list[Window]:
    """The window in consecutive parts of at most `longest`."""
    parts: list[Window] = []
    start = window.start
    while start < window.end:
        end = min(start + longest, window.end)
        parts.append(Window(start, end))
        start = end
    return parts


def hours_of(window: Window) -> tuple[datetime, ...]:
    count = int((window.end - window.start) / HOUR)
    return tuple(window.start + i * HOUR for i in range(count))


@dataclass(frozen=True, slots=True)
class Cube:
    """Additive components: `values` is float64 [hours, slices, measures]; 0 where the source had no rows.

    begun: [hours, slices], whether the slice had been seen by then; before its first row it is not there, which is
    not a zero.
    """

    hours: tuple[datetime, ...]
    slices: tuple[Slice, ...]
    measures: tuple[str, ...]
    values: Floats
    begun: Flags


def roll_up(
    window: Window,
    measures: tuple[str, ...],
    readings: Mapping[tuple[str, ...], Sequence[Row]],
    known: Sequence[Slice] = (),
) -> Cube:
    """Rows by grouping (`()` is the total, `("carrier",)` each carrier) -> one cube over all their slices.

    Slices already `known` come first, in their order, and are zero where the source has no rows: a closed hour
    without rows is a true zero, not a gap. New ones follow, sorted, and begin with their first row: so a window that is
    read at once gives the same points as its hours read one by one. Rows of the same cell add up.
    """
    hours = hours_of(window)
    row_of = {hour: i for i, hour in enumerate(hours)}
    pairs = _pairs_of(readings)
    place = {s.pairs: i for i, s in enumerate(known)}  # by pairs, which are quicker to look up than slices
    fresh = sorted(Slice(found) for found in set(pairs.values()) - place.keys())
    place |= {s.pairs: len(known) + i for i, s in enumerate(fresh)}
    values = np.zeros((len(hours), len(place), len(measures)))
    seen = np.zeros((len(hours), len(place)), dtype=bool)
    seen[:, : len(known)] = True
    if TOTAL.pairs in place:
        seen[:, place[TOTAL.pairs]] = True  # it exists even where no row does
    for by, rows in readings.items():
        if not rows:
            continue
        cells = [_row_in(row_of, row.bucket) for row in rows], [place[pairs[by, row.values]] for row in rows]
        np.add.at(values, cells, [row.measures for row in rows])
        seen[cells] = True
    return Cube(hours, (*known, *fresh), measures, values, np.logical_or.accumulate(seen, axis=0))


def _row_in(row_of: Mapping[datetime, int], bucket: datetime) -> int:
    if bucket not in row_of:
        raise Bug(f"a row at {bucket.isoformat()} outside the window that was asked for")
    return row_of[bucket]


def _pairs_of(
    readings: Mapping[tuple[str, ...], Sequence[Row]],
) -> dict[tuple[tuple[str, ...], tuple[str, ...]], tuple[tuple[str, str], ...]]:
    """(grouping, values) -> the pairs of the slice that they are."""
    keys = {(by, row.values) for by, rows in readings.items() for row in rows}
    if () in readings:
        keys.add(((), ()))  # the total exists even where no row does
    return {(by, values): tuple(sorted(zip(by, values, strict=True))) for by, values in keys}


def without_lead(cubes: Sequence[Cube]) -> list[Cube]:
    """The cubes from the first hour in which anything happened: before it was no business, which is not a zero."""
    for i, cube in enumerate(cubes):
        busy = np.flatnonzero(cube.values.any(axis=(1, 2)))
        if busy.size:
            first = int(busy[0])
            rest = Cube(cube.hours[first:], cube.slices, cube.measures, cube.values[first:], cube.begun[first:])
            return [rest, *cubes[i + 1 :]]
    return []


def panel_of(cube: Cube, metric: Metric, collected_at: datetime) -> Panel:
    """One metric's panel: its numerator, and its denominator (for a count or sum 1, and 0 before the slice began)."""
    numerator = cube.values[:, :, cube.measures.index(metric.numerator)]
    if metric.denominator is None:
        denominator = cube.begun.astype(np.float64)
    else:
        denominator = cube.values[:, :, cube.measures.index(metric.denominator)].copy()
    return Panel(cube.slices, cube.hours, numerator.copy(), denominator, (collected_at,) * len(cube.hours))


def to_days(panel: Panel, zone: ZoneInfo, *, ratio: bool) -> Panel:
    """Hours to local days, which have 23, 24 or 25 of them; only days whose every hour is in the panel.

    numerator and, for a ratio, denominator are summed; a count or sum keeps denominator 1. A missing hour (NaN) makes
    its day missing. collected_at: the latest of the hours. Raises InvalidInput for a zone whose midnight is not on a
    UTC hour, because hourly points cannot be cut there.
    """
    days = _whole_days(panel.starts, zone)
    numerator = _sum_rows(panel.numerator, days)
    denominator = _sum_rows(panel.denominator, days) if ratio else np.ones_like(numerator)
    collected = tuple(max(panel.collected_at[first:end]) for first, end in days)
    return Panel(panel.slices, tuple(panel.starts[first] for first, _ in days), numerator, denominator, collected)


def _whole_days(starts: Sequence[datetime], zone: ZoneInfo) -> list[tuple[int, int]]:
    """Row ranges [first, end) of complete local days, oldest first."""
    found: list[tuple[int, int]] = []
    i = 0
    while i < len(starts):
        day = floor(starts[i], Grain.DAY, zone)
        if day.minute:
            raise InvalidInput(f"midnight in {zone.key} is not on a UTC hour", fix="use a zone with whole-hour offset")
        end = after(day, Grain.DAY, zone)
        stop = i
        while stop < len(starts) and starts[stop] < end:
            stop += 1
        if stop - i == round((end - day) / HOUR):
            found.append((i, stop))
        i = stop
    return found


def _sum_rows(matrix: Floats, ranges: Sequence[tuple[int, int]]) -> Floats:
    sums = np.zeros((len(ranges), matrix.shape[1]))
    for i, (first, end) in enumerate(ranges):
        sums[i] = matrix[first:end].sum(axis=0)
    return sums

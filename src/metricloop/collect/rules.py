"""What to read next, how rows become panels (hours of slices, then local days), and which of them say something new."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np

from metricloop.collect.columns import RowColumns
from metricloop.collect.model import Row
from metricloop.define.model import Metric
from metricloop.kernel.errors import Bug
from metricloop.kernel.grain import HOUR
from metricloop.kernel.series import Flags, Floats, Panel
from metricloop.kernel.slices import TOTAL, Slice

CHUNK = timedelta(days=14)  # the longest window that one reading asks for
BACKFILL = timedelta(days=90)  # how far back a dataset begins when nobody says otherwise


@dataclass(frozen=True, slots=True)
class Window:
    """Whole UTC hours in [start, end)."""

    start: datetime
    end: datetime


def window_due(until: datetime | None, closed: datetime, first: datetime) -> Window | None:
    """Closed buckets not yet read: from the watermark `until`, or from `first` without one. None when nothing has
    closed since."""
    start = until or first
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
    since: datetime | None = None,
) -> Cube:
    """Rows by grouping (`()` is the total, `("carrier",)` each carrier) -> one cube over all their slices.

    Slices already `known` come first, in their order, and are zero where the source has no rows: a closed hour
    without rows is a true zero, not a gap. They are known since `since` (None: before the window). New ones follow,
    sorted, and begin with their first row: so a window that is read at once gives the same points as its hours read one
    by one. Rows of the same cell add up.
    """
    hours = hours_of(window)
    row_of = {hour: i for i, hour in enumerate(hours)}
    columns = {by: RowColumns.of(rows) for by, rows in readings.items()}
    pairs = _pairs_of(columns)
    place = {s.pairs: i for i, s in enumerate(known)}  # by pairs, which are quicker to look up than slices
    fresh = sorted(Slice(found) for found in set(pairs.values()) - place.keys())
    place |= {s.pairs: len(known) + i for i, s in enumerate(fresh)}
    values = np.zeros((len(hours), len(place), len(measures)))
    seen = np.zeros((len(hours), len(place)), dtype=bool)
    seen[0 if since is None else bisect_left(hours, since) :, : len(known)] = True
    if TOTAL.pairs in place:
        seen[:, place[TOTAL.pairs]] = True  # it exists even where no row does
    for by, rows in columns.items():
        if not rows:
            continue
        when = np.array([_row_in(row_of, start) for start, _ in rows.places], dtype=np.intp)[rows.when]
        which = np.array([place[pairs[by, one]] for one in rows.slices], dtype=np.intp)[rows.which]
        np.add.at(values, (when, which), rows.measures)
        seen[when, which] = True
    return Cube(hours, (*known, *fresh), measures, values, np.logical_or.accumulate(seen, axis=0))


def _row_in(row_of: Mapping[datetime, int], bucket: datetime) -> int:
    if bucket not in row_of:
        raise Bug(f"a row at {bucket.isoformat()} outside the window that was asked for")
    return row_of[bucket]


def _pairs_of(
    readings: Mapping[tuple[str, ...], RowColumns],
) -> dict[tuple[tuple[str, ...], tuple[str, ...]], tuple[tuple[str, str], ...]]:
    """(grouping, values) -> the pairs of the slice that they are."""
    keys = {(by, values) for by, rows in readings.items() for values in rows.slices}
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


def part_of(cube: Cube, window: Window) -> Cube:
    """The hours of the cube that lie in the window."""
    first, end = bisect_left(cube.hours, window.start), bisect_left(cube.hours, window.end)
    return Cube(cube.hours[first:end], cube.slices, cube.measures, cube.values[first:end], cube.begun[first:end])


def differing(stored: Panel, fresh: Panel, *, ratio: bool) -> Panel:
    """The buckets of `fresh` that say something else than what is stored, to be stored beside it.

    Both have the same slices. What a count's slice had begun stays begun. A stored reading that is newer than the fresh
    one stands. Sums may differ in their last digits, because no engine adds in the same order twice.
    """
    row_of = {start: row for row, start in enumerate(stored.starts)}
    numerator, denominator = fresh.numerator, fresh.denominator.copy()
    chosen: list[int] = []
    for row, start in enumerate(fresh.starts):
        old = row_of.get(start)
        if old is None:
            there = numerator[row].any() or (ratio and denominator[row].any())
        elif stored.collected_at[old] > fresh.collected_at[row]:
            there = False
        else:
            if not ratio:
                denominator[row] = np.maximum(denominator[row], stored.denominator[old])
            there = not (
                _same(numerator[row], stored.numerator[old]) and _same(denominator[row], stored.denominator[old])
            )
        if there:
            chosen.append(row)
    starts, read = tuple(fresh.starts[row] for row in chosen), tuple(fresh.collected_at[row] for row in chosen)
    return Panel(fresh.slices, starts, numerator[chosen], denominator[chosen], read)


def begun_earlier(stored: Panel, fresh: Panel) -> dict[Slice, datetime]:
    """Slices of a count that are there from an hour on, in which they were not known to be."""
    row_of = {start: row for row, start in enumerate(stored.starts)}
    found: dict[Slice, datetime] = {}
    for column, slice_ in enumerate(fresh.slices):
        rows = np.flatnonzero(fresh.denominator[:, column] > 0)
        start = fresh.starts[int(rows[0])] if rows.size else None
        if start is not None and (start not in row_of or not stored.denominator[row_of[start], column]):
            found[slice_] = start
    return found


def with_begun(stored: Panel, begun: Mapping[Slice, datetime], read_at: datetime) -> Panel:
    """The buckets in which a slice that has begun was not there yet, with a zero for it: only nothing happened."""
    denominator = stored.denominator.copy()
    for slice_, since in begun.items():
        column = stored.column(slice_)
        if column is not None:
            rows = slice(bisect_left(stored.starts, since), None)
            denominator[rows, column] = np.maximum(denominator[rows, column], 1.0)
    chosen = [int(row) for row in np.flatnonzero((denominator != stored.denominator).any(axis=1))]
    chosen = [row for row in chosen if stored.collected_at[row] <= read_at]
    starts = tuple(stored.starts[row] for row in chosen)
    return Panel(stored.slices, starts, stored.numerator[chosen], denominator[chosen], (read_at,) * len(chosen))


def _same(one: Floats, other: Floats) -> bool:
    return bool(np.allclose(one, other, rtol=1e-9, atol=1e-9, equal_nan=True))

"""What a driver gave back, as rows of a reading."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from operator import attrgetter

import numpy as np

from metricloop.collect.dialects import ANCHOR
from metricloop.collect.model import Reading, Row
from metricloop.collect.scope import where_of
from metricloop.collect.wall_times import hour_of_wall, shifts
from metricloop.define.dataset import UTC_ZONE, Dataset
from metricloop.kernel.clock import utc
from metricloop.kernel.errors import SourceFailed

_HOUR = timedelta(hours=1)


def rows_of(reading: Reading, raw: Sequence[Sequence[object]]) -> list[Row]:
    """Rows in order of bucket, then dimension values by code point (engines collate differently).

    Raises SourceFailed, cutting nothing, when there are more than `reading.limit`, or what came back is no time or no
    number.
    """
    check_limit(reading, len(raw))
    if not raw:
        return []
    columns = list(zip(*raw, strict=True))
    width = 1 + len(reading.by)
    empty: list[tuple[()]] = [()] * len(raw)
    starts, ends = bucket_bounds(reading, columns[0])
    slices = list(zip(*(map(str, column) for column in columns[1:width]), strict=True)) if reading.by else empty
    numbers = [_numbers(reading, name, cells) for name, cells in zip(reading.measures, columns[width:], strict=True)]
    measures = list(zip(*numbers, strict=True)) if numbers else empty
    rows = list(map(Row, starts, slices, measures, ends))
    if reading.buckets is not None:
        rows.sort(key=attrgetter("bucket", "end", "values"))
        return rows
    rows.sort(key=attrgetter("bucket", "values"))
    return _merged(rows) if reading.dataset.time_column_zone != UTC_ZONE else rows


def check_limit(reading: Reading, count: int) -> None:
    if count > reading.limit:
        raise SourceFailed(
            f"more than {reading.limit} rows between {reading.start.isoformat()} and {reading.end.isoformat()}",
            retryable=False,
            where=where_of(reading.dataset),
            fix="drop a dimension with very many values, or read a shorter window",
        )


def by_calendar(reading: Reading) -> bool:
    """Whether buckets are joined as a table of bounds: the engine's hours are not those that are asked for."""
    return reading.buckets is not None or len(late_by(reading)) > 1


def late_by(reading: Reading) -> frozenset[timedelta]:
    """How much later than the time column's full hours the hours of the dataset begin."""
    dataset = reading.dataset
    return shifts(reading.start, reading.end, dataset.time_column_zone, dataset.timezone)


def late_on(dataset: Dataset, at: datetime) -> timedelta:
    """The same at one time, for questions about rows of any time."""
    (late,) = shifts(at, at, dataset.time_column_zone, dataset.timezone)
    return late


def buckets_of(reading: Reading) -> Sequence[tuple[datetime, datetime]]:
    """The intervals of a reading; hours where it names none."""
    if reading.buckets is not None:
        return reading.buckets
    count = int((reading.end - reading.start) / _HOUR)
    return [(reading.start + i * _HOUR, reading.start + (i + 1) * _HOUR) for i in range(count)]


def bucket_bounds(reading: Reading, cells: Sequence[object]) -> tuple[Sequence[datetime], Sequence[datetime | None]]:
    """The bucket column as instants: starts, and ends where the reading names its buckets."""
    if by_calendar(reading):
        bounds = buckets_of(reading)
        found = [bounds[_place(cell, len(bounds))] for cell in cells]
        ends = [end for _, end in found] if reading.buckets is not None else [None] * len(cells)
        return [utc(start) for start, _ in found], ends
    (late,) = late_by(reading)
    # Many rows share an hour, and reading a time is the dearest part of a row.
    instants = {cell: hour_read(cell, reading.dataset, late) for cell in set(cells)}
    return [instants[cell] for cell in cells], [None] * len(cells)


def hour_read(cell: object, dataset: Dataset, late: timedelta) -> datetime:
    """The start, in UTC, of the hour that an engine calls `cell`: hours since ANCHOR, or a time without minutes."""
    wall = ANCHOR + cell * _HOUR if isinstance(cell, int) and 0 < cell < 10**7 else time_read(cell)
    if wall.tzinfo is not None:
        wall = utc(wall).replace(tzinfo=None)
    wall += late
    if dataset.time_column_zone == UTC_ZONE:
        return wall.replace(tzinfo=UTC)
    return hour_of_wall(wall, dataset.time_column_zone, dataset.timezone)


def time_read(cell: object) -> datetime:
    """A time as a driver gives it: a datetime, a date, or ISO 8601 text. Raises SourceFailed."""
    if isinstance(cell, date) and not isinstance(cell, datetime):
        return datetime.combine(cell, time.min)
    try:
        at = datetime.fromisoformat(cell) if isinstance(cell, str) else cell
    except ValueError:
        at = None
    if not isinstance(at, datetime):
        raise SourceFailed(
            f"the time bucket came back as {cell!r}", retryable=False, fix="make the time column a timestamp"
        )
    return at


def _place(cell: object, count: int) -> int:
    if not isinstance(cell, int) or not 0 <= cell < count:
        raise SourceFailed(f"the bucket came back as {cell!r}", retryable=False, fix="tell the plugin's author")
    return cell


def _numbers(reading: Reading, name: str, cells: Sequence[object]) -> list[float]:
    measure = reading.dataset.measure(name)
    try:
        found = np.array(cells, dtype=np.float64)
    except (TypeError, ValueError):
        found = np.array([_number(cell) for cell in cells])
    if measure is not None and measure.agg.additive and np.isnan(found).any():
        found = np.array([0.0 if cell is None else _number(cell) for cell in cells])
    numbers: list[float] = found.tolist()
    return numbers


def _number(cell: object) -> float:
    if cell is None:
        return float("nan")
    try:
        return float(cell if isinstance(cell, int | float) else str(cell))
    except ValueError as error:
        raise SourceFailed(
            f"a measure came back as {cell!r}", retryable=False, fix="sum numbers only; check the column's type"
        ) from error


def _merged(rows: list[Row]) -> list[Row]:
    """Rows of an hour that clocks never showed stand in the hour after it, beside that one's own."""
    merged: list[Row] = []
    for row in rows:
        last = merged[-1] if merged else None
        if last is not None and (last.bucket, last.values) == (row.bucket, row.values):
            both = tuple(a + b for a, b in zip(last.measures, row.measures, strict=True))
            merged[-1] = Row(row.bucket, row.values, both)
        else:
            merged.append(row)
    return merged

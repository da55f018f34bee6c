"""What a driver gave back, as rows of a reading."""

from __future__ import annotations

import gc
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from operator import itemgetter
from typing import Any, Generic, TypeVar

import numpy as np
import numpy.typing as npt

from metricloop.collect.columns import Codes, ColumnTable, Place, RowColumns
from metricloop.collect.engine_ways import ANCHOR
from metricloop.collect.model import Reading, Row
from metricloop.collect.scope import where_of
from metricloop.collect.wall_times import hour_of_wall, shifts
from metricloop.define.dataset import UTC_ZONE, Dataset
from metricloop.kernel.clock import utc
from metricloop.kernel.errors import SourceFailed

V = TypeVar("V", bound=Any)
_HOUR = timedelta(hours=1)


def rows_of(reading: Reading, raw: Sequence[Sequence[object]]) -> Sequence[Row]:
    """Rows in order of bucket, then dimension values by code point (engines collate differently).

    Raises SourceFailed, cutting nothing, when there are more than `reading.limit`, or what came back is no time or no
    number.
    """
    check_limit(reading, len(raw))
    if not raw:
        return []
    with _without_collecting():
        return _rows(reading, raw)


def _rows(reading: Reading, raw: Sequence[Sequence[object]]) -> Sequence[Row]:
    # zip(*raw) makes an iterator for each row
    given = raw.columns if isinstance(raw, ColumnTable) else None
    columns = given or [list(map(itemgetter(i), raw)) for i in range(len(raw[0]))]
    width = 1 + len(reading.by)
    places = places_of(reading, columns[0])
    bucket = _coded(columns[0], places)
    dimensions = [_coded(column, {cell: _text(cell) for cell in set(column)}) for column in columns[1:width]]
    slices, slice_codes = _slices(dimensions, len(raw))
    order = np.argsort(bucket.codes * len(slices) + slice_codes, kind="stable")
    numbers = [
        _numbers(reading, name, cells)[order] for name, cells in zip(reading.measures, columns[width:], strict=True)
    ]
    measures = np.stack(numbers, axis=1) if numbers else np.zeros((len(raw), 0))
    rows = RowColumns(bucket.values, bucket.codes[order], slices, slice_codes[order], measures)
    return _merged(list(rows)) if len(places) > len(bucket.values) else rows


@contextmanager
def _without_collecting() -> Iterator[None]:
    """To search for garbage, again and again, among a hundred thousand new rows takes longer than to make them. Where
    threads overlap, one may search while another still makes rows: that costs time only.
    """
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


@dataclass(frozen=True, slots=True)
class _Coded(Generic[V]):
    """A column by its different values, which are few and in order: `codes` say which of them stands where."""

    codes: Codes
    values: list[V]


def _slices(dimensions: Sequence[_Coded[str]], count: int) -> tuple[list[tuple[str, ...]], Codes]:
    """The different slices in order, and which of them each row is of. Rows of one slice share its values: fewer
    things to keep, and to clean up after.
    """
    if not dimensions:
        return [()], np.zeros(count, np.int64)
    whole = np.zeros(count, np.int64)
    for one in dimensions:
        _, examples, whole = np.unique(whole * len(one.values) + one.codes, return_index=True, return_inverse=True)
    return list(zip(*(_picked(one.values, one.codes[examples]) for one in dimensions), strict=True)), whole


def _picked(values: Sequence[V], codes: Codes) -> list[V]:
    return [values[code] for code in codes.tolist()]


def _coded(cells: Sequence[object], meant: Mapping[object, V]) -> _Coded[V]:
    values = sorted(set(meant.values()))
    place = {value: i for i, value in enumerate(values)}
    code = {cell: place[value] for cell, value in meant.items()}
    return _Coded(np.fromiter(map(code.__getitem__, cells), np.int64, len(cells)), values)


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


def places_of(reading: Reading, cells: Iterable[object]) -> dict[object, Place]:
    """What each value of the bucket column means: start, and end where the reading names its buckets.

    Many rows share a bucket, and reading a time is the dearest part of a row.
    """
    if by_calendar(reading):
        bounds = buckets_of(reading)
        found = {cell: bounds[_place(cell, len(bounds))] for cell in set(cells)}
        return {cell: (utc(start), end if reading.buckets else None) for cell, (start, end) in found.items()}
    (late,) = late_by(reading)
    return {cell: (hour_read(cell, reading.dataset, late), None) for cell in set(cells)}


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


def _text(cell: object) -> str:
    """Bytes are texts that were cast to bytes, so that collations leave them apart."""
    return cell.decode("utf-8", errors="backslashreplace") if isinstance(cell, bytes) else str(cell)


def _numbers(reading: Reading, name: str, cells: Sequence[object]) -> npt.NDArray[np.float64]:
    measure = reading.dataset.measure(name)
    try:
        found = np.array(cells, dtype=np.float64)
    except (TypeError, ValueError):
        found = np.array([_number(cell) for cell in cells])
    if measure is not None and measure.agg.additive and np.isnan(found).any():
        found = np.array([0.0 if cell is None else _number(cell) for cell in cells])
    return found


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

"""Points as packed panels: a row per metric and hour as it is collected, a row per metric and day once it is over.

A newer reading of an hour is a row beside the older one, so what was known at any time can be read again.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple

import numpy as np
from sqlalchemy import Connection, bindparam, delete, select, update

from metricloop.kernel.clock import utc
from metricloop.kernel.grain import HOUR
from metricloop.kernel.series import Floats, Panel, positions
from metricloop.kernel.slices import Slice
from metricloop.store.locks import hold
from metricloop.store.packing import Array, narrowed, pack, unpack
from metricloop.store.repositories.axes import Axes
from metricloop.store.rows import Upserts
from metricloop.store.statements import Statement
from metricloop.store.tables import series as tables

_DAY = timedelta(days=1)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_HOURS, _DAYS = Upserts(tables.point_hours), Upserts(tables.point_days)
_h, _d = tables.point_hours.c, tables.point_days.c
_SUPERSEDE = Statement(
    update(tables.point_hours)
    .where(_h.metric == bindparam("of"), _h.start == bindparam("begin"))
    .where(_h.collected_at < bindparam("now"), ~_h.superseded)
    .values(superseded=True)
)
_FORGET = Statement(
    delete(tables.point_hours).where(
        _h.metric == bindparam("of"), _h.start == bindparam("begin"), _h.collected_at == bindparam("read")
    )
)
_READINGS = (
    select(_h.start, _h.collected_at, _h.packed)
    .where(_h.metric == bindparam("of"), _h.start >= bindparam("begin"), _h.start < bindparam("stop"))
    .order_by(_h.start, _h.collected_at)
)
_NEWEST_READINGS = Statement(_READINGS.where(~_h.superseded))
_READINGS_THEN = Statement(_READINGS.where(_h.collected_at <= bindparam("then")))
_CLOSED = Statement(
    select(_d.packed)
    .where(_d.metric == bindparam("of"), _d.day > bindparam("begin"), _d.day < bindparam("stop"))
    .order_by(_d.day)
)


class Reading(NamedTuple):
    """One hour as it was read once: numerator and denominator, each [columns known then]."""

    collected_at: datetime
    numerator: Floats
    denominator: Floats


Readings = dict[datetime, Reading]


class PointsRepository:
    def __init__(self, connection: Connection, axes: Axes) -> None:
        self._connection = connection
        self._axes = axes

    def axis(self, metric: str) -> tuple[Slice, ...]:
        return self._axes.fresh("points", metric)

    def put(self, metric: str, panel: Panel) -> None:
        if not panel.starts:
            return
        numerator, denominator = self._on_axis(metric, panel)
        rows = [
            {
                "metric": metric,
                "start": start,
                "collected_at": panel.collected_at[at],
                "superseded": False,
                "packed": pack([narrowed(numerator[at]), narrowed(denominator[at])]),
            }
            for at, start in enumerate(panel.starts)
        ]
        older = [{"of": metric, "begin": row["start"], "now": row["collected_at"]} for row in rows]
        _SUPERSEDE.run_many(self._connection, older)
        _HOURS.of(self._connection, replace=True).run_many(self._connection, rows)

    def read(
        self,
        metric: str,
        start: datetime,
        end: datetime,
        slices: Sequence[Slice] | None = None,
        known_at: datetime | None = None,
    ) -> Panel:
        readings = self._readings(metric, start, end, known_at)
        width = max((reading.numerator.size for reading in readings.values()), default=0)
        axis = self._axes.read("points", metric, at_least=width)
        starts = tuple(sorted(readings))
        numerator = np.zeros((len(starts), len(axis)))
        denominator = np.zeros((len(starts), len(axis)))
        for at, begin in enumerate(starts):
            reading = readings[begin]
            numerator[at, : reading.numerator.size] = reading.numerator
            denominator[at, : reading.denominator.size] = reading.denominator
        whole = Panel(axis, starts, numerator, denominator, tuple(readings[begin].collected_at for begin in starts))
        return whole if slices is None else _only(whole, tuple(slices))

    def span(self, metric: str) -> tuple[datetime, datetime] | None:
        hours = select(_h.start).where(_h.metric == metric).limit(1)
        days = select(_d.packed).where(_d.metric == metric).limit(1)
        found: list[datetime] = []
        for hour, day in ((_h.start, _d.day), (_h.start.desc(), _d.day.desc())):
            found.extend(self._connection.execute(hours.order_by(hour)).scalars())
            for packed in self._connection.execute(days.order_by(day)).scalars():
                found.extend(_unpack_day(packed))
        return (min(found), max(found) + HOUR) if found else None

    def compact(self, metric: str, day: date) -> int:
        """Pack the newest readings of a UTC day into one row, and say how many hours it holds.

        Older readings stay as they are, so `known_at` reads the same before and after. For days that are over; one
        that still gets readings may be compacted again.
        """
        start = datetime.combine(day, time(), UTC)
        hold(self._connection, f"points {metric} {day}")
        packed_before = self._closed(metric, start, start + _DAY)
        newest = self._readings(metric, start, start + _DAY, None)
        if not newest:
            return 0
        outdated = {begin: old for begin, old in packed_before.items() if newest[begin].collected_at > old.collected_at}
        moved = [{"of": metric, "begin": begin, "read": new.collected_at} for begin, new in newest.items()]
        _FORGET.run_many(self._connection, moved)
        this_day = (_h.metric == metric, _h.start >= start, _h.start < start + _DAY)
        self._connection.execute(update(tables.point_hours).where(*this_day, ~_h.superseded).values(superseded=True))
        if outdated:
            _HOURS.of(self._connection, replace=True).run_many(self._connection, _history(metric, outdated))
        row = {"metric": metric, "day": start, "packed": _pack_day(newest)}
        _DAYS.of(self._connection, replace=True).run(self._connection, row)
        return len(newest)

    def uncompacted(self, before: datetime) -> Sequence[tuple[str, date]]:
        """(metric, UTC day) of hours that stand alone, of days that end at or before `before`."""
        last = datetime.combine(utc(before).date(), time(), UTC)
        hours = select(_h.metric, _h.start).where(~_h.superseded, _h.start < last)
        return sorted({(metric, start.date()) for metric, start in self._connection.execute(hours)})

    def _on_axis(self, metric: str, panel: Panel) -> tuple[Floats, Floats]:
        """Numerator and denominator with the columns where the axis has them; columns between are 0/0, not seen."""
        columns = self._axes.columns("points", metric, panel.slices)
        if columns is None:
            return panel.numerator, panel.denominator
        width = int(columns.max()) + 1
        numerator, denominator = np.zeros((len(panel.starts), width)), np.zeros((len(panel.starts), width))
        numerator[:, columns], denominator[:, columns] = panel.numerator, panel.denominator
        return numerator, denominator

    def _readings(self, metric: str, start: datetime, end: datetime, known_at: datetime | None) -> Readings:
        """Of each hour in [start, end) the newest reading, of those known at `known_at`."""
        found = {
            begin: reading
            for begin, reading in self._closed(metric, start, end).items()
            if known_at is None or reading.collected_at <= known_at
        }
        query = _NEWEST_READINGS if known_at is None else _READINGS_THEN
        given = {"of": metric, "begin": start, "stop": end} | ({} if known_at is None else {"then": known_at})
        for begin, collected_at, packed in query.all(self._connection, given):
            if begin not in found or found[begin].collected_at <= collected_at:
                numerator, denominator = unpack(packed)
                found[begin] = Reading(collected_at, numerator, denominator)
        return found

    def _closed(self, metric: str, start: datetime, end: datetime) -> Readings:
        """Readings in packed days; each day holds the newest reading of an hour as of its packing."""
        days = _CLOSED.all(self._connection, {"of": metric, "begin": start - _DAY, "stop": end})
        return {
            begin: reading
            for (packed,) in days
            for begin, reading in _unpack_day(packed).items()
            if start <= begin < end
        }  # fmt: skip


def _history(metric: str, outdated: Readings) -> list[dict[str, object]]:
    return [
        {
            "metric": metric,
            "start": start,
            "collected_at": old.collected_at,
            "superseded": True,
            "packed": pack([narrowed(old.numerator), narrowed(old.denominator)]),
        }
        for start, old in outdated.items()
    ]


def _pack_day(readings: Readings) -> bytes:
    """Hours as start, time of reading (microseconds since 1970) and width [H]; values [H, widest], zero beyond."""
    starts = sorted(readings)
    chosen = [readings[start] for start in starts]
    widths = np.array([reading.numerator.size for reading in chosen], dtype=np.int64)
    values = np.zeros((2, len(chosen), int(widths.max())))
    for at, reading in enumerate(chosen):
        values[0, at, : widths[at]] = reading.numerator
        values[1, at, : widths[at]] = reading.denominator
    times = (_microseconds(starts), _microseconds(reading.collected_at for reading in chosen))
    return pack([*times, widths, narrowed(values[0]), narrowed(values[1])])


def _unpack_day(packed: bytes) -> Readings:
    starts, collected, widths, numerator, denominator = unpack(packed)
    return {
        _instant(start): Reading(_instant(read), numerator[at, :width], denominator[at, :width])
        for at, (start, read, width) in enumerate(
            zip(starts.tolist(), collected.tolist(), widths.tolist(), strict=True)
        )
    }


def _microseconds(times: Iterable[datetime]) -> Array:
    return np.array([(utc(at) - _EPOCH) // _MICROSECOND for at in times], dtype=np.int64)


def _instant(microseconds: int) -> datetime:
    return _EPOCH + microseconds * _MICROSECOND


def _only(panel: Panel, slices: tuple[Slice, ...]) -> Panel:
    """The named slices, in the order named; one that is not on the axis was never seen."""
    column = positions(panel.slices)
    chosen = [column.get(slice, -1) for slice in slices]
    unseen = [at for at, which in enumerate(chosen) if which < 0]
    if panel.slices:
        numerator, denominator = panel.numerator[:, chosen], panel.denominator[:, chosen]
    else:
        numerator = np.zeros((len(panel.starts), len(slices)))
        denominator = numerator.copy()
    numerator[:, unseen] = 0.0
    denominator[:, unseen] = 0.0
    return Panel(slices, panel.starts, numerator, denominator, panel.collected_at)

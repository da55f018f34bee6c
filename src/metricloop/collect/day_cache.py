"""Keeps the rows of past days, so that a replay that explains many incidents reads each day of history once."""

from __future__ import annotations

from bisect import bisect_left
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from metricloop.collect.model import Reading, Row
from metricloop.collect.ports import SourceReader
from metricloop.kernel.errors import SourceFailed
from metricloop.kernel.grain import hour_offset

_DAY = timedelta(days=1)
_Key = tuple[str, str, tuple[str, ...], tuple[str, ...], str | None, datetime]


class DayCache:
    """Answers a reading from whole days of hours of another reader. For history that does not change; not thread safe.

    Never lets rows outside the asked window out. Buckets other than hours go straight through. `days`: how many days it
    keeps, the least recently used go first.
    """

    def __init__(self, reader: SourceReader, days: int = 400) -> None:
        self._reader = reader
        self._limit = days
        self._days: OrderedDict[_Key, tuple[list[datetime], Sequence[Row]]] = OrderedDict()

    def read(self, reading: Reading) -> Sequence[Row]:
        if reading.buckets is not None:
            return self._reader.read(reading)
        days = _days_of(reading)
        for run in _runs([day for day in days if _key(reading, day) not in self._days]):
            self._load(reading, run)
        rows: list[Row] = []
        for day in days:
            buckets, found = self._days[_key(reading, day)]
            self._days.move_to_end(_key(reading, day))
            rows.extend(found[bisect_left(buckets, reading.start) : bisect_left(buckets, reading.end)])
        while len(self._days) > self._limit:
            self._days.popitem(last=False)
        return rows

    def _load(self, reading: Reading, days: Sequence[datetime]) -> None:
        """Days in a row with one question; with two for half of them each where that is too much for the source."""
        try:
            rows = self._reader.read(replace(reading, start=days[0], end=days[-1] + _DAY))
        except SourceFailed as error:
            if error.retryable or len(days) == 1:
                raise
            self._load(reading, days[: len(days) // 2])
            self._load(reading, days[len(days) // 2 :])
            return
        buckets = [row.bucket for row in rows]
        for day in days:
            first, end = bisect_left(buckets, day), bisect_left(buckets, day + _DAY)
            self._days[_key(reading, day)] = buckets[first:end], rows[first:end]


def _key(reading: Reading, day: datetime) -> _Key:
    return reading.source.name, reading.dataset.name, reading.measures, reading.by, reading.where, day


def _days_of(reading: Reading) -> list[datetime]:
    late = hour_offset(reading.dataset.timezone)  # so that days begin with an hour of the dataset
    first = (reading.start - late).replace(hour=0, minute=0, second=0, microsecond=0) + late
    return [first + i * _DAY for i in range(max(0, -((first - reading.end) // _DAY)))]


def _runs(days: Sequence[datetime]) -> list[list[datetime]]:
    """The days, cut where one is missing between them."""
    runs: list[list[datetime]] = []
    for day in days:
        if runs and runs[-1][-1] + _DAY == day:
            runs[-1].append(day)
        else:
            runs.append([day])
    return runs

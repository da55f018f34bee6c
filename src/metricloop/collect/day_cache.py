"""Keeps the rows of past days, so that a replay that explains many incidents reads each day of history once."""

from __future__ import annotations

from bisect import bisect_left
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from metricloop.collect.model import Reading, Row
from metricloop.collect.ports import SourceReader

_DAY = timedelta(days=1)
_Key = tuple[str, str, tuple[str, ...], tuple[str, ...], datetime]


class DayCache:
    """Answers a reading from whole UTC days of another reader. For history that does not change; not thread safe.

    Never lets rows outside the asked window out. `days`: how many days it keeps, the least recently used go first.
    """

    def __init__(self, reader: SourceReader, days: int = 400) -> None:
        self._reader = reader
        self._limit = days
        self._days: OrderedDict[_Key, tuple[list[datetime], Sequence[Row]]] = OrderedDict()

    def read(self, reading: Reading) -> Sequence[Row]:
        rows: list[Row] = []
        day = reading.start.replace(hour=0, minute=0, second=0, microsecond=0)
        while day < reading.end:
            buckets, found = self._day(reading, day)
            rows.extend(found[bisect_left(buckets, reading.start) : bisect_left(buckets, reading.end)])
            day += _DAY
        return rows

    def _day(self, reading: Reading, day: datetime) -> tuple[list[datetime], Sequence[Row]]:
        key = (reading.source.name, reading.dataset.name, reading.measures, reading.by, day)
        held = self._days.get(key)
        if held is None:
            rows = self._reader.read(replace(reading, start=day, end=day + _DAY))
            held = self._days[key] = ([row.bucket for row in rows], rows)
            if len(self._days) > self._limit:
                self._days.popitem(last=False)
        self._days.move_to_end(key)
        return held

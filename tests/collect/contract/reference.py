"""The answers, reckoned row by row in plain Python. Knows nothing of SQL and nothing of the compiler."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import datetime, timedelta

from metricloop.collect.model import Reading
from metricloop.define.dataset import Agg
from tests.collect.contract.definitions import ASKED, DIMENSIONS, WHERE, Asked, instant
from tests.collect.contract.fixture import Cell, Record

Group = tuple[datetime, datetime | None, tuple[str, ...]]
Answer = dict[Group, tuple[float, ...]]
HOUR = timedelta(hours=1)


def answer(reading: Reading, rows: Sequence[Record], late: timedelta = timedelta()) -> Answer:
    """late: how long after UTC's the dataset's hours begin."""
    groups: dict[Group, list[Record]] = {}
    for row in rows:
        at = instant(reading.dataset, row)
        if at is None or not reading.start <= at < reading.end:
            continue
        if reading.where is not None and not WHERE[reading.where](row):
            continue
        values = tuple(_text(DIMENSIONS[name][1](row)) for name in reading.by)
        for start, end in _buckets(reading, at, late):
            groups.setdefault((start, end, values), []).append(row)
    asked = [ASKED[name] for name in reading.measures]
    return {group: tuple(_aggregate(one, members) for one in asked) for group, members in groups.items()}


def _buckets(reading: Reading, at: datetime, late: timedelta) -> Sequence[tuple[datetime, datetime | None]]:
    if reading.buckets is not None:
        return [(start, end) for start, end in reading.buckets if start <= at < end]
    return [((at - late).replace(minute=0, second=0, microsecond=0) + late, None)]


def _text(cell: Cell) -> str:
    return "(none)" if cell is None else str(cell)


def _aggregate(asked: Asked, rows: Sequence[Record]) -> float:
    kept = [asked.value(row) for row in rows if asked.keep(row)]
    values = [value for value in kept if value is not None]
    measure = asked.measure
    if measure.agg is Agg.COUNT:
        return float(len(values))
    if measure.agg is Agg.COUNT_DISTINCT:
        return float(len(set(values)))
    numbers = sorted(float(str(value)) for value in values)
    if measure.agg is Agg.SUM:
        return math.fsum(numbers)
    if not numbers:
        return math.nan
    share = {Agg.MIN: 0.0, Agg.MAX: 1.0, Agg.MEDIAN: 0.5}.get(measure.agg, measure.percentile)
    return math.fsum(numbers) / len(numbers) if share is None else _percentile(numbers, share)


def _percentile(ordered: Sequence[float], share: float) -> float:
    place = share * (len(ordered) - 1)
    below = math.floor(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (place - below)

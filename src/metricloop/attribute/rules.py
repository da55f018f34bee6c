"""Which past is comparable, and how leaf rows become a table to search. Pure."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np

from metricloop.attribute.expect import expect_ratio_from_history, expect_sum_from_history
from metricloop.attribute.leaves import Floats, LeafTable
from metricloop.attribute.model import Attribution, VerdictKind
from metricloop.collect.model import Row
from metricloop.define.model import Metric
from metricloop.kernel.clock import utc
from metricloop.kernel.message import Message, Param

Window = tuple[datetime, datetime]

_DAYS_BACK = 42
_WEEKS_BACK = 8


def comparable_windows(metric: Metric, start: datetime, end: datetime, zone: ZoneInfo, known: datetime) -> list[Window]:
    """Past windows of the same local hours, newest first, as far back as `known` (the start of the history).

    A rate: every day of six weeks (rates differ little by weekday, and many windows show how far each slice strays).
    A count: the same weekdays of eight weeks. By the local clock across daylight saving time; not aware of holidays.
    Windows longer than a day do not overlap the present one: days back begin at their length.
    """
    step = timedelta(days=1) if metric.is_ratio else timedelta(weeks=1)
    last = _DAYS_BACK if metric.is_ratio else _WEEKS_BACK
    first = max(1, -((start - end) // step))
    shifted = [(_shifted(start, step * k, zone), _shifted(end, step * k, zone)) for k in range(first, last + 1)]
    return [(begin, stop) for begin, stop in shifted if begin >= known and begin < stop]


def rows_in(rows: Sequence[Row], buckets: Sequence[datetime], window: Window) -> Sequence[Row]:
    """The rows of a window. `rows` are in order of bucket; `buckets` are theirs."""
    return rows[bisect_left(buckets, window[0]) : bisect_left(buckets, window[1])]


def _shifted(at: datetime, back: timedelta, zone: ZoneInfo) -> datetime:
    local = at.astimezone(zone).replace(tzinfo=None) - back
    return utc(local.replace(tzinfo=zone))


def leaf_table(
    metric: Metric, dimensions: Sequence[str], now: Sequence[Row], past: Sequence[Sequence[Row]]
) -> LeafTable | None:
    """The leaves of the present window against comparable past ones; None where there is nothing to compare."""
    leaves = sorted({row.values for row in now} | {row.values for rows in past for row in rows})
    if not leaves or not past:
        return None
    place = {leaf: i for i, leaf in enumerate(leaves)}
    names = {d: [leaf[i] for leaf in leaves] for i, d in enumerate(dimensions)}
    num, den = _sums(now, place)
    history = [_sums(rows, place) for rows in past]
    past_num = np.stack([h[0] for h in history])
    past_den = np.stack([h[1] for h in history])
    if metric.is_ratio:
        if den.sum() <= 0 or past_den.sum() <= 0:
            return None
        return expect_ratio_from_history(names, num, den, past_num, past_den)
    if past_num.sum() <= 0:
        return None
    return expect_sum_from_history(names, num, past_num)


def _sums(rows: Sequence[Row], place: dict[tuple[str, ...], int]) -> tuple[Floats, Floats]:
    leaf = np.array([place[row.values] for row in rows], dtype=np.intp)
    ratio = bool(rows) and len(rows[0].measures) > 1
    num = np.bincount(leaf, [row.measures[0] for row in rows], len(place))
    den = np.bincount(leaf, [row.measures[1] if ratio else 0.0 for row in rows], len(place))
    return num.astype(np.float64), den.astype(np.float64)


def levels(table: LeafTable) -> tuple[float, float]:
    """(expected, actual) of the whole: rates for a ratio, sums else."""
    if table.actual_den is None or table.expected_den is None:
        return float(table.expected.sum()), float(table.actual.sum())
    return (
        float(table.expected.sum() / max(table.expected_den.sum(), 1e-300)),
        float(table.actual.sum() / max(table.actual_den.sum(), 1e-300)),
    )


def headline(attribution: Attribution) -> Message:
    """The incident in one line: what moved, from what to what, and which slice the evidence points to."""
    params: dict[str, Param] = {
        "metric": attribution.metric,
        "expected": attribution.expected,
        "actual": attribution.actual,
        "difference": attribution.total,
    }
    if attribution.localisable and attribution.causes:
        first = attribution.causes[0]
        params |= {"slice": first.slice.as_dict(), "share": first.share, "more": len(attribution.causes) - 1}
        if first.expected is not None and first.actual is not None:
            params |= {"expected": first.expected, "actual": first.actual, "difference": first.actual - first.expected}
        code = "headline.mix" if attribution.verdict is VerdictKind.MIX else "headline.local"
        return Message(code, params)
    if attribution.verdict is VerdictKind.GLOBAL:
        return Message("headline.global", params)
    return Message("headline.none", params)

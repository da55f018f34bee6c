"""Spans of time and how they move: an offset, a rolling window, up to date. By the calendar of a zone. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from metricloop.define.model import Metric
from metricloop.kernel.grain import Grain, after, floor
from metricloop.kernel.periods import Period

Span = tuple[datetime, datetime]
_LAST = timedelta(microseconds=1)


def shifted(span: Span, offset: Period, grain: Grain, zone: ZoneInfo, week_start: int) -> Span:
    """The span so long ago. Where a bucket of the grain begins there it is that bucket, whatever its length: a month
    before 31 March is 28 February. An hour that the clocks skipped stands for the one after it."""
    start = offset.before(span[0], zone)
    if floor(start, grain, zone, week_start) == start and floor(span[0], grain, zone, week_start) == span[0]:
        return start, after(start, grain, zone, week_start)
    return start, max(start, offset.before(span[1], zone))


def to_grain(span: Span, longer: Grain, grain: Grain, zone: ZoneInfo, week_start: int) -> Span:
    """The bucket of `grain` with which the longer one around the span begins: the first day of its month."""
    start = floor(floor(span[0], longer, zone, week_start), grain, zone, week_start)
    return start, after(start, grain, zone, week_start)


def to_date(span: Span, metric: Metric, zone: ZoneInfo, week_start: int) -> Span:
    """What a cumulative metric covers at the end of a span: its window, or everything since its grain began.

    A week that reaches over the end of a month counts from the month that it ends in.
    """
    if metric.window is not None:
        return metric.window.before(span[1], zone), span[1]
    if metric.grain_to_date is not None:
        return floor(span[1] - _LAST, metric.grain_to_date, zone, week_start), span[1]
    return span


def joined(spans: Iterable[Span]) -> list[Span]:
    """The time that spans cover together, without overlaps, oldest first."""
    found: list[Span] = []
    for start, end in sorted(span for span in spans if span[0] < span[1]):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return found


def steps(spans: Sequence[Span]) -> list[Span]:
    """The longest steps without overlap of which every span is whole: from each edge to the next one."""
    edges = sorted({at for span in spans for at in span})
    covered = joined(spans)
    found, inside = [], 0
    for start, end in pairwise(edges):
        while inside < len(covered) and covered[inside][1] <= start:
            inside += 1
        if inside < len(covered) and covered[inside][0] <= start:
            found.append((start, end))
    return found

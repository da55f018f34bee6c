"""Hours to longer buckets: days, weeks, months, quarters, years of a zone. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

import numpy as np

from metricloop.kernel.errors import InvalidInput
from metricloop.kernel.grain import HOUR, MONDAY, Grain, after, floor
from metricloop.kernel.series import Floats, Panel


def to_longer(panel: Panel, grain: Grain, zone: ZoneInfo, week_start: int = MONDAY, *, ratio: bool) -> Panel:
    """Hourly points to whole buckets of a grain (a day has 23, 24 or 25 hours); parts of a bucket are left out.

    numerator and, for a ratio, denominator are summed; a count or sum has denominator 1. A missing hour (NaN) makes
    its bucket missing. collected_at: the latest of the hours. Hours are given back as they are. Raises InvalidInput for
    a zone whose midnight is not where an hour of the panel begins, because such points cannot be cut there.
    """
    if grain is Grain.HOUR:
        return panel
    whole = _whole(panel.starts, grain, zone, week_start)
    numerator = _sum_rows(panel.numerator, whole)
    denominator = _sum_rows(panel.denominator, whole) if ratio else np.ones_like(numerator)
    collected = tuple(max(panel.collected_at[first:end]) for first, end in whole)
    return Panel(panel.slices, tuple(panel.starts[first] for first, _ in whole), numerator, denominator, collected)


def _whole(starts: Sequence[datetime], grain: Grain, zone: ZoneInfo, week_start: int) -> list[tuple[int, int]]:
    """Row ranges [first, end) of complete buckets, oldest first."""
    found: list[tuple[int, int]] = []
    i = 0
    while i < len(starts):
        begin = floor(starts[i], grain, zone, week_start)
        if begin.minute != starts[i].minute:
            raise InvalidInput(
                f"midnight in {zone.key} is not where an hour of the points begins",
                fix="use a zone with whole-hour offset, or collect the dataset anew in its zone",
            )
        end = after(begin, grain, zone, week_start)
        stop = i
        while stop < len(starts) and starts[stop] < end:
            stop += 1
        if stop - i == round((end - begin) / HOUR):
            found.append((i, stop))
        i = stop
    return found


def _sum_rows(matrix: Floats, ranges: Sequence[tuple[int, int]]) -> Floats:
    sums = np.zeros((len(ranges), matrix.shape[1]))
    for i, (first, end) in enumerate(ranges):
        sums[i] = matrix[first:end].sum(axis=0)
    return sums

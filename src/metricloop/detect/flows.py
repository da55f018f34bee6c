"""What each bucket added to a value that counts from the beginning of its month: that is what can be expected of it.

A value to date climbs and falls back to nothing, so that no usual value of it exists; what a bucket adds has one. Pure.
"""

from __future__ import annotations

from datetime import datetime

import numpy as np

from metricloop.collect.recipe import Recipe
from metricloop.collect.series import KeptPoints, read_series
from metricloop.kernel.grain import Grain, before, floor
from metricloop.kernel.series import Floats, Panel


def read_flows(
    points: KeptPoints, recipe: Recipe, grain: Grain, start: datetime, end: datetime
) -> tuple[Panel, Floats | None]:
    """The series in [start, end) as a detector takes it, and what each bucket began with (None: with nothing).

    Of a metric to date the panel holds what its buckets added; NaN where the bucket before is not known.
    """
    if recipe.metric.grain_to_date is None:
        return read_series(points, recipe, grain, start, end), None
    zone, week_start = recipe.zone, recipe.week_start
    panel = read_series(points, recipe, grain, before(start, grain, zone, week_start), end)
    base = np.zeros_like(panel.numerator)
    for row, at in enumerate(panel.starts):
        if _begins(recipe, grain, at):
            continue
        known = row > 0 and panel.starts[row - 1] == before(at, grain, zone, week_start)
        base[row] = panel.numerator[row - 1] if known else np.nan
    rows = [row for row, at in enumerate(panel.starts) if at >= start]
    flows = panel.numerator[rows] - base[rows]
    collected = tuple(panel.collected_at[row] for row in rows)
    starts = tuple(panel.starts[row] for row in rows)
    return Panel(panel.slices, starts, flows, panel.denominator[rows], collected), base[rows]


def _begins(recipe: Recipe, grain: Grain, at: datetime) -> bool:
    """Whether the bucket is the first of what it adds up to."""
    longer = recipe.metric.grain_to_date
    if longer is None:
        return True
    earlier = before(at, grain, recipe.zone, recipe.week_start)
    here, there = (floor(one, longer, recipe.zone, recipe.week_start) for one in (at, earlier))
    return here != there

"""Points of a metric beside what its monitors expected of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np

from metricloop.api.views.track import Track, zone_of
from metricloop.collect.known_then import KnownThen
from metricloop.collect.query_defaults import main_grain
from metricloop.collect.recipe import recipe_of
from metricloop.collect.series import read_series, series_axis
from metricloop.define.model import Metric
from metricloop.define.monitors import Monitor
from metricloop.define.project import Project
from metricloop.kernel.grain import Grain, after, floor
from metricloop.kernel.series import BandPanel, Panel
from metricloop.kernel.slices import TOTAL, Slice
from metricloop.loop.ports import LoopUnit

SPARK_SPAN = {
    Grain.HOUR: timedelta(hours=48),
    Grain.DAY: timedelta(days=30),
    Grain.WEEK: timedelta(weeks=26),
    Grain.MONTH: timedelta(days=400),
    Grain.QUARTER: timedelta(days=1100),
    Grain.YEAR: timedelta(days=3700),
}


def monitors_on(project: Project, metric: str, grain: Grain) -> list[Monitor]:
    """By name, so that the same band is drawn each time."""
    found = [m for m in project.monitors.values() if m.metric == metric and m.grain is grain]
    return sorted(found, key=lambda monitor: monitor.name)


def read_track(
    unit: LoopUnit,
    project: Project,
    metric: Metric,
    grain: Grain,
    start: datetime,
    end: datetime,
    slices: Sequence[Slice],
    known_at: datetime | None = None,
) -> Track:
    """Buckets that begin in [start, end); of those longer than an hour only the whole ones.

    known_at: points as they were known then; bands are always those that were drawn when the bucket was judged.
    """
    zone, recipe = zone_of(project, metric), recipe_of(project, metric)
    until = end
    if grain is not Grain.HOUR:
        start = floor(start, grain, zone, recipe.week_start)
        last = floor(end, grain, zone, recipe.week_start)
        until = last if last == end else after(last, grain, zone, recipe.week_start)
    points = unit.points if known_at is None else KnownThen(unit.points, known_at)
    panel = read_series(points, recipe, grain, start, until, slices)
    bands = [unit.bands.read(m.name, start, end, slices) for m in monitors_on(project, metric.name, grain)]
    return replace(_joined(recipe.metric, grain, zone, panel, bands), week_start=recipe.week_start)


def _joined(metric: Metric, grain: Grain, zone: ZoneInfo, panel: Panel, bands: Sequence[BandPanel]) -> Track:
    shape = panel.numerator.shape
    row_of = {at: i for i, at in enumerate(panel.starts)}
    expected, lower, upper, score = (np.full(shape, np.nan) for _ in range(4))
    anomalous = np.zeros(shape, dtype=np.bool_)
    for band in bands:
        here = [(i, row_of[at]) for i, at in enumerate(band.starts) if at in row_of]
        if not here:
            continue
        theirs, ours = (np.array(rows) for rows in zip(*here, strict=True))
        anomalous[ours] |= band.anomalous[theirs]
        free = np.isnan(expected[ours]) & ~np.isnan(band.expected[theirs])
        pairs = ((expected, band.expected), (lower, band.lower), (upper, band.upper), (score, band.score))
        for mine, given in pairs:
            mine[ours] = np.where(free, given[theirs], mine[ours])
    return Track(metric, grain, zone, panel, expected, lower, upper, score, anomalous)


def spark(unit: LoopUnit, project: Project, metric: Metric, now: datetime, slices: Sequence[Slice] = (TOTAL,)) -> Track:
    """The last days or hours of a metric, up to the data that are there."""
    return recent(unit, project, metric, main_grain(project, metric), now, slices)


def recent(
    unit: LoopUnit, project: Project, metric: Metric, grain: Grain, now: datetime, slices: Sequence[Slice]
) -> Track:
    """The last 30 days, 48 hours, 26 weeks ... up to where the data reach."""
    collection = unit.collections.get(metric.dataset)
    end = min(collection.until, now) if collection and collection.until else now
    return read_track(unit, project, metric, grain, end - SPARK_SPAN[grain], end, slices)


def axis_of(unit: LoopUnit, project: Project, metric: Metric, grain: Grain) -> tuple[Slice, ...]:
    """Every slice of the metric that has been seen."""
    return series_axis(unit.points, recipe_of(project, metric), grain)


def slices_along(unit: LoopUnit, project: Project, metric: Metric, grain: Grain, dimension: str) -> tuple[Slice, ...]:
    """The metric's slices by this one dimension, that have been seen."""
    return tuple(sorted(s for s in axis_of(unit, project, metric, grain) if s.dimensions == (dimension,)))

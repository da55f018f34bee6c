"""The one way to read a metric's stored series at any grain: kept as it is, summed, or reckoned of its inputs. Pure
over what the points say; asks no source.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import reduce
from typing import Protocol

import numpy as np

from metricloop.collect.coarser import to_longer
from metricloop.collect.kept import Kept, bucket_key
from metricloop.collect.recipe import Recipe
from metricloop.collect.spans import Span, joined, shifted, to_date, to_grain
from metricloop.define.formula import parse_formula
from metricloop.define.model import InputMetric
from metricloop.kernel.grain import HOUR, Grain, after, buckets
from metricloop.kernel.series import Flags, Floats, Panel, positions
from metricloop.kernel.slices import Slice


class KeptPoints(Protocol):
    """The stored points, by the name under which they are kept."""

    def axis(self, metric: str) -> tuple[Slice, ...]: ...

    def read(self, metric: str, start: datetime, end: datetime) -> Panel: ...

    def span(self, metric: str) -> tuple[datetime, datetime] | None: ...


def read_series(
    points: KeptPoints,
    recipe: Recipe,
    grain: Grain,
    start: datetime,
    end: datetime,
    slices: Sequence[Slice] | None = None,
) -> Panel:
    """Whole buckets in [start, end) whose points are all there, oldest first; all slices unless named.

    numerator and denominator are those of the metric where it has both; otherwise the value, and 1. NaN in the
    numerator is "cannot tell". A slice that is not known reads as 0/0.
    """
    if recipe.plain:
        found = to_longer(
            points.read(recipe.metric.name, start, end),
            grain,
            recipe.zone,
            recipe.week_start,
            ratio=recipe.metric.is_ratio,
        )
    else:
        starts = buckets(start, end, grain, recipe.zone, recipe.week_start)
        spans = [(at, after(at, grain, recipe.zone, recipe.week_start)) for at in starts]
        found = _panel(_cells(points, recipe, grain, [span for span in spans if span[1] <= end]))
    return found if slices is None else _only(found, tuple(slices))


def series_span(points: KeptPoints, recipe: Recipe, grain: Grain) -> tuple[datetime, datetime] | None:
    """From when to when the series can be read; of buckets that are kept apart, the end of the last one. None: never.

    The first buckets of a rolling window or an offset may still lack a part of their past.
    """
    if recipe.above:
        return _common(points.span(name) for name in (recipe.above, recipe.below))
    if recipe.kept is Kept.HOURS:
        return points.span(recipe.metric.name)
    if recipe.kept is Kept.BUCKETS:
        found = points.span(bucket_key(recipe.metric.name, grain))
        return found and (found[0], after(found[1] - HOUR, grain, recipe.zone, recipe.week_start))
    return _common(series_span(points, inner, grain) for inner in recipe.inputs)


def series_axis(points: KeptPoints, recipe: Recipe, grain: Grain) -> tuple[Slice, ...]:
    """Every slice that has been seen."""
    if recipe.above:
        return _merged(points.axis(name) for name in (recipe.above, recipe.below))
    if recipe.kept is Kept.HOURS:
        return points.axis(recipe.metric.name)
    if recipe.kept is Kept.BUCKETS:
        return points.axis(bucket_key(recipe.metric.name, grain))
    return _allowed(recipe, _merged(series_axis(points, inner, grain) for inner in recipe.inputs))


@dataclass(frozen=True, slots=True)
class _Cells:
    """Values of spans, [spans, slices]. known: the spans whose points are all there. read: when each was collected."""

    spans: tuple[Span, ...]
    slices: tuple[Slice, ...]
    numerator: Floats
    denominator: Floats
    known: Flags
    read: tuple[datetime | None, ...]
    divided: bool

    def values(self) -> Floats:
        if not self.divided:
            return self.numerator
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.where(self.denominator != 0, self.numerator / self.denominator, np.nan)

    def on(self, slices: tuple[Slice, ...]) -> Floats:
        """The values of these slices; what was never seen of a sum is 0, of anything else NaN."""
        place = positions(self.slices)
        missing = np.nan if self.divided else 0.0
        values = np.concatenate([self.values(), np.full((len(self.spans), 1), missing)], axis=1)
        return values[:, [place.get(one, len(self.slices)) for one in slices]]


def _cells(points: KeptPoints, recipe: Recipe, grain: Grain, spans: Sequence[Span]) -> _Cells:
    metric, zone, week_start = recipe.metric, recipe.zone, recipe.week_start
    if recipe.above:
        return _divided(*(_hours(points, name, spans, False) for name in (recipe.above, recipe.below)))
    if recipe.kept is Kept.HOURS:
        covered = [to_date(span, metric, zone, week_start) for span in spans]
        return replace(_hours(points, metric.name, covered, metric.is_ratio), spans=tuple(spans))
    if recipe.kept is Kept.BUCKETS:
        return _buckets(points, recipe, grain, spans)
    parts = [
        (one.alias, _cells(points, inner, grain, [_moved(one, span, grain, recipe) for span in spans]))
        for one, inner in zip(metric.inputs, recipe.inputs, strict=True)
    ]
    slices = _allowed(recipe, _merged(part.slices for _, part in parts))
    values = parse_formula(metric.expr or "").evaluate({alias: part.on(slices) for alias, part in parts})
    return _Cells(
        tuple(spans),
        slices,
        values,
        np.ones_like(values),
        np.logical_and.reduce([part.known for _, part in parts]),
        tuple(map(_latest, zip(*(part.read for _, part in parts), strict=True))),
        divided=False,
    )


def _moved(one: InputMetric, span: Span, grain: Grain, recipe: Recipe) -> Span:
    if one.offset is not None:
        return shifted(span, one.offset, grain, recipe.zone, recipe.week_start)
    if one.offset_to_grain is not None:
        return to_grain(span, one.offset_to_grain, grain, recipe.zone, recipe.week_start)
    return span


def _hours(points: KeptPoints, name: str, spans: Sequence[Span], ratio: bool) -> _Cells:
    """Sums of stored hours over spans, which may overlap."""
    panels = [points.read(name, start, end) for start, end in joined(spans)]
    slices = panels[-1].slices if panels else points.axis(name)
    starts = np.array([at.timestamp() for panel in panels for at in panel.starts])
    read = [at for panel in panels for at in panel.collected_at]
    top = np.concatenate([_wide(panel.numerator, len(slices)) for panel in panels] or [np.zeros((0, len(slices)))])
    bottom = np.concatenate([_wide(panel.denominator, len(slices)) for panel in panels] or [np.zeros((0, len(slices)))])
    edges = np.array([[start.timestamp(), end.timestamp()] for start, end in spans]).reshape(-1, 2)
    rows = list(zip(*(np.searchsorted(starts, edges[:, side]).tolist() for side in (0, 1)), strict=True))
    numerator = np.array([top[a:b].sum(axis=0) for a, b in rows]).reshape(len(rows), len(slices))
    denominator = np.array([bottom[a:b].sum(axis=0) for a, b in rows]).reshape(len(rows), len(slices))
    expected = np.round((edges[:, 1] - edges[:, 0]) / HOUR.total_seconds())
    known = np.array([b - a for a, b in rows]) == expected
    latest = tuple(max(read[a:b], default=None) for a, b in rows)
    unit = denominator if ratio else np.ones_like(denominator)
    return _Cells(tuple(spans), slices, numerator, unit, known & (expected > 0), latest, ratio)


def _buckets(points: KeptPoints, recipe: Recipe, grain: Grain, spans: Sequence[Span]) -> _Cells:
    """Stored buckets; a span that is none of them is not known."""
    key = bucket_key(recipe.metric.name, grain)
    panels = [points.read(key, start, end) for start, end in joined(spans)]
    slices = panels[-1].slices if panels else points.axis(key)
    stored = {
        (at, after(at, grain, recipe.zone, recipe.week_start)): (panel, row)
        for panel in panels
        for row, at in enumerate(panel.starts)
    }
    numerator = np.full((len(spans), len(slices)), np.nan)
    denominator = np.zeros((len(spans), len(slices)))
    read: list[datetime | None] = []
    for at, span in enumerate(spans):
        panel, row = stored.get(span, (None, 0))
        read.append(panel.collected_at[row] if panel else None)
        if panel is not None:
            numerator[at] = _wide(panel.numerator, len(slices))[row]
            denominator[at] = _wide(panel.denominator, len(slices))[row]
    known = np.array([at is not None for at in read], dtype=np.bool_)
    return _Cells(tuple(spans), slices, numerator, denominator, known, tuple(read), divided=True)


def _divided(above: _Cells, below: _Cells) -> _Cells:
    slices = _merged([above.slices, below.slices])
    read = tuple(map(_latest, zip(above.read, below.read, strict=True)))
    return _Cells(
        above.spans, slices, above.on(slices), below.on(slices), above.known & below.known, read, divided=True
    )


def _panel(cells: _Cells) -> Panel:
    """The buckets that are known."""
    rows = [at for at, known in enumerate(cells.known.tolist()) if known]
    starts, read = [cells.spans[at][0] for at in rows], [cells.read[at] for at in rows]
    collected = tuple(at or start for at, start in zip(read, starts, strict=True))
    return Panel(cells.slices, tuple(starts), cells.numerator[rows], cells.denominator[rows], collected)


def _only(panel: Panel, slices: tuple[Slice, ...]) -> Panel:
    place, absent = positions(panel.slices), len(panel.slices)
    columns = [place.get(one, absent) for one in slices]
    top, bottom = (_wide(matrix, absent + 1)[:, columns] for matrix in (panel.numerator, panel.denominator))
    return Panel(slices, panel.starts, top, bottom, panel.collected_at)


def _wide(matrix: Floats, width: int) -> Floats:
    """With columns for slices that came later: they were not there yet, which reads as 0/0."""
    return np.pad(matrix, ((0, 0), (0, max(0, width - matrix.shape[1]))))


def _allowed(recipe: Recipe, slices: tuple[Slice, ...]) -> tuple[Slice, ...]:
    return tuple(one for one in slices if set(one.dimensions) <= set(recipe.metric.dimensions))


def _merged(axes: Iterable[tuple[Slice, ...]]) -> tuple[Slice, ...]:
    return tuple(dict.fromkeys(one for axis in axes for one in axis))


def _latest(times: tuple[datetime | None, ...]) -> datetime | None:
    return max((at for at in times if at is not None), default=None)


def _common(spans: Iterable[tuple[datetime, datetime] | None]) -> tuple[datetime, datetime] | None:
    """What all spans share; None where one is missing, or nothing is shared."""
    given = list(spans)
    known = [one for one in given if one is not None]
    if not known or len(known) < len(given):
        return None
    start, end = reduce(lambda a, b: (max(a[0], b[0]), min(a[1], b[1])), known)
    return (start, end) if start < end else None

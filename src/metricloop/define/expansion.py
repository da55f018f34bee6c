"""The measures that a metric's own words imply: written inline, filtered further, or an average of sum and count.

So every simple or ratio metric names measures of its dataset, and nothing below has to know how it was written.
"""

from __future__ import annotations

from metricloop.define.dataset import Agg, Measure
from metricloop.define.metric_shapes import DatasetShape, MetricShape
from metricloop.define.model import MetricType


def parts_of(metric: MetricShape, dataset: DatasetShape | None) -> tuple[str, str | None]:
    """Names of the measures above and below the line; nothing below it where nothing is divided."""
    if metric.type is MetricType.DERIVED or dataset is None:
        return "", None
    if metric.type is MetricType.RATIO:
        sides = (metric.numerator or "", metric.denominator or "")
        if metric.filter is None:
            return sides
        return f"{metric.name}__numerator", f"{metric.name}__denominator"
    base = base_measure(metric, dataset)
    if base is not None and base.agg is Agg.AVERAGE:
        return f"{metric.name}__sum", f"{metric.name}__count"
    plain = metric.measure is not None and metric.filter is None
    return (metric.measure or "" if plain else f"{metric.name}__value"), None


def implied_measures(metric: MetricShape, dataset: DatasetShape) -> list[Measure]:
    """Measures to add to the metric's dataset; none where the metric only names what is there."""
    above, below = parts_of(metric, dataset)
    if metric.type is MetricType.RATIO:
        if metric.filter is None:
            return []
        sides = ((above, metric.numerator), (below, metric.denominator))
        found = [(name, _written(dataset, side)) for name, side in sides]
        return [_narrowed(one, name, metric.filter) for name, one in found if one is not None and name is not None]
    base = base_measure(metric, dataset)
    if base is None or above == metric.measure:
        return []
    if base.agg is Agg.AVERAGE and below is not None:
        total = Measure(above, Agg.SUM, base.expr, base.filter, implied=True)
        count = Measure(below, Agg.COUNT, base.expr, base.filter, implied=True)
        return [_narrowed(total, above, metric.filter), _narrowed(count, below, metric.filter)]
    return [_narrowed(base, above, metric.filter)]


def base_measure(metric: MetricShape, dataset: DatasetShape) -> Measure | None:
    """The one measure of a simple or cumulative metric, before its filter. None: of another type, or not known."""
    if metric.type not in (MetricType.SIMPLE, MetricType.CUMULATIVE):
        return None
    if metric.agg is not None:
        return Measure(metric.name, metric.agg, metric.expr or "1", None, metric.percentile)
    return _written(dataset, metric.measure)


def is_additive(metric: MetricShape, dataset: DatasetShape) -> bool:
    """Whether numerator and denominator of parts add up to those of the whole, over time and over slices."""
    if metric.type is MetricType.RATIO:
        sides = [_written(dataset, metric.numerator), _written(dataset, metric.denominator)]
        return all(side is not None and side.agg.additive for side in sides)
    base = base_measure(metric, dataset)
    return metric.type is MetricType.SIMPLE and base is not None and (base.agg.additive or base.agg is Agg.AVERAGE)


def _written(dataset: DatasetShape, name: str | None) -> Measure | None:
    found = next((one for one in dataset.measures if one.name == name), None)
    return Measure(found.name, found.agg, found.expr, found.filter, found.percentile) if found else None


def _narrowed(measure: Measure, name: str, more: str | None) -> Measure:
    both = [f"({one})" for one in (measure.filter, more) if one]
    kept = " AND ".join(both) if len(both) > 1 else (measure.filter or more)
    return Measure(name, measure.agg, measure.expr, kept, measure.percentile, implied=True)

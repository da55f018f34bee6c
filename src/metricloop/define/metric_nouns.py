"""From shapes to datasets and metrics; everything has been checked before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from zoneinfo import ZoneInfo

from metricloop.define.dataset import UTC_ZONE, Dataset, Dimension, Join, Measure, Quality
from metricloop.define.draft import Draft
from metricloop.define.expansion import implied_measures, is_additive, parts_of
from metricloop.define.metric_shapes import DatasetShape, DimensionShape, GovernanceShape, MetricShape
from metricloop.define.model import Governance, InputMetric, Metric, MetricType
from metricloop.kernel.grain import Grain

_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def datasets_of(draft: Draft, zone: ZoneInfo) -> Mapping[str, Dataset]:
    """Datasets by name, with the measures that the metrics' own words imply."""
    metrics = [shape for _, shape in sorted(draft.all(MetricShape), key=lambda pair: pair[0].name)]
    shaped = sorted(draft.all(DatasetShape), key=lambda pair: pair[0].name)
    return {
        document.name: _dataset(shape, zone, [metric for metric in metrics if metric.dataset == shape.name])
        for document, shape in shaped
    }


def metrics_of(draft: Draft) -> Mapping[str, Metric]:
    """Metrics by name."""
    shaped = sorted(draft.all(MetricShape), key=lambda pair: pair[0].name)
    return {document.name: _metric(shape, draft) for document, shape in shaped}


def _dataset(shape: DatasetShape, zone: ZoneInfo, metrics: Sequence[MetricShape]) -> Dataset:
    written = tuple(Measure(m.name, m.agg, m.expr, m.filter, m.percentile) for m in shape.measures)
    implied = {measure.name: measure for metric in metrics for measure in implied_measures(metric, shape)}
    return Dataset(
        name=shape.name,
        source=shape.source,
        table=shape.table or "",
        time_column=shape.time_column,
        timezone=shape.timezone or zone,
        lateness=shape.lateness,
        dimensions=tuple(shape.dimension_names),
        measures=(*written, *implied.values()),
        sql=shape.sql,
        label=shape.label,
        description=shape.description,
        owner=shape.owner,
        time_column_zone=shape.time_column_zone or UTC_ZONE,
        week_start=_DAYS.index(shape.week_start),
        grain=shape.grain,
        overlap=shape.overlap,
        updated_column=shape.updated_column,
        key=tuple(shape.key),
        joins=tuple(Join(one.name, one.table, tuple(one.on.items())) for one in shape.joins),
        details=tuple(_dimension(one) for one in shape.dimensions),
        quality=Quality(**dict(shape.quality)),
    )


def _dimension(shape: DimensionShape) -> Dimension:
    column = shape.column or (None if shape.expr else shape.name)
    return Dimension(shape.name, column, shape.join, shape.expr, shape.label, shape.synonyms)


def _metric(shape: MetricShape, draft: Draft) -> Metric:
    lead = lead_dataset(shape, draft)
    numerator, denominator = parts_of(shape, lead)
    return Metric(
        name=shape.name,
        type=shape.type,
        dataset=lead.name if lead else "",
        numerator=numerator,
        denominator=denominator,
        label=shape.label,
        description=shape.description,
        grains=grains_of(shape, lead),
        governance=_governance(shape.governance),
        dimensions=dimensions_of(shape, draft),
        expr=shape.expr if shape.type is MetricType.DERIVED else None,
        inputs=tuple(
            InputMetric(one.name, one.alias or one.name, one.offset_window, one.offset_to_grain, one.filter)
            for one in shape.input_metrics
        ),
        window=shape.window,
        grain_to_date=shape.grain_to_date,
        drivers=shape.drivers,
        additive=lead is not None and is_additive(shape, lead),
    )


def lead_dataset(shape: MetricShape, draft: Draft, depth: int = 0) -> DatasetShape | None:
    """The dataset of a metric: a derived one has that of its first input. None where nothing leads to one."""
    if shape.type is not MetricType.DERIVED:
        return draft.one(DatasetShape, shape.dataset) if shape.dataset else None
    first = draft.one(MetricShape, shape.input_metrics[0].name) if shape.input_metrics else None
    return lead_dataset(first, draft, depth + 1) if first is not None and depth < _DEEPEST else None


_DEEPEST = 20  # a chain of derived metrics; a circle has been reported before


def dimensions_of(shape: MetricShape, draft: Draft, depth: int = 0) -> tuple[str, ...]:
    """Ways to split a metric: its own list, else its dataset's; a derived one those that all its inputs share."""
    if shape.dimensions is not None:
        return tuple(shape.dimensions)
    if shape.type is not MetricType.DERIVED:
        dataset = draft.one(DatasetShape, shape.dataset) if shape.dataset else None
        return tuple(dataset.dimension_names) if dataset else ()
    inputs = [draft.one(MetricShape, one.name) for one in shape.input_metrics]
    found = [dimensions_of(one, draft, depth + 1) if one and depth < _DEEPEST else () for one in inputs]
    return tuple(name for name in (found[0] if found else ()) if all(name in one for one in found))


def grains_of(shape: MetricShape, dataset: DatasetShape | None) -> tuple[Grain, ...]:
    """As written; else hours and days where hours add up to days, and otherwise days, or longer where rows are."""
    if shape.grains is not None:
        return tuple(shape.grains)
    finest = dataset.grain if dataset else Grain.HOUR
    if finest is Grain.HOUR:
        adds_up = dataset is not None and is_additive(shape, dataset)
        return (Grain.HOUR, Grain.DAY) if adds_up else (Grain.DAY,)
    return (finest,)


def _governance(shape: GovernanceShape) -> Governance:
    values = dict(shape)
    return Governance(**{**values, "access": tuple(shape.access)})

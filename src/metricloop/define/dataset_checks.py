"""Meaning of sources and datasets: do the names exist, and do the parts fit together."""

from __future__ import annotations

from collections.abc import Iterator

from metricloop.define.dataset import Agg
from metricloop.define.draft import Draft, check_name, check_plugin, issue, repeated
from metricloop.define.metric_shapes import DatasetShape, DimensionShape, MeasureShape, SourceShape
from metricloop.define.model import Document, Kind
from metricloop.define.suggest import did_you_mean
from metricloop.kernel.errors import Issue
from metricloop.kernel.grain import Grain

_FINEST = (Grain.HOUR, Grain.DAY, Grain.WEEK, Grain.MONTH)


def check_sources(draft: Draft) -> Iterator[Issue]:
    for document, source in draft.all(SourceShape):
        yield from check_plugin(draft, document, "plugin", "sources", source.plugin)


def check_datasets(draft: Draft) -> Iterator[Issue]:
    for document, dataset in draft.all(DatasetShape):
        yield from check_name(draft, document, "source", Kind.SOURCE, dataset.source)
        if dataset.owner is not None:
            yield from check_name(draft, document, "owner", Kind.PERSON, dataset.owner)
        if dataset.grain not in _FINEST:
            yield issue(document, "grain", f"rows by {dataset.grain} are not read", "write hour, day, week or month")
        yield from _check_joins(document, dataset)
        yield from _check_dimensions(document, dataset)
        for at, name in repeated([measure.name for measure in dataset.measures]):
            yield issue(document, f"measures.{at}.name", f"the measure {name} is there twice", "give one another name")
        for at, measure in enumerate(dataset.measures):
            yield from check_aggregate(document, f"measures.{at}", f"measure {measure.name}", measure)


def _check_joins(document: Document, dataset: DatasetShape) -> Iterator[Issue]:
    for at, name in repeated([join.name for join in dataset.joins]):
        yield issue(document, f"joins.{at}.name", f"the join {name} is there twice", "give one another name")


def _check_dimensions(document: Document, dataset: DatasetShape) -> Iterator[Issue]:
    for at, name in repeated(dataset.dimension_names):
        yield issue(document, f"dimensions.{at}", f"the dimension {name} is there twice", "remove one")
    if dataset.time_column in dataset.dimension_names:
        problem = f"{dataset.time_column} is both time column and dimension"
        yield issue(document, "dimensions", problem, "remove it from dimensions: time is always a way to split")
    joins = [join.name for join in dataset.joins]
    for at, dimension in enumerate(dataset.dimensions):
        yield from _check_dimension(document, f"dimensions.{at}", dimension, joins)


def _check_dimension(document: Document, path: str, dimension: DimensionShape, joins: list[str]) -> Iterator[Issue]:
    if dimension.expr is not None and (dimension.column or dimension.join):
        problem = f"the dimension {dimension.name} has both expr and a column"
        yield issue(document, path, problem, "an expr reads columns of the dataset's own table; remove one of them")
    if dimension.join is not None and dimension.join not in joins:
        problem = f"the dimension {dimension.name} names the join {dimension.join}, which does not exist"
        yield issue(document, f"{path}.join", problem, did_you_mean(dimension.join, joins, "joins"))


def check_aggregate(document: Document, path: str, what: str, measure: MeasureShape) -> Iterator[Issue]:
    """Does the aggregate have what it needs, and nothing that it ignores?"""
    if measure.agg is not Agg.COUNT and measure.expr in ("1", "*"):
        does = "sums" if measure.agg is Agg.SUM else f"is the {measure.agg} of"
        yield issue(document, path, f"{what} {does} nothing but ones", "add expr: COLUMN, or write agg: count")
    if measure.agg is Agg.PERCENTILE and measure.percentile is None:
        yield issue(document, path, f"{what} does not say which percentile", "add percentile: 0.9")
    if measure.agg is not Agg.PERCENTILE and measure.percentile is not None:
        yield issue(document, f"{path}.percentile", f"{what} is no percentile", "write agg: percentile, or remove it")

"""Meaning of sources, datasets, metrics and monitors: do the names exist, and do the parts fit together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from metricloop.define.draft import Draft, check_name, check_plugin, issue, repeated
from metricloop.define.model import Agg, Document, Kind, MetricType
from metricloop.define.shapes import DatasetShape, GovernanceShape, MetricShape, MonitorShape, SourceShape
from metricloop.define.suggest import did_you_mean
from metricloop.kernel.errors import Issue

_BUDGETS = ("budget", "total_budget")
_NOT_NEGATIVE = ("minimum_denominator", "minimum_effect", "minimum_relative_effect", "minimum_history")
_MOST_ALARMS = 168  # one for each hour of a week


def check_sources(draft: Draft) -> Iterator[Issue]:
    for document, source in draft.all(SourceShape):
        yield from check_plugin(draft, document, "plugin", "sources", source.plugin)


def check_datasets(draft: Draft) -> Iterator[Issue]:
    for document, dataset in draft.all(DatasetShape):
        yield from check_name(draft, document, "source", Kind.SOURCE, dataset.source)
        for at, name in repeated([measure.name for measure in dataset.measures]):
            yield issue(document, f"measures.{at}.name", f"the measure {name} is there twice", "give one another name")
        for at, name in repeated(dataset.dimensions):
            yield issue(document, f"dimensions.{at}", f"the dimension {name} is there twice", "remove one")
        if dataset.time_column in dataset.dimensions:
            problem = f"{dataset.time_column} is both time column and dimension"
            yield issue(document, "dimensions", problem, "remove it from dimensions: time is always a way to split")
        for at, measure in enumerate(dataset.measures):
            if measure.agg is Agg.SUM and measure.expr == "1":
                problem = f"measure {measure.name} sums nothing but ones"
                yield issue(document, f"measures.{at}", problem, "add expr: COLUMN, or write agg: count")


def check_metrics(draft: Draft) -> Iterator[Issue]:
    for document, metric in draft.all(MetricShape):
        yield from _check_parts(document, metric)
        yield from check_name(draft, document, "dataset", Kind.DATASET, metric.dataset)
        yield from _check_measures(draft, document, metric)
        yield from check_name(draft, document, "governance.owner", Kind.PERSON, metric.governance.owner)
        yield from _check_unit(document, metric.type, metric.governance)


def _check_parts(document: Document, metric: MetricShape) -> Iterator[Issue]:
    """A simple metric has one measure, a ratio has two."""
    wanted = ("measure",) if metric.type is MetricType.SIMPLE else ("numerator", "denominator")
    for part in ("measure", "numerator", "denominator"):
        present = getattr(metric, part) is not None
        if part in wanted and not present:
            yield issue(document, "", f"{part} is missing", f"a {metric.type} metric needs {part}: MEASURE")
        elif present and part not in wanted:
            fix = f"a {metric.type} metric has {' and '.join(wanted)} only; remove {part}, or change type"
            yield issue(document, part, f"{part} does not belong to a {metric.type} metric", fix)
    if metric.numerator is not None and metric.numerator == metric.denominator:
        yield issue(document, "denominator", "numerator and denominator are the same", "name two measures")


def _check_measures(draft: Draft, document: Document, metric: MetricShape) -> Iterator[Issue]:
    dataset = draft.one(DatasetShape, metric.dataset)
    if dataset is None:
        return
    known = [measure.name for measure in dataset.measures]
    for part in ("measure", "numerator", "denominator"):
        name = getattr(metric, part)
        if name is not None and name not in known:
            problem = f"{part} names {name}, which is no measure of dataset {metric.dataset}"
            yield issue(document, part, problem, did_you_mean(name, known, "measures"))


def _check_unit(document: Document, kind: MetricType, governance: GovernanceShape) -> Iterator[Issue]:
    if governance.unit in ("%", "percent", "percentage"):
        yield issue(document, "governance.unit", f"unit is {governance.unit}", "write ratio; pages show it in percent")
    if kind is MetricType.SIMPLE and governance.unit == "ratio":
        problem = "a simple metric cannot have the unit ratio"
        yield issue(document, "governance.unit", problem, "write count or a currency, or make it type: ratio")
    if governance.value_of_one is not None and governance.currency is None:
        problem = "value_of_one has no currency"
        yield issue(document, "governance.value_of_one", problem, "add currency: CNY, or another code")


def check_monitors(draft: Draft) -> Iterator[Issue]:
    for document, monitor in draft.all(MonitorShape):
        yield from check_name(draft, document, "metric", Kind.METRIC, monitor.metric)
        yield from check_plugin(draft, document, "detector", "detectors", monitor.detector)
        yield from _check_watched(draft, document, monitor)
        yield from _check_options(document, monitor.options)


def _check_watched(draft: Draft, document: Document, monitor: MonitorShape) -> Iterator[Issue]:
    for at, dimension in repeated(monitor.slices):
        yield issue(document, f"slices.{at}", f"slices has {dimension or 'the total'} twice", "remove one")
    metric = draft.one(MetricShape, monitor.metric)
    if metric is None:
        return
    if monitor.grain not in metric.grains:
        fix = f"choose one of the metric's grains: {', '.join(metric.grains)}"
        yield issue(document, "grain", f"metric {monitor.metric} has no grain {monitor.grain}", fix)
    dataset = draft.one(DatasetShape, metric.dataset)
    for at, dimension in enumerate(monitor.slices):
        if dataset is not None and dimension and dimension not in dataset.dimensions:
            problem = f"slices names {dimension}, which is no dimension of dataset {metric.dataset}"
            fix = did_you_mean(dimension, dataset.dimensions, "dimensions") + '; "" is the total'
            yield issue(document, f"slices.{at}", problem, fix)


def _check_options(document: Document, options: Mapping[str, Any]) -> Iterator[Issue]:
    """Sanity of the options that all detectors share; the detector itself knows the rest."""
    for key in _BUDGETS:
        value = options.get(key, 1)
        if not _is_number(value) or not 0 < value <= _MOST_ALARMS:
            fix = "write false alarms per series and week, above 0, such as 0.01"
            yield issue(document, f"options.{key}", f"{key} is {value!r}", fix)
    for key in _NOT_NEGATIVE:
        value = options.get(key, 0)
        if not _is_number(value) or value < 0:
            yield issue(document, f"options.{key}", f"{key} is {value!r}", "write a number, 0 or more")
    if options.get("direction", "both") not in ("up", "down", "both"):
        problem = f"direction is {options['direction']!r}"
        yield issue(document, "options.direction", problem, "write the side that is bad: up, down or both")


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)

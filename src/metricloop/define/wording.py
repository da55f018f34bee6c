"""A metric's definition in words: message codes with parameters, which the doors make sentences of. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from metricloop.define.dataset import Agg, Dataset, Measure
from metricloop.define.model import InputMetric, Metric, MetricType, Status
from metricloop.define.project import Project
from metricloop.kernel.message import Message


def in_words(project: Project, metric: Metric) -> tuple[Message, ...]:
    """From what it is, over what it is made of, to when it is read and how far it may be relied on."""
    return (*_formula(project, metric), *_reading(project, metric), *_standing(metric))


def _formula(project: Project, metric: Metric) -> Iterator[Message]:
    dataset = project.datasets.get(metric.dataset)
    if metric.type is MetricType.DERIVED:
        yield Message("definition.derived", {"formula": metric.expr or ""})
        yield from (_input(each) for each in metric.inputs)
    elif metric.denominator is not None:
        yield Message("definition.ratio", {"numerator": metric.numerator, "denominator": metric.denominator})
    if metric.window is not None:
        yield Message("definition.window", {"window": str(metric.window)})
    if metric.grain_to_date is not None:
        yield Message("definition.to_date", {"grain": metric.grain_to_date.value})
    for name in (metric.numerator, metric.denominator):
        measure = dataset.measure(name) if dataset and name else None
        if dataset is not None and measure is not None:
            yield from _measure(dataset, measure)
    if metric.drivers is not None:
        yield Message("definition.drivers", {"formula": metric.drivers})


def _input(given: InputMetric) -> Message:
    named = {"metric": given.name, "alias": given.alias}
    if given.offset is not None:
        return Message("definition.input_before", {**named, "offset": str(given.offset)})
    if given.offset_to_grain is not None:
        return Message("definition.input_at_start", {**named, "grain": given.offset_to_grain.value})
    return Message("definition.input", named)


def _measure(dataset: Dataset, measure: Measure) -> Iterator[Message]:
    given = {"measure": measure.name, "dataset": dataset.name, "expr": measure.expr}
    if measure.agg is Agg.COUNT and measure.expr in ("1", "*"):
        yield Message("definition.rows", {"measure": measure.name, "dataset": dataset.name})
    elif measure.agg is Agg.PERCENTILE:
        yield Message("definition.percentile", {**given, "percent": round((measure.percentile or 0) * 100, 3)})
    else:
        code = {
            Agg.COUNT: "definition.count",
            Agg.SUM: "definition.sum",
            Agg.COUNT_DISTINCT: "definition.distinct",
            Agg.MIN: "definition.least",
            Agg.MAX: "definition.greatest",
            Agg.MEDIAN: "definition.median",
            Agg.AVERAGE: "definition.average",
        }[measure.agg]
        yield Message(code, {"measure": measure.name, "dataset": dataset.name, "expr": measure.expr})
    if measure.filter:
        yield Message("definition.where", {"measure": measure.name, "filter": measure.filter})


def _reading(project: Project, metric: Metric) -> Iterator[Message]:
    dataset = project.datasets.get(metric.dataset)
    if dataset is None:
        return
    late = max(dataset.lateness, metric.governance.lateness or dataset.lateness)
    yield Message("definition.days", {"timezone": dataset.timezone.key})
    yield Message("definition.late", {"seconds": late.total_seconds()})
    if not metric.additive and not metric.inputs:
        yield Message("definition.not_additive")


def _standing(metric: Metric) -> Iterator[Message]:
    governance = metric.governance
    match governance.status:
        case Status.CERTIFIED:
            yield Message("definition.certified")
        case Status.DEPRECATED if governance.successor:
            yield Message("definition.replaced", {"successor": governance.successor})
        case Status.DEPRECATED:
            yield Message("definition.deprecated")
        case Status.DRAFT:
            yield Message("definition.draft")
    if governance.access:
        yield Message("definition.shown_to", {"teams": list(governance.access)})

"""What is kept of a metric: hours that add up, buckets that were asked for one by one, or nothing at all.

Hours stand in the points under the metric's name, buckets under `bucket_key`. What is reckoned of its inputs when it
is read has no points of its own.
"""

from __future__ import annotations

from enum import StrEnum

from metricloop.define.model import InputMetric, Metric, MetricType
from metricloop.define.project import Project
from metricloop.kernel.grain import Grain


class Kept(StrEnum):
    """HOURS: numerators and denominators of hours, any longer bucket is their sum. A cumulative metric keeps those of
    its measure. BUCKETS: values of each of its grains, which do not add up. RECKONED: nothing, its inputs are kept.
    """

    HOURS = "hours"
    BUCKETS = "buckets"
    RECKONED = "reckoned"


def kept_of(project: Project, metric: Metric) -> Kept:
    """How a metric's points are kept. A derived one is reckoned, unless one of its inputs is filtered further: such an
    input is kept nowhere, so that the result has to be."""
    if metric.type is MetricType.DERIVED:
        return Kept.BUCKETS if any(one.filter for one in _all_inputs(project, metric)) else Kept.RECKONED
    if metric.additive:
        return Kept.HOURS
    base = project.dataset_of(metric).measure(metric.numerator)
    adds_up = base is not None and base.agg.additive and metric.denominator is None
    return Kept.HOURS if metric.type is MetricType.CUMULATIVE and adds_up else Kept.BUCKETS


def bucket_key(metric: str, grain: Grain) -> str:
    """The name under which the points of a grain are kept: `buyers@day`. Names of metrics have no @."""
    return f"{metric}@{grain}"


def metric_of(key: str) -> str:
    """Whose points stand under a `bucket_key`."""
    return key.partition("@")[0]


def datasets_of(project: Project, metric: Metric) -> tuple[str, ...]:
    """Names of all datasets that a metric's numbers come from, its own first."""
    found = [
        metric.dataset,
        *(name for one in metric.inputs for name in datasets_of(project, project.metric(one.name))),
    ]
    return tuple(dict.fromkeys(found))


def hourly_metrics(project: Project, dataset: str) -> list[Metric]:
    """The metrics of a dataset whose hours are kept."""
    own = [metric for metric in project.metrics.values() if metric.dataset == dataset]
    return [metric for metric in own if kept_of(project, metric) is Kept.HOURS]


def has_buckets(project: Project, dataset: str) -> bool:
    """Whether some metric that stands on the dataset is kept by buckets of its own."""
    return any(
        kept_of(project, metric) is Kept.BUCKETS and dataset in datasets_of(project, metric)
        for metric in project.metrics.values()
    )


def _all_inputs(project: Project, metric: Metric) -> list[InputMetric]:
    found = list(metric.inputs)
    for one in metric.inputs:
        found += _all_inputs(project, project.metric(one.name))
    return found

"""What the numbers of a metric are made of: everything that, were it otherwise, would give other numbers. Pure.

Two versions of a project whose makings of a metric are equal give equal numbers over equal data; so labels, owners,
gates and the like are no part of it. The data themselves may change: that is for `collect` to notice.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from metricloop.define.dataset import Dataset
from metricloop.define.model import InputMetric, Metric
from metricloop.define.project import Project
from metricloop.define.versions import content_hash


def formula_hash(project: Project, metric: Metric) -> str:
    """Hash of the metric's makings, its inputs' included; equal hashes, equal numbers."""
    return content_hash(_makings(project, metric, frozenset()))


def redefined(before: Project | None, after: Project) -> tuple[str, ...]:
    """Metrics of `after`, by name, whose numbers are not those of `before`; new ones among them."""
    old = before.metrics if before else {}
    return tuple(
        name
        for name, metric in after.metrics.items()
        if before is None or name not in old or formula_hash(before, old[name]) != formula_hash(after, metric)
    )


def standing_on(project: Project, name: str) -> tuple[str, ...]:
    """Derived metrics that reckon with this one, directly or not, by name."""
    found: set[str] = set()
    waiting = [name]
    while waiting:
        one = waiting.pop()
        for metric in project.metrics.values():
            if metric.name not in found and any(each.name == one for each in metric.inputs):
                found.add(metric.name)
                waiting.append(metric.name)
    return tuple(sorted(found - {name}))


def _makings(project: Project, metric: Metric, above: frozenset[str]) -> dict[str, Any]:
    if metric.inputs:
        inside = above | {metric.name}
        return {
            "type": metric.type.value,
            "expr": metric.expr,
            "dimensions": sorted(metric.dimensions),
            "inputs": [_input(project, each, inside) for each in metric.inputs],
        }
    dataset = project.datasets.get(metric.dataset)
    return {
        "type": metric.type.value,
        "dataset": dict(_dataset(dataset, metric)) if dataset else metric.dataset,
        "measures": [_measure(dataset, name) for name in (metric.numerator, metric.denominator) if name],
        "window": str(metric.window) if metric.window else None,
        "grain_to_date": metric.grain_to_date.value if metric.grain_to_date else None,
        # Sums are kept by the hour, whatever the grains; what does not add up is kept by each of them.
        "grains": [] if metric.additive else sorted(grain.value for grain in metric.grains),
    }


def _input(project: Project, given: InputMetric, above: frozenset[str]) -> dict[str, Any]:
    known = project.metrics.get(given.name)
    inner = _makings(project, known, above) if known and given.name not in above else {"name": given.name}
    return {
        "alias": given.alias,
        "offset": str(given.offset) if given.offset else None,
        "offset_to_grain": given.offset_to_grain.value if given.offset_to_grain else None,
        "filter": given.filter,
        "of": inner,
    }


def _dataset(dataset: Dataset, metric: Metric) -> Iterator[tuple[str, Any]]:
    yield "source", dataset.source
    yield "table", dataset.table
    yield "sql", dataset.sql
    yield "time", [dataset.time_column, dataset.time_column_zone.key, dataset.timezone.key, dataset.week_start]
    yield "grain", dataset.grain.value
    dimensions = [found for name in sorted(metric.dimensions) if (found := dataset.dimension(name)) is not None]
    yield "dimensions", [[each.name, each.column, each.join, each.expr] for each in dimensions]
    used = {each.join for each in dimensions if each.join}
    yield (
        "joins",
        [[join.name, join.table, [list(on) for on in join.on]] for join in dataset.joins if join.name in used],
    )


def _measure(dataset: Dataset | None, name: str) -> Any:
    found = dataset.measure(name) if dataset else None
    return [found.agg.value, found.expr, found.filter, found.percentile] if found else name

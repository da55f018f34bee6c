"""Meaning of monitors: does the metric exist, has it the grain and the dimensions, are the options sane."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from metricloop.define.draft import Draft, check_name, check_plugin, issue, repeated
from metricloop.define.metric_nouns import dimensions_of, grains_of, lead_dataset
from metricloop.define.metric_shapes import MetricShape
from metricloop.define.model import Document, Kind
from metricloop.define.shapes import MonitorShape
from metricloop.define.suggest import did_you_mean
from metricloop.kernel.errors import Issue
from metricloop.kernel.grain import Grain

_BUDGETS = ("budget", "total_budget")
_NOT_NEGATIVE = ("minimum_denominator", "minimum_effect", "minimum_relative_effect", "minimum_history")
_MOST_ALARMS = 168  # one for each hour of a week
_WATCHED = (Grain.HOUR, Grain.DAY)


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
    grains = grains_of(metric, lead_dataset(metric, draft))
    if monitor.grain not in grains:
        fix = f"choose one of the metric's grains: {', '.join(grains)}"
        yield issue(document, "grain", f"metric {monitor.metric} has no grain {monitor.grain}", fix)
    elif monitor.grain not in _WATCHED:
        yield issue(document, "grain", f"monitors do not watch {monitor.grain}s yet", "write grain: hour or day")
    known = dimensions_of(metric, draft)
    for at, dimension in enumerate(monitor.slices):
        if dimension and dimension not in known and not draft.incomplete:
            problem = f"slices names {dimension}, which is no dimension of metric {monitor.metric}"
            fix = did_you_mean(dimension, known, "dimensions") + '; "" is the total'
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

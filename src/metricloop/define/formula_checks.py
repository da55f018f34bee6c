"""Meaning of derived metrics and of metric trees: do their names exist, and does nothing lead back to itself."""

from __future__ import annotations

from collections.abc import Iterator

from metricloop.define.draft import Draft, check_name, issue, repeated
from metricloop.define.formula import parse_formula
from metricloop.define.metric_shapes import MetricShape
from metricloop.define.model import Document, Kind
from metricloop.define.sql_expressions import Refused
from metricloop.define.suggest import did_you_mean
from metricloop.kernel.errors import Issue


def check_derived(draft: Draft, document: Document, metric: MetricShape) -> Iterator[Issue]:
    """Every name of the formula is an input, every input is used and exists, and none of them needs this metric."""
    aliases = [one.alias or one.name for one in metric.input_metrics]
    for at, alias in repeated(aliases):
        yield issue(document, f"input_metrics.{at}", f"two inputs are called {alias}", "give one an alias")
    for at, one in enumerate(metric.input_metrics):
        yield from check_name(draft, document, f"input_metrics.{at}.name", Kind.METRIC, one.name)
        if one.offset_window is not None and one.offset_to_grain is not None:
            problem = f"input {one.alias or one.name} has two offsets"
            yield issue(document, f"input_metrics.{at}", problem, "write offset_window or offset_to_grain")
    circle = _circle(draft, metric)
    if circle:
        yield issue(document, "input_metrics", f"it needs itself: {' -> '.join(circle)}", "remove one of the inputs")
    if metric.expr is None:
        return
    try:
        used = parse_formula(metric.expr).names
    except Refused as error:
        yield issue(document, "expr", error.problem, error.fix)
        return
    for name in sorted(set(used) - set(aliases)):
        fix = did_you_mean(name, aliases, "inputs")
        yield issue(document, "expr", f"expr names {name}, which is no input metric", fix)
    for at, alias in enumerate(aliases):
        if alias not in used:
            yield issue(document, f"input_metrics.{at}", f"the input {alias} is not in expr", "use it, or remove it")


def _circle(draft: Draft, metric: MetricShape) -> list[str]:
    """The names from the metric back to itself, or nothing."""
    seen: set[str] = set()
    paths = [[metric.name, one.name] for one in metric.input_metrics]
    while paths:
        path = paths.pop()
        if path[-1] == metric.name:
            return path
        shape = draft.one(MetricShape, path[-1])
        if shape is None or path[-1] in seen:
            continue
        seen.add(path[-1])
        paths += [[*path, one.name] for one in shape.input_metrics]
    return []


def check_drivers(draft: Draft, document: Document, metric: MetricShape) -> Iterator[Issue]:
    """The metric tree: a formula over other metrics of the project. Whether it holds is checked on data, not here."""
    if metric.drivers is None:
        return
    try:
        names = parse_formula(metric.drivers).names
    except Refused as error:
        yield issue(document, "drivers", error.problem, error.fix)
        return
    if metric.name in names:
        yield issue(document, "drivers", "the metric drives itself", "name the metrics that it is made of")
    for name in sorted(names):
        yield from check_name(draft, document, "drivers", Kind.METRIC, name)

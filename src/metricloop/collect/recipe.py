"""How the series of a metric is made of what is kept. Pure; made of the live definitions, small, and comparable."""

from __future__ import annotations

from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

from metricloop.collect.kept import Kept, kept_of
from metricloop.define.formula import parse_formula
from metricloop.define.formula_shape import FormulaKind
from metricloop.define.model import Metric, MetricType
from metricloop.define.project import Project
from metricloop.kernel.grain import MONDAY


@dataclass(frozen=True, slots=True)
class Recipe:
    """One metric with what its series is reckoned of. inputs: recipes of `metric.inputs`, in their order.

    A derived metric that is one sum divided by another has them as `above` and `below`: names under which their hours
    are kept.
    """

    metric: Metric
    kept: Kept
    zone: ZoneInfo
    week_start: int = MONDAY
    inputs: tuple[Recipe, ...] = ()
    above: str = ""
    below: str = ""

    @property
    def plain(self) -> bool:
        """Whether hours are kept under its own name, and longer buckets are their sums."""
        return self.kept is Kept.HOURS and self.metric.type is not MetricType.CUMULATIVE

    @property
    def marks(self) -> tuple[object, ...]:
        """What else than its measures shapes the numbers, all the way down; nothing for a plain one."""
        if self.plain:
            return ()
        metric = self.metric
        own = (metric.expr, metric.inputs, metric.window, metric.grain_to_date, self.above, self.below)
        inner = tuple((one.metric.numerator, one.metric.denominator, *one.marks) for one in self.inputs)
        return (*own, *inner)


def recipe_of(project: Project, metric: Metric) -> Recipe:
    """The recipe of a metric. Raises NotFound where an input is not there."""
    dataset = project.dataset_of(metric)
    zone, week_start = dataset.timezone, dataset.week_start
    kept = kept_of(project, metric)
    pair = _quotient(project, metric)
    if pair is not None:
        seen = seen_as(project, metric)
        return Recipe(seen, kept, zone, week_start, above=pair[0].name, below=pair[1].name)
    inputs = tuple(recipe_of(project, project.metric(one.name)) for one in metric.inputs)
    return Recipe(metric, kept, zone, week_start, inputs)


def plain_recipe(metric: Metric, zone: ZoneInfo) -> Recipe:
    """Of a metric that is known to be additive, without a project."""
    return Recipe(metric, Kept.HOURS, zone)


def seen_as(project: Project, metric: Metric) -> Metric:
    """The metric as detection and attribution see it: a formula a / b over two sums of one dataset is a ratio."""
    pair = _quotient(project, metric)
    if pair is None:
        return metric
    return replace(metric, numerator=pair[0].numerator, denominator=pair[1].numerator, dataset=pair[0].dataset)


def splits(project: Project, metric: Metric) -> bool:
    """Whether a change of the metric can be split over slices: its parts add up to it, or to both sides of it."""
    return metric.additive or _quotient(project, metric) is not None


def _quotient(project: Project, metric: Metric) -> tuple[Metric, Metric] | None:
    if metric.type is not MetricType.DERIVED or len(metric.inputs) != 2:
        return None
    if any(one.offset or one.offset_to_grain or one.filter for one in metric.inputs):
        return None
    shape = parse_formula(metric.expr or "").shape
    if shape.kind is not FormulaKind.RATIO or shape.factor != 1.0 or shape.constant != 0.0:
        return None
    by_power = {shape.weights.get(one.alias): project.metric(one.name) for one in metric.inputs}
    above, below = by_power.get(1.0), by_power.get(-1.0)
    if above is None or below is None or above.dataset != below.dataset:
        return None
    sums = all(one.type is MetricType.SIMPLE and one.additive and not one.is_ratio for one in (above, below))
    return (above, below) if sums else None

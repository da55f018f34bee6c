"""Meaning of metrics: do the names exist, and do the parts fit together."""

from __future__ import annotations

from collections.abc import Iterator

from metricloop.define.dataset import Agg
from metricloop.define.dataset_checks import check_aggregate
from metricloop.define.draft import Draft, check_name, issue, repeated
from metricloop.define.formula_checks import check_derived, check_drivers
from metricloop.define.metric_nouns import dimensions_of, grains_of, lead_dataset
from metricloop.define.metric_shapes import DatasetShape, GovernanceShape, MeasureShape, MetricShape
from metricloop.define.model import Document, Kind, MetricType, Status
from metricloop.define.shapes import PersonShape
from metricloop.define.sql_expressions import Refused, check_expression
from metricloop.define.suggest import did_you_mean
from metricloop.kernel.errors import Issue

_PARTS = {
    MetricType.SIMPLE: (("measure",), ("agg", "expr", "percentile", "filter")),
    MetricType.RATIO: (("numerator", "denominator"), ("filter",)),
    MetricType.CUMULATIVE: (("measure",), ("agg", "expr", "percentile", "filter", "window", "grain_to_date")),
    MetricType.DERIVED: (("expr", "input_metrics"), ()),
}
_ALL_PARTS = (
    "dataset", "measure", "agg", "expr", "percentile", "numerator", "denominator", "input_metrics", "window",
    "grain_to_date", "filter",
)  # fmt: skip


def check_metrics(draft: Draft) -> Iterator[Issue]:
    for document, metric in draft.all(MetricShape):
        yield from _check_parts(document, metric)
        if metric.type is MetricType.DERIVED:
            yield from check_derived(draft, document, metric)
        else:
            yield from _check_base(draft, document, metric)
        yield from check_drivers(draft, document, metric)
        yield from _check_splits(draft, document, metric)
        yield from _check_governance(draft, document, metric)


def _check_parts(document: Document, metric: MetricShape) -> Iterator[Issue]:
    """Each type has its own words; the others would be ignored, so they are refused."""
    needed, may = _PARTS[metric.type]
    inline = metric.agg is not None and "measure" in needed
    needed = () if inline else needed
    if metric.type is not MetricType.DERIVED:
        needed = ("dataset", *needed)
    for part in _ALL_PARTS:
        present = getattr(metric, part) not in (None, [])
        if part in needed and not present:
            yield issue(document, "", f"{part} is missing", f"a {metric.type} metric needs {part}: {_EXAMPLE[part]}")
        elif present and part not in (*needed, *may):
            fix = f"a {metric.type} metric has {', '.join((*needed, *may))} only; remove {part}, or change type"
            yield issue(document, part, f"{part} does not belong to a {metric.type} metric", fix)
    if metric.numerator is not None and metric.numerator == metric.denominator:
        yield issue(document, "denominator", "numerator and denominator are the same", "name two measures")
    if metric.type is MetricType.CUMULATIVE and (metric.window is None) == (metric.grain_to_date is None):
        problem = "a cumulative metric has either a window or a grain_to_date"
        yield issue(document, "", problem, "write window: 7d (rolling), or grain_to_date: month (to date)")


_EXAMPLE = {
    "dataset": "DATASET, one of the datasets",
    "measure": "MEASURE, or agg and expr of its own",
    "numerator": "MEASURE",
    "denominator": "MEASURE",
    "expr": '"a / b", over the names of input_metrics',
    "input_metrics": "[{name: a}, {name: b}]",
}


def _check_base(draft: Draft, document: Document, metric: MetricShape) -> Iterator[Issue]:
    if metric.dataset is None:
        return
    yield from check_name(draft, document, "dataset", Kind.DATASET, metric.dataset)
    dataset = draft.one(DatasetShape, metric.dataset)
    if metric.agg is not None:
        yield from _check_inline(document, metric, metric.agg)
    elif metric.expr is not None and metric.type is not MetricType.RATIO:
        yield issue(document, "expr", "expr has no agg", "add agg: sum, or another")
    known = {measure.name: measure for measure in dataset.measures} if dataset else {}
    for part in ("measure", "numerator", "denominator"):
        name = getattr(metric, part)
        if dataset is None or name is None:
            continue
        if name not in known:
            problem = f"{part} names {name}, which is no measure of dataset {metric.dataset}"
            yield issue(document, part, problem, did_you_mean(name, known, "measures"))
        elif metric.type is MetricType.RATIO and known[name].agg is Agg.AVERAGE:
            fix = "divide sums and counts; or make a derived metric of two simple ones"
            yield issue(document, part, f"{part} is an average, which is a ratio already", fix)


def _check_inline(document: Document, metric: MetricShape, agg: Agg) -> Iterator[Issue]:
    if metric.measure is not None:
        yield issue(document, "measure", "there is both a measure and an agg", "write one of them")
    expr = metric.expr or "1"
    try:
        check_expression(expr)
    except Refused as error:
        yield issue(document, "expr", error.problem, error.fix)
        return
    measure = MeasureShape(name=metric.name, agg=agg, expr=expr, percentile=metric.percentile)
    yield from check_aggregate(document, "", "it", measure)


def _check_splits(draft: Draft, document: Document, metric: MetricShape) -> Iterator[Issue]:
    dataset = lead_dataset(metric, draft)
    if dataset is None:
        return
    if metric.dimensions is not None:
        known = dimensions_of(metric.model_copy(update={"dimensions": None}), draft)
        for at, name in repeated(metric.dimensions):
            yield issue(document, f"dimensions.{at}", f"the dimension {name} is there twice", "remove one")
        for at, name in enumerate(metric.dimensions):
            if name not in known and not draft.incomplete:
                problem = f"{name} is no dimension of its data"
                yield issue(document, f"dimensions.{at}", problem, did_you_mean(name, known, "dimensions"))
    for at, grain in enumerate(grains_of(metric, dataset)):
        if grain.rank < dataset.grain.rank:
            problem = f"dataset {dataset.name} has no rows by {grain}"
            yield issue(document, f"grains.{at}", problem, f"write {dataset.grain} or longer")
        if metric.grain_to_date is not None and grain.rank > metric.grain_to_date.rank:
            problem = f"a {grain} is longer than the {metric.grain_to_date} that it adds up to"
            yield issue(document, f"grains.{at}", problem, f"write {metric.grain_to_date} or shorter")


def _check_governance(draft: Draft, document: Document, metric: MetricShape) -> Iterator[Issue]:
    governance = metric.governance
    yield from check_name(draft, document, "governance.owner", Kind.PERSON, governance.owner)
    yield from _check_unit(document, metric, governance)
    if governance.successor is not None:
        yield from check_name(draft, document, "governance.successor", Kind.METRIC, governance.successor)
        if governance.status is not Status.DEPRECATED:
            problem = f"a {governance.status} metric has a successor"
            yield issue(document, "governance.successor", problem, "write status: deprecated, or remove it")
        if governance.successor == metric.name:
            yield issue(document, "governance.successor", "it is its own successor", "name another metric")
    teams = {team for _, person in draft.all(PersonShape) for team in person.teams}
    for at, team in enumerate(governance.access):
        if team not in teams and not draft.incomplete:
            problem = f"nobody is in the team {team}, so that nobody may see it by it"
            yield issue(document, f"governance.access.{at}", problem, did_you_mean(team, teams, "teams"))


def _check_unit(document: Document, metric: MetricShape, governance: GovernanceShape) -> Iterator[Issue]:
    if governance.unit in ("%", "percent", "percentage"):
        yield issue(document, "governance.unit", f"unit is {governance.unit}", "write ratio; pages show it in percent")
    counted = metric.type is MetricType.SIMPLE and metric.agg in (None, Agg.COUNT, Agg.COUNT_DISTINCT)
    if counted and metric.measure is not None and governance.unit == "ratio":
        problem = "a simple metric cannot have the unit ratio"
        yield issue(document, "governance.unit", problem, "write count or a currency, or make it type: ratio")
    if governance.value_of_one is not None and governance.currency is None:
        problem = "value_of_one has no currency"
        yield issue(document, "governance.value_of_one", problem, "add currency: CNY, or another code")

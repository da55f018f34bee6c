"""Our metrics as one SQL string each, over the fields of an Ossie model."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sqlglot import exp

from metricloop.define.dataset import Agg, Dataset, Measure
from metricloop.define.imports.model import Unmapped
from metricloop.define.imports.row_sql import MOST_NODES, column, parse_sql, written
from metricloop.define.model import Metric, MetricType
from metricloop.define.project import Project

Joined = Mapping[tuple[str, str], str]  # (dataset, dimension of a joined table) -> what that table is called


def metric_sql(project: Project, metric: Metric, joined: Joined) -> str:
    """The metric as SQL. Raises Unmapped where one string over one time cannot say it."""
    return written(_tree(project, metric, joined))


def columns_used(dataset: Dataset, filters: Iterable[str]) -> list[str]:
    """Columns of the dataset's own table that its measures and these filters name, each once."""
    texts = [text for one in dataset.measures for text in (one.expr, one.filter) if text and text != "*"]
    found = [node.name for text in (*texts, *filters) for node in parse_sql(text).find_all(exp.Column, bfs=False)]
    return [name for name in dict.fromkeys(found) if dataset.dimension(name) is None]


def _tree(project: Project, metric: Metric, joined: Joined) -> exp.Expr:
    if metric.type is MetricType.CUMULATIVE:
        raise Unmapped("it adds up over a window of time, for which Ossie has no words")
    if metric.type is MetricType.DERIVED:
        return _derived(project, metric, joined)
    dataset = project.dataset_of(metric)
    above = _aggregate(dataset, _measure(dataset, metric.numerator), joined)
    if metric.denominator is None:
        return above
    return _divided(above, _aggregate(dataset, _measure(dataset, metric.denominator), joined))


def _derived(project: Project, metric: Metric, joined: Joined) -> exp.Expr:
    trees: dict[str, exp.Expr] = {}
    for one in metric.inputs:
        if one.offset or one.offset_to_grain:
            raise Unmapped(f"it looks at {one.name} at another time, for which Ossie has no words")
        if one.filter:
            raise Unmapped(f"it filters {one.name}", "filter the simple metric, and name that")
        trees[one.alias] = _tree(project, project.metric(one.name), joined)

    def put(node: exp.Expr) -> exp.Expr:
        if isinstance(node, exp.Column):
            return exp.Paren(this=trees[node.name].copy())
        return node

    tree = parse_sql(metric.expr or "").transform(put)
    if sum(1 for _ in tree.walk()) > MOST_NODES:
        raise Unmapped("it is very long, written out as one string")
    return tree.transform(lambda node: _guarded(node) if isinstance(node, exp.Div) else node)


def _guarded(node: exp.Div) -> exp.Expr:
    if isinstance(node.expression.unnest(), exp.Nullif | exp.Literal):
        return node
    return exp.Div(this=node.this, expression=exp.Nullif(this=node.expression, expression=exp.Literal.number(0)))


def _divided(above: exp.Expr, below: exp.Expr) -> exp.Expr:
    """In decimals, as integers would lose theirs, and NULL where there is nothing to divide by."""
    decimal = exp.Mul(this=exp.Literal.number("1.0"), expression=above)
    return exp.Div(this=decimal, expression=exp.Nullif(this=below, expression=exp.Literal.number(0)))


def _measure(dataset: Dataset, name: str) -> Measure:
    found = dataset.measure(name)
    if found is None:
        raise Unmapped(f"its measure {name} is not there")
    return found


def _aggregate(dataset: Dataset, measure: Measure, joined: Joined) -> exp.Expr:
    kept = _qualified(dataset, measure.filter, joined) if measure.filter else None
    rows = measure.expr.strip() in ("1", "*")
    value = exp.Literal.number(1) if rows else _qualified(dataset, measure.expr, joined)
    if kept is not None:
        value = exp.Case().when(kept, value)
    if measure.agg is Agg.COUNT and rows and kept is None:
        # Rows of which of the datasets? A row without a time belongs to no bucket anyway.
        return exp.Count(this=exp.column(column(dataset.time_column).this, table=exp.to_identifier(dataset.name)))
    if measure.agg is Agg.COUNT:
        return exp.Count(this=value)
    if measure.agg is Agg.COUNT_DISTINCT:
        return exp.Count(this=exp.Distinct(expressions=[value]))
    if measure.agg in (Agg.MEDIAN, Agg.PERCENTILE):
        share = 0.5 if measure.percentile is None else measure.percentile
        ordered = exp.Order(expressions=[exp.Ordered(this=value)])
        return exp.WithinGroup(this=exp.PercentileCont(this=exp.Literal.number(share)), expression=ordered)
    kinds = {Agg.SUM: exp.Sum, Agg.MIN: exp.Min, Agg.MAX: exp.Max, Agg.AVERAGE: exp.Avg}
    return kinds[measure.agg](this=value)


def _qualified(dataset: Dataset, text: str, joined: Joined) -> exp.Expr:
    """The text with the name of its dataset before each column."""

    def put(node: exp.Expr) -> exp.Expr:
        if not isinstance(node, exp.Column):
            return node
        there = joined.get((dataset.name, node.name))
        known = dataset.dimension(node.name)
        name = (known.column if there and known else None) or node.name
        return exp.column(column(name).this, table=exp.to_identifier(there or dataset.name))

    return parse_sql(text).transform(put)

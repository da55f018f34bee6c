"""Measures as SQL. What counts is decided by CASE or FILTER inside the aggregate; nothing is divided by anything."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlglot import exp

from metricloop.collect.dialects import Dialect
from metricloop.collect.scope import Scope, where_of
from metricloop.collect.tree_parts import call, number, string
from metricloop.define.dataset import Agg, Dataset, Measure
from metricloop.kernel.errors import InvalidInput

_ARITHMETIC = (exp.Add, exp.Sub, exp.Mul, exp.Neg, exp.Abs, exp.Round)
_SHARES = {Agg.MEDIAN: 0.5}


@dataclass(frozen=True, slots=True)
class Aggregate:
    """One measure in one query: `value` of a row (None: the row itself) and which rows it is about (None: all)."""

    agg: Agg
    value: exp.Expr | None
    kept: exp.Expr | None
    share: float | None

    @property
    def case(self) -> exp.Expr:
        """The value, NULL for rows that it is not about."""
        value = self.value.copy() if self.value is not None else number(1)
        return exp.Case().when(self.kept.copy(), value, copy=False) if self.kept is not None else value


def measure_of(dataset: Dataset, name: str) -> Measure:
    """Raises InvalidInput, saying which there are."""
    measure = dataset.measure(name)
    if measure is None:
        known = ", ".join(m.name for m in dataset.measures) or "none"
        raise InvalidInput(f"no measure {name!r}", where=where_of(dataset), fix=f"known: {known}")
    return measure


def counts_rows(measure: Measure) -> bool:
    """True for COUNT(*); otherwise the expression's non-null values are counted or summed."""
    return measure.agg is Agg.COUNT and measure.expr.strip() in ("1", "*")


def aggregate_of(dataset: Dataset, measure: Measure, scope: Scope) -> Aggregate:
    where = f"dataset {dataset.name}, measure {measure.name}"
    kept = scope.condition(measure.filter, f"{where}, filter") if measure.filter else None
    value = None if counts_rows(measure) else scope.value(measure.expr, f"{where}, expr")
    share = measure.percentile if measure.agg is Agg.PERCENTILE else _SHARES.get(measure.agg)
    if measure.agg is Agg.PERCENTILE and share is None:
        raise InvalidInput(f"measure {measure.name!r} names no percentile", where=where, fix="add percentile: 0.9")
    return Aggregate(measure.agg, value, kept, share)


def aggregated(one: Aggregate, dialect: Dialect) -> exp.Expr:
    """The measure over the rows of a group. Raises nothing; a percentile must be one that the dialect has."""
    total = _total(one, dialect)
    if one.agg is Agg.SUM:
        total = exp.Coalesce(this=total, expressions=[number(0)])
    odd = odd_text(one, dialect)
    return told(odd, total) if odd is not None else total


def told(odd: exp.Expr, total: exp.Expr) -> exp.Expr:
    """A text that stands where a number should be becomes the answer, and so an error."""
    return exp.Coalesce(this=exp.Max(this=odd), expressions=[total])


def odd_text(one: Aggregate, dialect: Dialect) -> exp.Expr | None:
    """A row's text that is taken for 0 when it is reckoned with; None where the engine refuses to."""
    if not dialect.guards_numbers or one.agg in (Agg.COUNT, Agg.COUNT_DISTINCT):
        return None
    texts = exp.Case()
    for tree in _numbers_in(one.case):
        kind = exp.In(this=call("TYPEOF", tree.copy()), expressions=[string("text"), string("blob")])
        word = exp.Concat(expressions=[string("text "), exp.cast(tree.copy(), "text", copy=False)])
        texts = texts.when(kind, word, copy=False)
    return texts


def weighted(place: exp.Expr, count: exp.Expr, value: exp.Expr, share: float) -> exp.Expr:
    """A percentile from rows that know their `place` (from 1) among `count` values: the one or two values around it,
    each by its nearness.
    """
    distance = exp.Abs(
        this=exp.Sub(
            this=exp.Mul(this=number(share), expression=exp.paren(exp.Sub(this=count, expression=number(1)))),
            expression=exp.paren(exp.Sub(this=place, expression=number(1))),
        )
    )
    near = exp.LT(this=distance, expression=number(1))
    weight = exp.paren(exp.Sub(this=number(1), expression=distance.copy()))
    return exp.Sum(this=exp.Case().when(near, exp.Mul(this=value, expression=weight), copy=False))


def _total(one: Aggregate, dialect: Dialect) -> exp.Expr:
    if one.share is not None:
        assert dialect.percentile is not None, "asked by window functions"
        return dialect.percentile(one.case, one.share)
    if dialect.filters and one.kept is not None:
        total = _plain(one.agg, one.value.copy() if one.value is not None else None, dialect)
        return exp.Filter(this=total, expression=exp.Where(this=one.kept.copy()))
    rows = one.value is None and one.kept is None
    return _plain(one.agg, None if rows else one.case, dialect)


def _plain(agg: Agg, value: exp.Expr | None, dialect: Dialect) -> exp.Expr:
    if value is None:
        return exp.Count(this=exp.Star()) if agg is Agg.COUNT else exp.Sum(this=number(1))
    if agg is Agg.COUNT:
        return exp.Count(this=value)
    if agg is Agg.COUNT_DISTINCT:
        return exp.Count(this=exp.Distinct(expressions=[dialect.exact(value)]))
    if agg is Agg.AVERAGE:
        return exp.Avg(this=exp.cast(value, "double", copy=False))
    return {Agg.SUM: exp.Sum, Agg.MIN: exp.Min, Agg.MAX: exp.Max}[agg](this=value)


def _numbers_in(value: exp.Expr) -> Iterator[exp.Expr]:
    """The value, and the columns that it reckons with."""
    yield value
    for column in value.find_all(exp.Column):
        above = column.parent
        while above is not None and not isinstance(above, _ARITHMETIC):
            above = above.parent if not isinstance(above, exp.Case | exp.If) else None
        if above is not None:
            yield column

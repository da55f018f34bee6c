"""Foreign formulas over aggregates (`SUM(a) / NULLIF(COUNT(*), 0)`) as aggregates and the arithmetic between them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from sqlglot import exp

from metricloop.define.dataset import Agg
from metricloop.define.formula import parse_formula
from metricloop.define.imports.model import Unmapped
from metricloop.define.imports.row_sql import column, shown, written
from metricloop.define.sql_text import Refused

L = TypeVar("L")
_NUMERIC = exp.DataType.NUMERIC_TYPES
_AGGREGATES = (exp.AggFunc, exp.Filter, exp.WithinGroup, exp.Window)
_PLAIN: dict[type[exp.Expr], Agg] = {
    exp.Sum: Agg.SUM,
    exp.Avg: Agg.AVERAGE,
    exp.Min: Agg.MIN,
    exp.Max: Agg.MAX,
    exp.Median: Agg.MEDIAN,
}


@dataclass(frozen=True)
class Aggregate:
    """One aggregate of rows: the value (None counts rows), the condition that rows must meet, both as trees.

    notes: how its numbers may differ here.
    """

    agg: Agg
    value: exp.Expr | None
    condition: exp.Expr | None = None
    percentile: float | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Arithmetic(Generic[L]):
    """Arithmetic over leaves: in `tree`, the column `p0` is the first of them. notes: how numbers may differ here."""

    tree: exp.Expr
    leaves: tuple[L, ...]
    notes: tuple[str, ...] = ()

    def at(self, node: exp.Expr) -> L | None:
        """The leaf that a node is, when it is nothing else."""
        node = _bare(node)
        return self.leaves[int(node.name[1:])] if isinstance(node, exp.Column) else None

    def alone(self) -> L | None:
        """The one leaf that this is, without any arithmetic."""
        return self.at(self.tree)

    def ratio(self) -> tuple[L, L] | None:
        """The two leaves of a plain division."""
        if not isinstance(self.tree, exp.Div):
            return None
        above, below = self.at(self.tree.this), self.at(self.tree.expression)
        return None if above is None or below is None else (above, below)

    def text(self, names: Sequence[str]) -> str:
        """The formula with a name for each leaf. Raises Unmapped where it is none that may stand in a definition."""

        def put(node: exp.Expr) -> exp.Expr:
            return column(names[int(node.name[1:])]) if isinstance(node, exp.Column) else node

        text = written(self.tree.transform(put))
        try:
            parse_formula(text)
        except Refused as error:
            raise Unmapped(error.problem, error.fix) from error
        return text


def aggregate_of(node: exp.Expr) -> Aggregate:
    """What one aggregate function does. Raises Unmapped where there is no such measure here."""
    if isinstance(node, exp.Filter):
        inner = aggregate_of(node.this)
        return _narrowed(inner, node.expression.this)
    if isinstance(node, exp.Count):
        return _count(node)
    if isinstance(node, exp.CountIf):
        return Aggregate(Agg.COUNT, None, node.this)
    if isinstance(node, exp.ApproxDistinct):
        note = "it was an approximate distinct count and is an exact one here"
        return Aggregate(Agg.COUNT_DISTINCT, node.this, notes=(note,))
    if isinstance(node, exp.WithinGroup):
        return _percentile(node)
    for kind, agg in _PLAIN.items():
        if isinstance(node, kind):
            if isinstance(node.this, exp.Distinct):
                raise Unmapped(f"{shown(node.sql())} aggregates distinct values only", "make a view of distinct rows")
            return folded(agg, node.this)
    raise Unmapped(
        f"{shown(node.sql())} is no aggregate of metricloop", "use sum, count, count distinct, min, max, avg"
    )


def folded(agg: Agg, value: exp.Expr, percentile: float | None = None) -> Aggregate:
    """An aggregate whose CASE WHEN, where it only keeps rows out, has become a condition."""
    value = value.unnest()
    condition, kept = _case(agg, value)
    if condition is None:
        if agg is Agg.SUM and _is_number(value, 1):
            return Aggregate(Agg.COUNT, None)
        return Aggregate(agg, value, None, percentile)
    if agg is Agg.SUM and _is_number(kept, 1):
        return Aggregate(Agg.COUNT, None, condition)
    if agg is Agg.COUNT and isinstance(kept, exp.Literal):
        return Aggregate(Agg.COUNT, None, condition)
    return Aggregate(agg, kept, condition, percentile)


def aggregates_in(tree: exp.Expr) -> list[exp.Expr]:
    """The outermost aggregates of a formula."""
    found: list[exp.Expr] = []

    def put(node: exp.Expr) -> exp.Expr:
        if isinstance(node, _AGGREGATES):
            found.append(node)
            return exp.null()
        return node

    tree.transform(put)
    return found


def arithmetic(tree: exp.Expr, leaf: Callable[[exp.Expr], L], is_name: Callable[[exp.Column], bool]) -> Arithmetic[L]:
    """The tree with a column `p0`, `p1`, ... for each aggregate and each name of another metric.

    leaf: makes something of an aggregate node or of a column that `is_name`. Raises Unmapped on a bare column.
    """
    notes: list[str] = []
    leaves: list[L] = []
    if tree.find(exp.Query) is not None:
        raise Unmapped("it holds a query of its own", "make a view of it, and a dataset of that")

    def put(node: exp.Expr) -> exp.Expr:
        if not isinstance(node, (*_AGGREGATES, exp.Column)):
            return node
        if isinstance(node, exp.Window):
            raise Unmapped(f"{shown(node.sql())} is a window function", "write a cumulative metric instead")
        if isinstance(node, exp.Column) and not is_name(node):
            raise Unmapped(f"the column {node.sql()} stands outside of an aggregate", "sum it, or count it")
        made = leaf(node)
        if made not in leaves:
            leaves.append(made)
        return exp.column(f"p{leaves.index(made)}")

    simple = _simplified(tree.transform(put), notes)
    return Arithmetic(_bare(simple), tuple(leaves), tuple(dict.fromkeys(notes)))


def _simplified(node: exp.Expr, notes: list[str]) -> exp.Expr:
    """Without what only keeps SQL from failing: casts, `1.0 *`, NULLIF(x, 0), COALESCE(x, 0), guards against zero."""
    node = _unwrapped(node, notes)
    for key, child in list(node.args.items()):
        if isinstance(child, exp.Expr):
            node.set(key, _simplified(child, notes))
        elif isinstance(child, list):
            node.set(key, [_simplified(one, notes) if isinstance(one, exp.Expr) else one for one in child])
    if isinstance(node, exp.Div):
        node = exp.Div(this=node.this, expression=_denominator(node.expression))
    if isinstance(node, exp.Mul):
        for one, other in ((node.this, node.expression), (node.expression, node.this)):
            if _is_number(_bare(one), 1):
                return _bare(other) if isinstance(other, exp.Expr) else node
    return node


def _unwrapped(node: exp.Expr, notes: list[str]) -> exp.Expr:
    if isinstance(node, exp.Cast | exp.TryCast) and node.to.this in _NUMERIC:
        return _unwrapped(node.this, notes)
    if isinstance(node, exp.Round):
        notes.append("it was rounded, and is not here")
        return _unwrapped(node.this, notes)
    if isinstance(node, exp.SafeDivide):
        return exp.Div(this=node.this, expression=node.expression)
    if isinstance(node, exp.Coalesce) and len(node.expressions) == 1 and _is_number(node.expressions[0], 0):
        if not isinstance(_bare(node.this), exp.Column):
            notes.append("where there is nothing to divide by it was 0, and is no value here")
        return _unwrapped(node.this, notes)
    if isinstance(node, exp.Case | exp.If):
        return _guarded(node, notes)
    return node


def _guarded(node: exp.Expr, notes: list[str]) -> exp.Expr:
    """CASE WHEN b = 0 THEN NULL ELSE a / b END (and the other way round) is a / b: what is divided by 0 is no value."""
    branches = node.args.get("ifs") or [node] if isinstance(node, exp.Case) else [node]
    default = node.args.get("default") if isinstance(node, exp.Case) else node.args.get("false")
    if len(branches) != 1 or (isinstance(node, exp.Case) and node.this is not None):
        raise Unmapped("a CASE between aggregates is not read here", "make derived metrics of its branches")
    test, then = branches[0].this, branches[0].args.get("true")
    test = _without_null_test(test)
    zero = isinstance(test, exp.EQ) and _is_number(test.expression, 0)
    some = isinstance(test, exp.NEQ | exp.GT) and _is_number(test.expression, 0)
    kept, other = (default, then) if zero else (then, default)
    if not (zero or some) or not isinstance(kept, exp.Expr) or not _is_nothing(other):
        raise Unmapped("a CASE between aggregates is not read here", "make derived metrics of its branches")
    divided = _bare(kept.copy()).find(exp.Div)
    if divided is None or _bare(_denominator(divided.expression)) != _bare(test.this):
        raise Unmapped("a CASE between aggregates is not read here", "make derived metrics of its branches")
    if _is_number(other, 0):
        notes.append("where there is nothing to divide by it was 0, and is no value here")
    return kept


def _without_null_test(test: exp.Expr) -> exp.Expr:
    """`b = 0` of `b = 0 AND a IS NOT NULL` and of `b = 0 OR b IS NULL`, as Snowflake's DIV0 and DIV0NULL are read."""
    if isinstance(test, exp.And | exp.Or) and isinstance(test.this, exp.EQ):
        other = test.expression
        missing = other.this if isinstance(test, exp.And) and isinstance(other, exp.Not) else other
        if isinstance(missing, exp.Is) and isinstance(missing.expression, exp.Null):
            return test.this
    return test


def _denominator(node: exp.Expr) -> exp.Expr:
    bare = _bare(node)
    if isinstance(bare, exp.Nullif) and _is_number(bare.expression, 0):
        return bare.this if isinstance(bare.this, exp.Expr) else node
    return node


def _case(agg: Agg, value: exp.Expr) -> tuple[exp.Expr | None, exp.Expr]:
    """The condition and the value of a CASE with one branch that keeps rows out, or (None, value)."""
    if isinstance(value, exp.Cast) and isinstance(value.this.unnest(), exp.Predicate) and agg is Agg.SUM:
        return value.this.unnest(), exp.Literal.number(1)
    if isinstance(value, exp.Case):
        branches, default = value.args.get("ifs") or [], value.args.get("default")
        if len(branches) != 1 or value.this is not None:
            return None, value
        test, then = branches[0].this, branches[0].args.get("true")
    elif isinstance(value, exp.If):
        test, then, default = value.this, value.args.get("true"), value.args.get("false")
    else:
        return None, value
    nothing = default is None or isinstance(default, exp.Null) or (agg is Agg.SUM and _is_number(default, 0))
    return (test, then) if nothing and isinstance(then, exp.Expr) else (None, value)


def _count(node: exp.Count) -> Aggregate:
    counted = node.this
    if isinstance(counted, exp.Distinct):
        if len(counted.expressions) != 1:
            raise Unmapped("it counts distinct combinations of several columns", "make one column of them in a view")
        return folded(Agg.COUNT_DISTINCT, counted.expressions[0])
    if isinstance(counted, exp.Star | exp.Literal):
        return Aggregate(Agg.COUNT, None)
    if counted is None or node.expressions:
        raise Unmapped(f"{shown(node.sql())} counts several columns at once", "count one of them")
    return folded(Agg.COUNT, counted)


def _percentile(node: exp.WithinGroup) -> Aggregate:
    function = node.this
    ordered = node.expression.expressions if isinstance(node.expression, exp.Order) else []
    share = function.this if isinstance(function, exp.PercentileCont | exp.PercentileDisc) else None
    if not isinstance(share, exp.Literal) or len(ordered) != 1:
        raise Unmapped(f"{shown(node.sql())} is no percentile of metricloop", "write PERCENTILE_CONT(0.9)")
    if ordered[0].args.get("desc"):
        raise Unmapped("the percentile is counted from above", "write 1 - p, in ascending order")
    notes: tuple[str, ...] = ()
    if isinstance(function, exp.PercentileDisc):
        notes = ("it was a discrete percentile, and lies between two rows here",)
    found = folded(Agg.PERCENTILE, ordered[0].this, float(share.name))
    return Aggregate(found.agg, found.value, found.condition, found.percentile, notes)


def _narrowed(inner: Aggregate, condition: exp.Expr) -> Aggregate:
    both = condition if inner.condition is None else exp.and_(inner.condition, condition)
    return Aggregate(inner.agg, inner.value, both, inner.percentile, inner.notes)


def _bare(node: exp.Expr) -> exp.Expr:
    while isinstance(node, exp.Paren) and isinstance(node.this, exp.Expr):
        node = node.this
    return node


def _is_number(node: object, number: float) -> bool:
    return isinstance(node, exp.Literal) and not node.is_string and float(node.name) == number


def _is_nothing(node: object) -> bool:
    return node is None or isinstance(node, exp.Null) or _is_number(node, 0)

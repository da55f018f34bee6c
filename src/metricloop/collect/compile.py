"""From a reading to the SQL of its source, as a syntax tree and never as pasted text.

Every engine gets the same plan: one group per bucket and slice, nothing divided. Hours are cut by the engine's own
function; any other buckets are joined as a small table of bounds, reckoned here, where time zones are known. Sessions
are in UTC (source plugins see to it).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from sqlglot import exp

from metricloop.collect.aggregates import Aggregate, aggregate_of, aggregated, measure_of, odd_text, told, weighted
from metricloop.collect.dialects import DIALECTS, Dialect, dialect_of
from metricloop.collect.model import Reading
from metricloop.collect.rows_read import buckets_of, by_calendar, late_by, rows_of
from metricloop.collect.scope import Scope, checked_select, where_of
from metricloop.collect.tree_parts import number, string
from metricloop.collect.wall_times import wall_bound
from metricloop.define.dataset import Dataset
from metricloop.kernel.clock import utc
from metricloop.kernel.errors import InvalidInput
from metricloop.kernel.grain import Grain, floor

__all__ = ["DIALECTS", "NONE", "Plan", "compile_reading", "compile_select", "rows_of", "selected", "where_of"]

NONE = "(none)"  # how a NULL dimension value is called
_CALENDAR = "c"


def compile_reading(reading: Reading, dialect: str) -> str:
    """One SELECT: bucket, the dimensions of `reading.by`, the measures, in this order; rows in no order.

    Asks for one row more than `reading.limit`, so that `rows_of` can tell an overflow. Raises InvalidInput when a
    measure or dimension is unknown, its SQL is not allowed, or hours are asked of what does not add up.
    """
    rules = dialect_of(dialect)
    plan = Plan(reading, rules)
    if reading.buckets is None:
        _check_additive(reading)
    values = [aggregate_of(reading.dataset, measure_of(reading.dataset, name), plan.scope) for name in reading.measures]
    if rules.percentile is None and any(value.share is not None for value in values):
        query = _by_place(plan, values)
    else:
        columns = {f"m{i}": aggregated(value, rules) for i, value in enumerate(values)}
        query = plan.grouped({**plan.keys, **columns})
    return query.limit(reading.limit + 1, copy=False).sql(dialect=dialect, copy=False)


def compile_select(dataset: Dataset, dialect: str) -> str:
    """The SELECT that a dataset is written as, checked, as it is sent. Raises InvalidInput."""
    return checked_select(dataset, dialect_of(dialect)).sql()


class Plan:
    """What all questions about the buckets of a reading have in common: keys, relations and conditions."""

    def __init__(self, reading: Reading, dialect: Dialect) -> None:
        self.reading = reading
        self.dialect = dialect
        self.scope = Scope(reading.dataset, dialect)
        self.keys = {"bucket": self._bucket(), **{f"d{i}": self._slice(name) for i, name in enumerate(reading.by)}}

    def rows(self, columns: dict[str, exp.Expr]) -> exp.Select:
        """The named columns of the rows of the window."""
        reading, dataset = self.reading, self.reading.dataset
        bounds = self.instant(reading.start), self.instant(reading.end)
        conditions = list(self.dialect.within(self.scope.time, *bounds))
        if reading.where is not None:
            conditions.append(self.scope.condition(reading.where, f"dataset {dataset.name}, where"))
        query = selected(columns).where(exp.and_(*conditions, copy=False), copy=False)
        return self.scope.read_by(query, self._calendar())

    def grouped(self, columns: dict[str, exp.Expr]) -> exp.Select:
        """The same, where the first of them are the keys and the others aggregates."""
        query = self.rows(columns)
        keys = query.expressions[: len(self.keys)]
        if self.dialect.by_place:
            return query.group_by(*(number(i + 1) for i in range(len(keys))), copy=False)
        return query.group_by(*(key.this.copy() for key in keys), copy=False)

    def instant(self, at: datetime) -> exp.Expr:
        """An instant as the dataset's time column would hold it."""
        if utc(at).microsecond:
            raise InvalidInput(f"{at.isoformat()} is not a whole second", fix="read whole seconds only")
        return self.dialect.instant(wall_bound(utc(at), self.reading.dataset.time_column_zone))

    def _bucket(self) -> exp.Expr:
        _check_hours(self.reading)
        if by_calendar(self.reading):
            return _bound("i")
        (late,) = late_by(self.reading)
        return self.dialect.hour(self.scope.time, late // timedelta(minutes=1))

    def _slice(self, name: str) -> exp.Expr:
        text = self.dialect.text(self.scope.dimension(name))
        return exp.Coalesce(this=text, expressions=[string(NONE)])

    def _calendar(self) -> exp.Join | None:
        if not by_calendar(self.reading):
            return None
        lines = [
            selected({"i": number(i), "s": self.instant(start), "e": self.instant(end)})
            for i, (start, end) in enumerate(buckets_of(self.reading))
        ]
        table = exp.Subquery(this=_stacked(lines), alias=exp.TableAlias(this=exp.to_identifier(_CALENDAR, quoted=True)))
        within = self.dialect.within(self.scope.time, _bound("s"), _bound("e"))
        return exp.Join(this=table, kind="INNER", on=exp.and_(*within, copy=False))


def _by_place(plan: Plan, values: Sequence[Aggregate]) -> exp.Select:
    """For engines without percentiles: rows, then their places among their group's values, then groups."""
    names = list(plan.keys)
    cells = {f"v{i}": value.case for i, value in enumerate(values)}
    odd = {f"t{i}": odd_text(value, plan.dialect) for i, value in enumerate(values)}
    cells |= {name: tree for name, tree in odd.items() if tree is not None}
    ranked: dict[str, exp.Expr] = {name: _column(name) for name in [*names, *cells]}
    final: dict[str, exp.Expr] = {name: _column(name) for name in names}
    for i, value in enumerate(values):
        cell = _column(f"v{i}")
        if value.share is None:
            total = aggregated(Aggregate(value.agg, cell, None, None), replace(plan.dialect, guards_numbers=False))
        else:
            ranked |= {f"r{i}": _place_in_group(names, cell), f"n{i}": _count_in_group(names, cell)}
            total = weighted(_column(f"r{i}"), _column(f"n{i}"), exp.cast(cell, "double"), value.share)
        final[f"m{i}"] = told(_column(f"t{i}"), total) if f"t{i}" in cells else total
    rows = selected(ranked).from_(plan.rows({**plan.keys, **cells}).subquery("t", copy=False), copy=False)
    grouped = selected(final).from_(rows.subquery("p", copy=False), copy=False)
    return grouped.group_by(*(_column(name) for name in names), copy=False)


def _place_in_group(group: Sequence[str], cell: exp.Expr) -> exp.Expr:
    """From 1, among the values that there are."""
    known = exp.Case().when(exp.Is(this=cell.copy(), expression=exp.Null()), number(0)).else_(number(1))
    order = exp.Order(expressions=[exp.Ordered(this=cell.copy(), nulls_first=True)])
    return exp.Window(this=exp.RowNumber(), partition_by=[*map(_column, group), known], order=order)


def _count_in_group(group: Sequence[str], cell: exp.Expr) -> exp.Expr:
    return exp.Window(this=exp.Count(this=cell.copy()), partition_by=list(map(_column, group)))


def _check_hours(reading: Reading) -> None:
    if reading.buckets is not None:
        return
    for at in (reading.start, reading.end):
        if floor(at, Grain.HOUR, reading.dataset.timezone) != utc(at):
            raise InvalidInput(f"{at.isoformat()} is not a whole hour", fix="read whole hours only")


def _check_additive(reading: Reading) -> None:
    for name in reading.measures:
        measure = measure_of(reading.dataset, name)
        if not measure.agg.additive:
            raise InvalidInput(
                f"measure {name!r} is a {measure.agg}, which hours do not add up to",
                where=where_of(reading.dataset),
                fix="ask for the buckets themselves",
            )


def selected(columns: dict[str, exp.Expr]) -> exp.Select:
    """A SELECT of trees, each with its name; takes the trees as they are."""
    return exp.Select(expressions=_named(columns))


def _named(columns: dict[str, exp.Expr]) -> list[exp.Expr]:
    return [
        tree if isinstance(tree, exp.Column) and not tree.table and tree.name == name else _alias(tree, name)
        for name, tree in columns.items()
    ]


def _alias(tree: exp.Expr, name: str) -> exp.Expr:
    return exp.alias_(tree, name, quoted=True, copy=False)


def _column(name: str) -> exp.Column:
    return exp.column(exp.to_identifier(name, quoted=True))


def _bound(name: str) -> exp.Column:
    quoted = [exp.to_identifier(one, quoted=True) for one in (name, _CALENDAR)]
    return exp.Column(this=quoted[0], table=quoted[1])


def _stacked(lines: Sequence[exp.Select]) -> exp.Query:
    if len(lines) == 1:
        return lines[0]
    return exp.union(*lines, distinct=False, copy=False)

"""Does a dataset fit the tables it names? Tells every problem at once, before anything is read."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator, Mapping

from sqlglot import exp

from metricloop.collect.aggregates import counts_rows
from metricloop.collect.column_types import UNTOLD, has_zone, is_date, is_number, is_text, is_time, is_told
from metricloop.collect.expressions import columns_of, parse_expression, parse_filter
from metricloop.define.dataset import UTC_ZONE, Agg, Dataset, Dimension, Join, Measure
from metricloop.kernel.errors import InvalidInput, Issue

Columns = Mapping[str, str]
_ADDING = (exp.Add, exp.Sub, exp.Mul, exp.Neg, exp.Abs, exp.Round, exp.Paren, exp.Column, exp.Literal, exp.Coalesce)
_PARTS = (exp.Identifier, exp.Cast, exp.DataType, exp.DataTypeParam)
_COMPARED = (exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE, exp.Between, exp.In)
_NUMERIC = re.compile(r"\s*[+-]?[0-9]*\.?[0-9]+([eE][+-]?[0-9]+)?\s*")


def dataset_issues(dataset: Dataset, columns: Columns, joined: Mapping[str, Columns] | None = None) -> list[Issue]:
    """All that does not fit `columns` (name -> the source's own type name) of the dataset's table or SELECT.

    joined: the same of each table that it joins, by the join's name; a join that is not in it is not looked at. Does
    not look at rows. SQLite has no time type: there a text column is accepted as time.
    """
    return [*_Check(dataset, columns, joined or {}).issues()]


class _Check:
    def __init__(self, dataset: Dataset, columns: Columns, joined: Mapping[str, Columns]) -> None:
        self._dataset = dataset
        self._columns = columns
        self._joined = joined
        self._kinds = {**columns, **{name: self._kind_of(name) for name in dataset.dimensions}}

    def issues(self) -> Iterator[Issue]:
        yield from self._time()
        for join in self._dataset.joins:
            yield from self._join(join)
        for name in self._dataset.dimensions:
            dimension = self._dataset.dimension(name)
            if dimension is not None:
                yield from self._dimension(dimension)
        yield from self._named("updated_column", [self._dataset.updated_column or self._dataset.time_column])
        yield from self._named("key", self._dataset.key)
        for measure in self._dataset.measures:
            yield from self._measure(measure)

    def _time(self) -> Iterator[Issue]:
        dataset, where = self._dataset, f"dataset {self._dataset.name}, time_column"
        name, zone = dataset.time_column, dataset.timezone.key
        if name not in self._columns:
            yield _unknown(name, self._columns, where)
            return
        kind = self._columns[name]
        if is_told(kind) and not is_time(kind):
            fix = "name a timestamp column, or declare its type as timestamp in the source"
            yield Issue(where, f"{name!r} is {kind}, not a time", fix)
        elif has_zone(kind) and dataset.time_column_zone != UTC_ZONE:
            yield Issue(where, f"{name!r} is {kind}, which has its zone in it", "remove time_column_zone")
        elif is_date(kind) and dataset.time_column_zone.key != zone:
            problem = (
                f"{name!r} is a date of {dataset.time_column_zone.key}, but the dataset's days are those of {zone}"
            )
            yield Issue(where, problem, f"write time_column_zone: {zone}")

    def _join(self, join: Join) -> Iterator[Issue]:
        where = f"dataset {self._dataset.name}, join {join.name}"
        theirs = self._joined.get(join.name)
        for ours, other in join.on:
            if ours not in self._columns:
                yield _unknown(ours, self._columns, where)
            elif theirs is not None and other not in theirs:
                yield _unknown(other, theirs, where, join.table)
            elif theirs is not None and _differ(self._columns[ours], theirs[other]):
                problem = f"{ours!r} is {self._columns[ours]}, but {join.table}.{other} is {theirs[other]}"
                yield Issue(where, problem, "join columns of one type; cast one of them in a view of the source")

    def _dimension(self, dimension: Dimension) -> Iterator[Issue]:
        where = f"dataset {self._dataset.name}, dimensions"
        if dimension.expr is not None:
            yield from self._written(f"dataset {self._dataset.name}, dimension {dimension.name}", dimension)
            return
        column = dimension.column or dimension.name
        if dimension.join is None:
            if column not in self._columns:
                yield _unknown(column, self._columns, where)
            return
        theirs, join = self._joined.get(dimension.join), self._dataset.join(dimension.join)
        if theirs is not None and join is not None and column not in theirs:
            yield _unknown(column, theirs, f"{where}, {dimension.name}", join.table)

    def _written(self, where: str, dimension: Dimension) -> Iterator[Issue]:
        try:
            tree = parse_expression(dimension.expr or "", where)
        except InvalidInput as error:
            yield Issue(error.where or where, error.problem, error.fix)
            return
        yield from (_unknown(name, self._columns, where) for name in columns_of(tree) if name not in self._columns)
        yield from _comparisons(tree, self._columns, where)

    def _named(self, key: str, names: Iterable[str]) -> Iterator[Issue]:
        for name in names:
            if name not in self._columns and name != self._dataset.time_column:
                yield _unknown(name, self._columns, f"dataset {self._dataset.name}, {key}")

    def _measure(self, measure: Measure) -> Iterator[Issue]:
        where = f"dataset {self._dataset.name}, measure {measure.name}"
        try:
            trees = _trees(measure, where)
        except InvalidInput as error:
            yield Issue(error.where or where, error.problem, error.fix)
            return
        for part, tree in trees.items():
            unknown = [name for name in columns_of(tree) if name not in self._kinds]
            yield from (_unknown(name, self._kinds, f"{where}, {part}") for name in unknown)
            yield from _comparisons(tree, self._kinds, f"{where}, {part}")
        if measure.agg not in (Agg.COUNT, Agg.COUNT_DISTINCT):
            yield from _number_issues(measure.agg, trees["expr"], self._kinds, f"{where}, expr")

    def _kind_of(self, name: str) -> str:
        dimension = self._dataset.dimension(name)
        if dimension is None or dimension.expr is not None:
            return UNTOLD
        columns = self._columns if dimension.join is None else self._joined.get(dimension.join, {})
        return columns.get(dimension.column or name, UNTOLD)


def _trees(measure: Measure, where: str) -> dict[str, exp.Expr]:
    trees: dict[str, exp.Expr] = {}
    if not counts_rows(measure):
        trees["expr"] = parse_expression(measure.expr, f"{where}, expr")
    if measure.filter:
        trees["filter"] = parse_filter(measure.filter, f"{where}, filter")
    return trees


def _number_issues(agg: Agg, tree: exp.Expr, kinds: Columns, where: str) -> Iterator[Issue]:
    """Some engines take text for 0 without a word; so columns that are plainly reckoned with must be numbers."""
    if not all(isinstance(node, (*_ADDING, *_PARTS)) for node in tree.walk()):
        return
    casts = (node for node in tree.find_all(exp.Cast) if not isinstance(node.parent, exp.Round))  # round() casts itself
    cast = {column.name for node in casts for column in node.find_all(exp.Column)}
    for name in columns_of(tree):
        kind = kinds.get(name, "")
        if is_told(kind) and not is_number(kind) and name not in cast:
            can = "summed" if agg is Agg.SUM else f"reckoned with as {agg}"
            yield Issue(where, f"{name!r} is {kind}, which cannot be {can}", "name a number column, or cast it")


def _comparisons(tree: exp.Expr, kinds: Columns, where: str) -> Iterator[Issue]:
    """MariaDB takes every word for 0 when it is compared with a number; others refuse, or compare letters."""
    for node in tree.find_all(*_COMPARED):
        sides = [side.unnest() for side in node.iter_expressions()]
        literals = [side for side in sides if isinstance(side, exp.Literal)]
        for column in (side for side in sides if isinstance(side, exp.Column)):
            kind = kinds.get(column.name, "")
            words = [one for one in literals if one.is_string and not _NUMERIC.fullmatch(str(one.this))]
            if is_number(kind) and words:
                problem = f"{column.name!r} is {kind}, and is compared with the text {words[0].this!r}"
                yield Issue(where, problem, "compare it with a number")
            if is_text(kind) and any(not one.is_string for one in literals):
                problem = f"{column.name!r} is {kind}, and is compared with a number"
                yield Issue(where, problem, "put the number into quotes, or cast the column")


def _differ(ours: str, theirs: str) -> bool:
    return (is_number(ours) and is_text(theirs)) or (is_text(ours) and is_number(theirs))


def _unknown(name: str, columns: Columns, where: str, table: str | None = None) -> Issue:
    near = difflib.get_close_matches(name, columns, n=1)
    known = ", ".join(list(columns)[:30]) or "none"
    problem = f"no column {name!r} in {table or 'the table'}"
    return Issue(where, problem, f"did you mean {near[0]!r}?" if near else f"known: {known}")

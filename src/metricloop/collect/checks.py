"""Does a dataset fit the table it names? Tells every problem at once, before anything is read."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Mapping

from sqlglot import exp

from metricloop.collect.aggregates import counts_rows
from metricloop.collect.expressions import columns_of, parse_expression, parse_filter
from metricloop.define.dataset import Agg, Dataset, Measure
from metricloop.kernel.errors import InvalidInput, Issue

_TIME = ("timestamp", "datetime", "date")
_NUMBER = ("int", "serial", "numeric", "decimal", "number", "float", "double", "real", "money", "bit")
_WRAPPED = re.compile(r"^(nullable\(|lowcardinality\()+")  # ClickHouse says so around the type
_UNTOLD = "unknown"  # what a source says that cannot tell; the first reading will
_ADDING = (exp.Add, exp.Sub, exp.Mul, exp.Neg, exp.Abs, exp.Paren, exp.Column, exp.Literal, exp.Coalesce)


def dataset_issues(dataset: Dataset, columns: Mapping[str, str]) -> list[Issue]:
    """All that does not fit `columns` (name -> the source's own type name, as its plugin reports it).

    Does not look at rows. SQLite has no time type: there a text column is accepted as time.
    """
    return [*_time_issues(dataset, columns), *_dimension_issues(dataset, columns), *_all_measures(dataset, columns)]


def _time_issues(dataset: Dataset, columns: Mapping[str, str]) -> Iterator[Issue]:
    where = f"dataset {dataset.name}, time_column"
    if dataset.time_column not in columns:
        yield _unknown(dataset.time_column, columns, where)
        return
    kind = _WRAPPED.sub("", columns[dataset.time_column].lower())
    if not kind.startswith((*_TIME, "text (time)", _UNTOLD)):
        yield Issue(
            where,
            f"{dataset.time_column!r} is {columns[dataset.time_column]}, not a time",
            "name a timestamp column, or declare its type as timestamp in the source",
        )


def _dimension_issues(dataset: Dataset, columns: Mapping[str, str]) -> Iterator[Issue]:
    for name in dataset.dimensions:
        if name not in columns:
            yield _unknown(name, columns, f"dataset {dataset.name}, dimensions")


def _all_measures(dataset: Dataset, columns: Mapping[str, str]) -> Iterator[Issue]:
    for measure in dataset.measures:
        where = f"dataset {dataset.name}, measure {measure.name}"
        try:
            trees = _trees(measure, where)
        except InvalidInput as error:
            yield Issue(error.where or where, error.problem, error.fix)
            continue
        for part, tree in trees.items():
            for name in columns_of(tree):
                if name not in columns:
                    yield _unknown(name, columns, f"{where}, {part}")
        if measure.agg is Agg.SUM:
            yield from _sum_issues(trees["expr"], columns, f"{where}, expr")


def _trees(measure: Measure, where: str) -> dict[str, exp.Expr]:
    trees: dict[str, exp.Expr] = {}
    if not counts_rows(measure):
        trees["expr"] = parse_expression(measure.expr, f"{where}, expr")
    if measure.filter:
        trees["filter"] = parse_filter(measure.filter, f"{where}, filter")
    return trees


def _sum_issues(tree: exp.Expr, columns: Mapping[str, str], where: str) -> Iterator[Issue]:
    """Some engines sum text to 0 without a word; so columns that are plainly added must be numbers."""
    if not all(isinstance(node, (*_ADDING, exp.Identifier)) for node in tree.walk()):
        return
    for name in columns_of(tree):
        kind = columns.get(name, "")
        if kind not in ("", _UNTOLD) and not any(word in kind.lower() for word in _NUMBER):
            yield Issue(where, f"{name!r} is {kind}, which cannot be summed", "sum a number column, or cast it")


def _unknown(name: str, columns: Mapping[str, str], where: str) -> Issue:
    near = difflib.get_close_matches(name, columns, n=1)
    known = ", ".join(list(columns)[:30]) or "none"
    return Issue(where, f"no column {name!r} in the table", f"did you mean {near[0]!r}?" if near else f"known: {known}")

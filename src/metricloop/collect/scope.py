"""Names of a dataset as trees over its relations: columns, dimensions, joined tables, and what authors wrote of them.

A name in an expression or filter is a dimension where there is one of that name, and else a column of the dataset's
own table; inside a dimension's own `expr` it is always a column.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TypeVar

from sqlglot import exp

from metricloop.collect.dialects import Dialect
from metricloop.collect.expressions import parse_expression, parse_filter
from metricloop.define.dataset import Dataset, Dimension, Join
from metricloop.define.sql_select import Select, check_select
from metricloop.define.sql_text import Refused
from metricloop.kernel.errors import InvalidInput

_FACT = "f"
_FOLDED = re.compile(r"[a-z_][a-z0-9_$]*")
_Q = TypeVar("_Q", bound=exp.Expr)


def where_of(dataset: Dataset) -> str:
    place = f"table {dataset.table}" if dataset.sql is None else "sql"
    return f"dataset {dataset.name} (source {dataset.source}, {place})"


def checked_select(dataset: Dataset, dialect: Dialect) -> Select:
    """The query that a dataset is written as. Raises InvalidInput with the reason when it is refused."""
    try:
        return check_select(dataset.sql or "", dialect.name)
    except Refused as error:
        raise InvalidInput(error.problem, where=f"dataset {dataset.name}, sql", fix=error.fix) from error


class Scope:
    """One query over a dataset. Remembers which joins it needs: an unused one costs nothing."""

    def __init__(self, dataset: Dataset, dialect: Dialect) -> None:
        self._dataset = dataset
        self._dialect = dialect
        self._used: dict[str, Join] = {}

    @property
    def time(self) -> exp.Column:
        return self.column(self._dataset.time_column)

    def column(self, name: str, table: str = _FACT) -> exp.Column:
        return exp.Column(this=self._name(name), table=exp.to_identifier(table, quoted=True))

    def dimension(self, name: str) -> exp.Expr:
        """The value of a dimension, NULL where there is none."""
        return self._dialect.fit(self._definition(name))

    def value(self, text: str, where: str) -> exp.Expr:
        return self._dialect.fit(_value_tree(text, where).transform(self._meant))

    def condition(self, text: str, where: str) -> exp.Expr:
        return self._dialect.fit(_condition_tree(text, where).transform(self._meant))

    def read_by(self, query: exp.Select, calendar: exp.Join | None = None) -> exp.Select:
        """`query`, from the dataset's relations. Call it last: it joins what the trees made so far have used."""
        query = query.from_(self._fact(), copy=False)
        if calendar is not None:
            query = query.join(calendar, copy=False)
        for join in self._used.values():
            query = query.join(self._join(join), copy=False)
        return query if calendar is not None or self._used else _unqualified(query)

    def _definition(self, name: str) -> exp.Expr:
        found = self._dataset.dimension(name)
        if found is None:
            known = ", ".join(self._dataset.dimensions) or "none"
            raise InvalidInput(f"no dimension {name!r}", where=where_of(self._dataset), fix=f"known: {known}")
        if found.expr is not None:
            tree = _value_tree(found.expr, f"dataset {self._dataset.name}, dimension {name}")
            return tree.transform(self._column_of)
        if found.join is not None:
            return self.column(found.column or name, self._joined(found))
        return self.column(found.column or name)

    def joined_table(self, join: Join) -> exp.Table:
        return self._table(join.table, self.alias(join))

    def alias(self, join: Join) -> str:
        return _alias(join.name)

    def _fact(self) -> exp.Expr:
        dataset = self._dataset
        if dataset.sql is None:
            return self._table(dataset.table, _FACT)
        return checked_select(dataset, self._dialect).subquery(_FACT)

    def _join(self, join: Join) -> exp.Join:
        alias = _alias(join.name)
        pairs = [
            equal
            for ours, theirs in join.on
            for equal in self._dialect.equal(self.column(ours), self.column(theirs, alias))
        ]
        return exp.Join(this=self._table(join.table, alias), side="LEFT", on=exp.and_(*pairs, copy=False))

    def _joined(self, dimension: Dimension) -> str:
        join = self._dataset.join(dimension.join or "")
        if join is None:
            raise InvalidInput(
                f"dimension {dimension.name!r} names the join {dimension.join!r}",
                where=where_of(self._dataset),
                fix="add it to joins of the dataset",
            )
        self._used[join.name] = join
        return _alias(join.name)

    def _table(self, name: str, alias: str) -> exp.Table:
        parts = name.split(".")
        if not all(parts) or len(parts) > 3:
            where = f"dataset {self._dataset.name}"
            raise InvalidInput(f"{name!r} is not a table name", where=where, fix="write table or schema.table")
        names = dict(zip(("this", "db", "catalog"), (self._name(part) for part in reversed(parts)), strict=False))
        return exp.Table(**names, alias=exp.TableAlias(this=exp.to_identifier(alias, quoted=True)))

    def _name(self, name: str) -> exp.Identifier:
        """As written; or, where an engine keeps plain names in capitals, so."""
        folded = name.upper() if self._dialect.folds_up and _FOLDED.fullmatch(name) else name
        return exp.to_identifier(folded, quoted=True)

    def _meant(self, node: exp.Expr) -> exp.Expr:
        if not isinstance(node, exp.Column) or node.table:
            return node
        is_dimension = self._dataset.dimension(node.name) is not None
        return _closed(self._definition(node.name)) if is_dimension else self.column(node.name)

    def _column_of(self, node: exp.Expr) -> exp.Expr:
        return self.column(node.name) if isinstance(node, exp.Column) and not node.table else node


# The same few texts are asked for hour after hour. Whoever takes a tree makes its own copy: transform() does.
@lru_cache(maxsize=2048)
def _value_tree(text: str, where: str) -> exp.Expr:
    return parse_expression(text, where)


@lru_cache(maxsize=2048)
def _condition_tree(text: str, where: str) -> exp.Expr:
    return parse_filter(text, where)


def _alias(join: str) -> str:
    return f"j_{join}"


def _closed(tree: exp.Expr) -> exp.Expr:
    return tree if isinstance(tree, exp.Column | exp.Case) else exp.paren(tree, copy=False)


def _unqualified(query: exp.Select) -> exp.Select:
    """Where there is one relation, its name says nothing. What stands in a query of its author is left as it is."""
    for part in [*query.expressions, query.args.get("where"), query.args.get("group")]:
        for column in part.find_all(exp.Column) if part is not None else ():
            column.set("table", None)
    fact = query.args["from_"].this
    if isinstance(fact, exp.Table):
        fact.set("alias", None)
    return query

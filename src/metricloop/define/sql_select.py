"""Datasets that a person writes as SQL: exactly one SELECT in the source's own dialect, from an allow-list.

Joins, subqueries, WITH, UNION and window functions are allowed. What is sent is rendered from the checked tree, and
that rendering is checked once more. Cost is not judged here: a source's time-out and row cap bound it, and a role that
may only SELECT is the wall behind this gate.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from sqlglot import exp
from sqlglot.dialects.dialect import Dialect
from sqlglot.errors import ErrorLevel, SqlglotError

from metricloop.define.sql_tables import check_tables
from metricloop.define.sql_text import Refused, one_tree, shown
from metricloop.define.sql_vocabulary import (
    BARE_FUNCTIONS,
    BY_NAME,
    CLOCKS,
    FUNCTIONS,
    JOINS,
    NAMED,
    OPERATORS,
    STRUCTURE,
    TYPES,
)

_MOST_CHARACTERS = 20_000
_WORDS = re.compile(r"[A-Za-z][A-Za-z_ ]{0,30}")  # of what is rendered as it stands: units, LEADING, ROWS
_FIX = "a dataset is one SELECT over tables of the source; see docs/reference/sql.md for what it may hold"


@dataclass(frozen=True, slots=True)
class Select:
    """A checked query. `tables` are those it reads, dotted, as written; `columns` all column names that occur in it.

    outputs: names of its columns, or None when it holds a * or gives one no name. `tree` is not to be changed: take
    `subquery`.
    """

    dialect: str
    tables: frozenset[str]
    columns: frozenset[str]
    outputs: tuple[str, ...] | None
    tree: exp.Query = field(compare=False, repr=False)

    def subquery(self, alias: str) -> exp.Subquery:
        """A copy to stand in a FROM."""
        name = exp.TableAlias(this=exp.to_identifier(alias, quoted=True))
        return exp.Subquery(this=self.tree.copy(), alias=name)

    def sql(self) -> str:
        """What is sent when the query is run alone."""
        return self.tree.sql(dialect=self.dialect)


def check_select(text: str, dialect: str, tables: Collection[str] | None = None) -> Select:
    """The query, or Refused with the reason.

    tables: the only ones it may read, as `table` or `schema.table`, letter case aside; None allows all but a system's
    own. Does not know which tables and columns exist. `dialect` must be one that sqlglot has (ValueError).
    """
    return _checked(text, dialect, None if tables is None else frozenset(tables))


@lru_cache(maxsize=256)  # a long query takes a second, and is compiled anew for every window
def _checked(text: str, dialect: str, tables: frozenset[str] | None) -> Select:
    Dialect.get_or_raise(dialect)
    tree = _query(text, dialect, _MOST_CHARACTERS)
    found = check_tables(tree, tables)
    if not found:
        raise Refused("the query reads no table", "write FROM and a table of the source")
    try:
        sent = tree.sql(dialect=dialect, unsupported_level=ErrorLevel.RAISE)
    except (SqlglotError, RecursionError, ValueError) as error:
        raise Refused("the query cannot be written for this source", "simplify it") from error
    if check_tables(_query(sent, dialect, 2 * _MOST_CHARACTERS), tables) != found:
        raise Refused("the query reads other tables when it is written anew", "give every table a plain name")
    columns = frozenset(column.name for column in tree.find_all(exp.Column) if column.name != "*")
    outputs = tree.named_selects
    named = not tree.is_star and len(outputs) == len(tree.selects)
    return Select(dialect, found, columns, tuple(outputs) if named else None, tree)


def _query(text: str, dialect: str, most_characters: int) -> exp.Query:
    """Parsed, and every node of it looked at."""
    tree = one_tree(text, most_characters=most_characters, form="query", dialect=dialect)
    if not isinstance(tree, exp.Select | exp.SetOperation):
        raise Refused(f"{shown(tree)} is not a SELECT", _FIX)
    for node in tree.walk():
        _check_kind(node)
        _check_arguments(node)
        check = _CHECKS.get(type(node))
        if check is not None:
            check(node)
    return tree


def _check_kind(node: exp.Expr) -> None:
    kind = type(node)
    if kind in STRUCTURE or kind in OPERATORS or kind in FUNCTIONS:
        return
    if kind in NAMED and isinstance(node.this, str):
        if node.this.lower() in BY_NAME:
            return
        raise Refused(f"{shown(node)}: the function {node.this!r} is not allowed", _FIX)
    if kind in CLOCKS:
        fix = "leave it out: only the hours that are due are read anyway"
        raise Refused(f"{shown(node)}: what a dataset holds must not depend on when it is asked", fix)
    if isinstance(node, exp.Func):
        raise Refused(f"{shown(node)}: this function is not allowed", _FIX)
    raise Refused(f"{shown(node)} is not allowed in a dataset", _FIX)


def _check_arguments(node: exp.Expr) -> None:
    allowed = STRUCTURE.get(type(node))
    for name, value in node.args.items():
        if not value or name == "_type":
            continue
        if allowed is not None and name not in allowed:
            raise Refused(f"{shown(node)}: {_words(name)} is not allowed in a dataset", _FIX)
        plain = isinstance(node, exp.Literal | exp.Identifier | exp.JSONPathKey) or type(node) in NAMED
        if isinstance(value, str) and not plain and not _WORDS.fullmatch(value):
            raise Refused(f"{value[:60]!r} is no word of SQL", _FIX)


def _words(name: str) -> str:
    return name.strip("_").replace("_", " ").upper()


def _check_name(node: exp.Expr) -> None:
    name = node.name
    if node.args.get("quoted"):
        if any(sign in '"`\\[]\t\n\r' for sign in name) or not name.strip():
            raise Refused(f"{name!r} is not a plain name", "give it a plain one")
    elif not re.fullmatch(r"\w+", name):
        raise Refused(f"{name!r} is not a plain name", "quote it as the source does")


def _check_column(node: exp.Expr) -> None:
    name = node.this
    bare = isinstance(name, exp.Identifier) and not name.quoted and not node.args.get("table")
    if bare and name.name.lower() in BARE_FUNCTIONS:
        raise Refused(f"{name.name} is a function of some engines", f"write it with its table, such as t.{name.name}")


def _check_literal(node: exp.Expr) -> None:
    if not node.is_string and not re.fullmatch(r"[0-9]*\.?[0-9]*([eE][+-]?[0-9]{1,3})?", str(node.this)):
        raise Refused(f"{shown(node)} is not a number", "write digits")


def _check_join(node: exp.Expr) -> None:
    for name in ("side", "kind", "method"):
        if str(node.args.get(name) or "").upper() not in JOINS:
            raise Refused(f"{shown(node)} is not a join that is allowed here", "write JOIN ... ON ...")


def _check_type(node: exp.Expr) -> None:
    if node.this not in TYPES:
        raise Refused(f"{shown(node)} is not a type that is allowed here", "cast to a number, text, date or time")


def _check_star(node: exp.Expr) -> None:
    """`*` stands for rows or columns, as t.* does, and not for a value."""
    parent = node.parent.parent if isinstance(node.parent, exp.Column) else node.parent
    if not isinstance(parent, exp.Select | exp.Count):
        raise Refused("* stands where a value must", "name the column")


def _check_path(node: exp.Expr) -> None:
    if not re.fullmatch(r"[\w -]{1,100}", str(node.this)):
        raise Refused(f"{str(node.this)[:60]!r} is not a plain JSON key", "give it a column of its own in a view")


def _check_safe(node: exp.Expr) -> None:
    if not isinstance(node.this, int):
        raise Refused("a JSON path may hold plain keys and positions only", "write -> 'key'")


_CHECKS: Mapping[type[exp.Expr], Callable[[exp.Expr], None]] = {
    exp.Identifier: _check_name,
    exp.Column: _check_column,
    exp.Literal: _check_literal,
    exp.Join: _check_join,
    exp.DataType: _check_type,
    exp.Star: _check_star,
    exp.JSONPathKey: _check_path,
    exp.JSONPathSubscript: _check_safe,
}

"""What an author wrote as SQL inside a dataset, as trees to build queries of, refused with its place.

What may be written is decided in `define.sql_expressions`; here are only the places and the engines' own ways.
"""

from __future__ import annotations

from collections.abc import Callable

from sqlglot import exp

from metricloop.define import sql_expressions
from metricloop.define.sql_expressions import Refused, columns_of
from metricloop.kernel.errors import InvalidInput

__all__ = ["columns_of", "fitted", "parse_expression", "parse_filter"]

_T = exp.DataType.Type
_TIMES = (_T.DATE, _T.TIMESTAMP, _T.DATETIME)
_COMPARISONS = (exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE, exp.Between, exp.In)


def parse_expression(text: str, where: str) -> exp.Expr:
    """The tree of a value over one row, with every identifier quoted as written.

    Raises InvalidInput, naming `where`, on anything outside the allow-list. Does not know which columns exist.
    """
    return _parsed(sql_expressions.parse_expression, text, where)


def parse_filter(text: str, where: str) -> exp.Expr:
    """Like `parse_expression`, for a condition: something that is true or false for a row."""
    return _parsed(sql_expressions.parse_predicate, text, where)


def fitted(tree: exp.Expr, dialect: str) -> exp.Expr:
    """The tree as this engine must be asked, to mean what it means elsewhere. Changes a copy.

    SQLite keeps times as text, in several forms: what is compared with a date or time is brought into one form.
    """
    return tree.transform(_comparable) if dialect == "sqlite" else tree


def _parsed(parse: Callable[[str], exp.Expr], text: str, where: str) -> exp.Expr:
    try:
        return parse(text)
    except Refused as error:
        raise InvalidInput(error.problem, where=where, fix=error.fix) from error


def _comparable(node: exp.Expr) -> exp.Expr:
    sides = list(node.iter_expressions()) if isinstance(node, _COMPARISONS) else []
    if any(_is_time(side) for side in sides):
        for side in sides:
            side.replace(exp.Anonymous(this="DATETIME", expressions=[side.copy()]))
    return node


def _is_time(node: exp.Expr) -> bool:
    return isinstance(node, exp.Cast) and node.to.this in _TIMES

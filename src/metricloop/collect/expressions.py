"""The SQL that an author may write inside a measure: an expression or a filter over the columns of one row.

Parsed to a syntax tree against an allow-list, so that no text ever reaches a source uninspected. No functions but the
few listed, no subqueries, no other tables, no parameters, and no division: numerator and denominator are fetched apart
and divided here, because engines disagree about x/0.
"""

from __future__ import annotations

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from metricloop.kernel.errors import InvalidInput

MAX_LENGTH = 2_000
MAX_DEPTH = 40

_ALLOWED: tuple[type[exp.Expr], ...] = (
    exp.Column, exp.Identifier, exp.Literal, exp.Boolean, exp.Null, exp.Paren,
    exp.And, exp.Or, exp.Not, exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE, exp.Is, exp.In, exp.Between, exp.Like,
    exp.Add, exp.Sub, exp.Mul, exp.Neg, exp.Abs,
    exp.Case, exp.If, exp.Coalesce, exp.Nullif, exp.Lower, exp.Upper, exp.Trim, exp.Cast, exp.DataType,
)  # fmt: skip
_PREDICATES: tuple[type[exp.Expr], ...] = (
    exp.And, exp.Or, exp.Not, exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE, exp.Is, exp.In, exp.Between, exp.Like,
    exp.Column, exp.Boolean,
)  # fmt: skip
_ALLOWED_NAMES = "comparisons, and/or/not, in, between, like, is null, + - *, case, coalesce, abs, lower, upper, cast"


def parse_expression(text: str, where: str) -> exp.Expr:
    """The tree of a value over one row, with every identifier quoted as written.

    Raises InvalidInput, naming `where`, on anything outside the allow-list. Does not know which columns exist.
    """
    tree = _parse(text, where)
    for node in tree.walk():
        _inspect(node, where)
    for identifier in tree.find_all(exp.Identifier):
        identifier.set("quoted", True)
    return tree


def parse_filter(text: str, where: str) -> exp.Expr:
    """Like `parse_expression`, for a predicate: something that is true or false for a row."""
    tree = parse_expression(text, where)
    if not isinstance(tree.unnest(), _PREDICATES):
        raise InvalidInput(f"{text!r} is not a condition", where=where, fix="write a comparison, such as delay <= 15")
    return tree


def columns_of(tree: exp.Expr) -> tuple[str, ...]:
    """Names of the columns that an expression reads, in order, each once."""
    return tuple(dict.fromkeys(column.name for column in tree.find_all(exp.Column)))


def _parse(text: str, where: str) -> exp.Expr:
    if len(text) > MAX_LENGTH or _depth(text) > MAX_DEPTH:
        raise InvalidInput(
            "the expression is too long or too deeply nested",
            where=where,
            fix="compute it as a column in a view of the source",
        )
    try:
        trees = [tree for tree in sqlglot.parse(text) if tree is not None]
    except (SqlglotError, RecursionError) as error:
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise InvalidInput(f"{text!r} cannot be read as SQL: {reason}", where=where, fix="correct it") from error
    if len(trees) != 1:
        raise InvalidInput(f"{text!r} is not one expression", where=where, fix="write exactly one expression")
    return trees[0]


def _depth(text: str) -> int:
    deepest = level = 0
    for character in text:
        level += (character == "(") - (character == ")")
        deepest = max(deepest, level)
    return deepest


def _inspect(node: exp.Expr, where: str) -> None:
    if isinstance(node, exp.Div | exp.IntDiv):
        raise InvalidInput(
            "a measure must not divide",
            where=where,
            fix="make two measures and a metric of type ratio; the division is done after the roll-up",
        )
    if type(node) not in _ALLOWED:
        raise InvalidInput(f"{node.sql()!r} is not allowed here", where=where, fix=f"use only {_ALLOWED_NAMES}")
    if isinstance(node, exp.Column) and (node.table or not isinstance(node.this, exp.Identifier)):
        raise InvalidInput(f"{node.sql()!r} is not a column of the dataset", where=where, fix="write the bare column")
    if isinstance(node, exp.In) and (node.args.get("query") or node.args.get("unnest") or node.args.get("field")):
        raise InvalidInput("a subquery is not allowed here", where=where, fix="list the values")

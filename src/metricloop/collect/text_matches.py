"""Conditions on texts that match exactly: where an engine's collation takes DHL, dhl and 'DHL ' for the same.

Compares of one column with another stay as the source has them.
"""

from __future__ import annotations

import re

from sqlglot import exp

_COMPARISONS = (exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE, exp.Between, exp.In, exp.Nullif)
_NUMBER_OR_TIME = re.compile(r"[0-9.:+\-TZ ]+")  # may be compared with a number or a time, and has no letter case


def exact_matches(tree: exp.Expr, dialect: str) -> exp.Expr:
    """The tree with every comparison with a text made exact, for the dialects mysql and sqlite. Changes a copy."""
    return tree.transform(_exact_mysql if dialect == "mysql" else _exact_sqlite)


def as_bytes(value: exp.Expr) -> exp.Expr:
    """MySQL: UTF-8, whatever the column's own character set is, then bytes. A literal is in UTF-8 already."""
    if isinstance(value, exp.Literal):
        return exp.cast(value.copy(), "binary")
    character_set = exp.DataType(this=exp.DataType.Type.CHARACTER_SET, kind=exp.var("utf8mb4"))
    return exp.cast(exp.Cast(this=value.copy(), to=character_set), "binary")


def _exact_mysql(node: exp.Expr) -> exp.Expr:
    if isinstance(node, exp.Like):
        as_utf8 = exp.DataType(this=exp.DataType.Type.CHARACTER_SET, kind=exp.var("utf8mb4"))
        node.set("this", exp.Cast(this=node.this.copy(), to=as_utf8))
        node.set("expression", exp.Collate(this=node.expression.copy(), expression=exp.var("utf8mb4_bin")))
    elif isinstance(node, exp.Case) and node.this:
        if any(_is_word(branch.this) for branch in node.args["ifs"]):
            node.set("this", as_bytes(node.this))
    elif isinstance(node, _COMPARISONS):
        sides = list(node.iter_expressions())
        if any(_is_word(side) for side in sides):
            for side in sides:
                side.replace(as_bytes(side))
    return node


def _exact_sqlite(node: exp.Expr) -> exp.Expr:
    subject = node.this if isinstance(node, (*_COMPARISONS, exp.Case)) else None
    others = list(node.find_all(exp.Literal)) if subject is not None else []
    if isinstance(subject, exp.Column) and any(one.is_string for one in others):
        node.set("this", exp.Collate(this=subject.copy(), expression=exp.var("BINARY")))
    return node


def _is_word(node: exp.Expr) -> bool:
    """A text that can only be compared with texts."""
    text = node.unnest()
    return isinstance(text, exp.Literal) and text.is_string and not _NUMBER_OR_TIME.fullmatch(str(text.this))

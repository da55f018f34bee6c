"""The smallest pieces that queries are built of."""

from __future__ import annotations

from sqlglot import exp

Tree = exp.Expr


def call(name: str, *arguments: Tree) -> exp.Anonymous:
    return exp.Anonymous(this=name, expressions=list(arguments))


def string(value: str) -> exp.Literal:
    return exp.Literal.string(value)


def number(value: int | float) -> Tree:
    return exp.Literal.number(value)

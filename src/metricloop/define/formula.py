"""Formulas over metrics: `gmv / nullif(visitors, 0) - 1`. Parsed against an allow-list, evaluated over arrays.

Undefined is NaN and never infinity: whoever divides by nothing cannot tell. Knows no units and no dimensions.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from metricloop.define.predicate import Refused
from metricloop.kernel.series import Floats

_MOST_CHARACTERS = 1000
_MOST_DEPTH = 30
_ALLOWED = "+ - * / and parentheses, numbers, names, coalesce, nullif, abs, least, greatest"
_BINARY: Mapping[type[exp.Expr], Callable[[Floats, Floats], Floats]] = {
    exp.Add: np.add,
    exp.Sub: np.subtract,
    exp.Mul: np.multiply,
    exp.Div: np.divide,
}
_FOLDS: Mapping[type[exp.Expr], Callable[[Floats, Floats], Floats]] = {
    exp.Least: np.minimum,
    exp.Greatest: np.maximum,
    exp.Coalesce: lambda first, rest: np.where(np.isnan(first), rest, first),
}


@dataclass(frozen=True, slots=True)
class Formula:
    """`names` are what it reckons with, in order of appearance."""

    text: str
    names: tuple[str, ...]
    tree: exp.Expr

    def evaluate(self, values: Mapping[str, Floats]) -> Floats:
        """float64 of the shape that the inputs broadcast to. Raises KeyError when a name is not given."""
        with np.errstate(all="ignore"):
            found = np.asarray(_value(self.tree, values), dtype=np.float64)
            shape = np.broadcast_shapes(*(np.shape(values[name]) for name in self.names))
            return np.broadcast_to(np.where(np.isfinite(found), found, np.nan), np.broadcast_shapes(found.shape, shape))


def parse_formula(text: str) -> Formula:
    """Raises Refused on anything but arithmetic over names. A name with - or . in it stands in double quotes."""
    depth = max((text[:at].count("(") - text[:at].count(")") for at in range(len(text) + 1)), default=0)
    if len(text) > _MOST_CHARACTERS or depth > _MOST_DEPTH:
        raise Refused("the formula is too long or too deeply nested", "make derived metrics of its parts")
    try:
        trees = [tree for tree in sqlglot.parse(text) if tree is not None]
    except (SqlglotError, RecursionError) as error:
        raise Refused(f"{text!r} cannot be read as a formula", f"use only {_ALLOWED}") from error
    if len(trees) != 1:
        raise Refused(f"{text!r} is not one formula", f"use only {_ALLOWED}")
    for node in trees[0].walk():
        _inspect(node)
    names = tuple(dict.fromkeys(column.name for column in trees[0].find_all(exp.Column, bfs=False)))
    if not names:
        raise Refused(f"{text!r} names no metric", "write a formula over metrics, such as a / b")
    return Formula(text, names, trees[0])


def _inspect(node: exp.Expr) -> None:
    plain = isinstance(node, (*_BINARY, *_FOLDS, exp.Nullif, exp.Abs, exp.Neg, exp.Paren, exp.Identifier))
    number = isinstance(node, exp.Literal) and not node.is_string
    name = isinstance(node, exp.Column) and not node.table and isinstance(node.this, exp.Identifier)
    if not (plain or number or name):
        raise Refused(f"{node.sql()!r} does not belong into a formula", f"use only {_ALLOWED}")


def _value(node: exp.Expr, values: Mapping[str, Floats]) -> Floats:
    if isinstance(node, exp.Column):
        return values[node.name]
    if isinstance(node, exp.Literal):
        return np.asarray(float(node.name))
    if isinstance(node, exp.Paren):
        return _value(node.this, values)
    if isinstance(node, exp.Neg):
        return -_value(node.this, values)
    if isinstance(node, exp.Abs):
        return np.abs(_value(node.this, values))
    if isinstance(node, exp.Nullif):
        first, second = _value(node.this, values), _value(node.expression, values)
        return np.where(first == second, np.nan, first)
    for kind, fold in _FOLDS.items():
        if isinstance(node, kind):
            parts = [_value(one, values) for one in (node.this, *node.expressions)]
            found = parts[-1]
            for part in reversed(parts[:-1]):
                found = fold(part, found)
            return found
    return _BINARY[type(node)](_value(node.this, values), _value(node.expression, values))

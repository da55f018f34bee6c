"""Is a formula a plain sum, product or ratio? Then a change of it splits exactly over its names.

Multiplies out: `a * (b + c)` is two terms, which is neither. At most a few terms; anything larger is `other`.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from metricloop.define.formula_nodes import Call, Name, Node, Number

_MOST_TERMS = 50
_Term = frozenset[tuple[str, int]]  # each name with its power, none of them 0
_Terms = Mapping[_Term, float]
_ONE: _Term = frozenset()


class FormulaKind(StrEnum):
    SUM = "sum"
    PRODUCT = "product"
    RATIO = "ratio"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class FormulaShape:
    """sum: constant + each name times its weight. product: constant + factor * each name to the power of its weight
    (1 multiplies, -1 divides). ratio: a product of one name by one other. other: no weights.
    """

    kind: FormulaKind
    weights: Mapping[str, float] = field(default_factory=dict)
    factor: float = 1.0
    constant: float = 0.0


def shape_of(root: Node) -> FormulaShape:
    """NaN from a division by zero is left aside: `nullif(x, 0)` under a fraction counts as x."""
    found = _terms(root)
    if found is None:
        return FormulaShape(FormulaKind.OTHER)
    terms = {term: weight for term, weight in found.items() if weight}
    constant = terms.pop(_ONE, 0.0)
    if not terms or not all(math.isfinite(weight) for weight in (*terms.values(), constant)):
        return FormulaShape(FormulaKind.OTHER)
    if all(len(term) == 1 and next(iter(term))[1] == 1 for term in terms):
        weights = {name: weight for term, weight in terms.items() for name, _ in term}
        return FormulaShape(FormulaKind.SUM, weights, constant=constant)
    if len(terms) > 1:
        return FormulaShape(FormulaKind.OTHER)
    ((term, factor),) = terms.items()
    powers = {name: float(power) for name, power in sorted(term)}
    ratio = sorted(powers.values()) == [-1.0, 1.0]
    return FormulaShape(FormulaKind.RATIO if ratio else FormulaKind.PRODUCT, powers, factor, constant)


def _terms(node: Node) -> _Terms | None:
    """The node multiplied out, or None. Goes down the left spine in a loop, as evaluation does."""
    chain: list[Call] = []
    while isinstance(node, Call):
        chain.append(node)
        node = node.parts[0]
    found: _Terms | None = _leaf(node)
    for call in reversed(chain):
        found = _combined(call, found)
        if found is None or len(found) > _MOST_TERMS:
            return None
    return found


def _leaf(node: Node) -> _Terms | None:
    if isinstance(node, Number):
        return {_ONE: node.number}
    return {frozenset({(node.name, 1)}): 1.0} if isinstance(node, Name) else None


def _combined(call: Call, first: _Terms | None) -> _Terms | None:
    second = _terms(call.parts[1]) if len(call.parts) == 2 else None
    if first is None or second is None:
        return None
    if call.name in ("+", "-"):
        sign = 1.0 if call.name == "+" else -1.0
        return {term: first.get(term, 0.0) + sign * second.get(term, 0.0) for term in dict.fromkeys((*first, *second))}
    if call.name == "*":
        return _multiplied(first, second)
    if call.name == "/" and len(second) == 1:
        ((term, weight),) = second.items()
        inverse = frozenset((name, -power) for name, power in term)
        return _multiplied(first, {inverse: 1.0 / weight}) if weight else None
    if call.name == "nullif" and second == {_ONE: 0.0}:
        return first
    return None


def _multiplied(first: _Terms, second: _Terms) -> _Terms | None:
    if len(first) * len(second) > _MOST_TERMS:
        return None
    found: dict[_Term, float] = {}
    for one, weight in first.items():
        for other, more in second.items():
            powers = dict(one)
            for name, power in other:
                powers[name] = powers.get(name, 0) + power
            term = frozenset((name, power) for name, power in powers.items() if power)
            found[term] = found.get(term, 0.0) + weight * more
    return found

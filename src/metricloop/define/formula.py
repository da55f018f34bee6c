"""Formulas over metrics: `gmv / nullif(visitors, 0) - 1`. Parsed by hand, evaluated over arrays, never as SQL.

Undefined is NaN and never infinity: whoever divides by nothing cannot tell. Knows no units, grains or slices.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from metricloop.define.formula_nodes import FUNCTIONS, Call, Name, Node, Number, names_in
from metricloop.define.formula_shape import FormulaShape, shape_of
from metricloop.define.sql_text import Refused, check_characters
from metricloop.kernel.series import Floats

_MOST_CHARACTERS = 2000
_MOST_NESTED = 40
_TOKEN = re.compile(
    r"""\s*(?:(?P<number>(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?)(?![\w.])
    |(?P<name>[^\W\d]\w*)|"(?P<double>[^"]*)"|`(?P<back>[^`]*)`|(?P<sign>[-+*/(),]))""",
    re.VERBOSE,
)
_NAME = re.compile(r"\w[\w.-]{0,62}")
_END = ("end", "")
_ALLOWED = f"use names, numbers, + - * /, parentheses, {', '.join(sorted(FUNCTIONS))}"


@dataclass(frozen=True, slots=True)
class Formula:
    """`names` are what it reckons with, each once, in order of appearance. `text` is as written."""

    text: str
    names: tuple[str, ...]
    root: Node

    @property
    def shape(self) -> FormulaShape:
        """Whether it is a plain sum, product or ratio, so that a change of it can be split exactly."""
        return shape_of(self.root)

    def evaluate(self, values: Mapping[str, Floats]) -> Floats:
        """float64, of the shape that the inputs broadcast to; NaN where undefined (x/0, overflow, a missing input).

        Missing is also the result of least and greatest where one part is missing. Raises KeyError on a name that is
        not given.
        """
        inputs = {name: np.asarray(values[name], dtype=np.float64) for name in self.names}
        whole = np.broadcast_shapes(*(one.shape for one in inputs.values()))
        with np.errstate(all="ignore"):
            return np.array(np.broadcast_to(self.root.value(inputs), whole))


def parse_formula(text: str) -> Formula:
    """Raises Refused on anything but arithmetic over at least one name.

    A name with - or . in it, or that begins with a digit, stands in double quotes or backticks.
    """
    if len(text) > _MOST_CHARACTERS:
        raise Refused(f"the formula has {len(text)} characters", "make derived metrics of its parts")
    check_characters(text)
    parser = _Parser(list(_tokens(text)))
    root = parser.whole()
    names = tuple(dict.fromkeys(names_in(root)))
    if not names:
        raise Refused(f"{_short(text)} names no metric", "write a formula over metrics, such as a / b")
    return Formula(text, names, root)


def _tokens(text: str) -> Iterator[tuple[str, str]]:
    at = 0
    while text[at:].strip():
        found = _TOKEN.match(text, at)
        if found is None:
            rest = text[at:].strip()
            raise Refused(f"{_short(rest)} does not belong into a formula", _ALLOWED)
        at = found.end()
        kind = str(found.lastgroup)
        value = found.group(kind)
        if kind in ("double", "back"):
            kind = "quoted"
            if not _NAME.fullmatch(value):
                raise Refused(f"{_short(value)} is not the name of a metric", "quotes hold one name, nothing else")
        yield kind, value


class _Parser:
    """Recursive descent; as deep as `_MOST_NESTED` allows."""

    def __init__(self, tokens: list[tuple[str, str]]) -> None:
        self._tokens = tokens
        self._at = 0
        self._nested = 0

    def whole(self) -> Node:
        root = self._sum()
        if self._next != _END:
            raise self._unexpected()
        return root

    @property
    def _next(self) -> tuple[str, str]:
        return self._tokens[self._at] if self._at < len(self._tokens) else _END

    def _took(self, *signs: str) -> str | None:
        """The sign, when it is the next one; then it is used up."""
        kind, value = self._next
        if kind != "sign" or value not in signs:
            return None
        self._at += 1
        return value

    def _sum(self) -> Node:
        left = self._product()
        while sign := self._took("+", "-"):
            left = Call(sign, (left, self._product()))
        return left

    def _product(self) -> Node:
        left = self._part()
        while sign := self._took("*", "/"):
            left = Call(sign, (left, self._part()))
        return left

    def _part(self) -> Node:
        self._nested += 1
        if self._nested > _MOST_NESTED:
            raise Refused(f"the formula is nested more than {_MOST_NESTED} deep", "make derived metrics of its parts")
        found = self._inner()
        self._nested -= 1
        return found

    def _inner(self) -> Node:
        if self._took("-"):
            return Call("-", (Number(0.0), self._part()))
        if self._took("("):
            inside = self._sum()
            self._close()
            return inside
        kind, value = self._next
        if kind not in ("number", "name", "quoted"):
            raise self._unexpected()
        self._at += 1
        if kind == "number":
            return _number(value)
        if kind == "name" and self._took("("):
            return self._call(value)
        return Name(value)

    def _call(self, name: str) -> Node:
        least_most = FUNCTIONS.get(name.lower())
        if least_most is None:
            raise Refused(f"{_short(name)} is no function of formulas", _ALLOWED)
        parts = [self._sum()]
        while self._took(","):
            parts.append(self._sum())
        self._close()
        least, most = least_most
        if not least <= len(parts) <= most:
            raise Refused(f"{name} takes {least if least == most else f'at least {least}'} values", _ALLOWED)
        return Call(name.lower(), tuple(parts))

    def _close(self) -> None:
        if not self._took(")"):
            raise self._unexpected()

    def _unexpected(self) -> Refused:
        value = self._next[1]
        return Refused(
            f"the formula goes wrong at {_short(value)}" if value else "the formula is not complete", _ALLOWED
        )


def _number(text: str) -> Number:
    value = float(text)
    if not math.isfinite(value):
        raise Refused(f"{_short(text)} is too large a number", "write a smaller one")
    return Number(value)


def _short(text: str) -> str:
    return repr(text if len(text) <= 60 else text[:57] + "...")

"""What a formula is made of: numbers, names, and operations on them, each with its value over arrays."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import reduce
from typing import Protocol

import numpy as np

from metricloop.kernel.series import Floats

_MANY = 20
FUNCTIONS: Mapping[str, tuple[int, int]] = {  # least and most values that each takes
    "abs": (1, 1),
    "nullif": (2, 2),
    "coalesce": (1, _MANY),
    "least": (1, _MANY),
    "greatest": (1, _MANY),
    "min": (1, _MANY),
    "max": (1, _MANY),
}


class Node(Protocol):
    def value(self, inputs: Mapping[str, Floats]) -> Floats:
        """Over arrays that broadcast. NaN where undefined; the caller silences numpy's warnings."""
        ...


@dataclass(frozen=True, slots=True)
class Number:
    number: float

    def value(self, inputs: Mapping[str, Floats]) -> Floats:
        return np.asarray(self.number, dtype=np.float64)


@dataclass(frozen=True, slots=True)
class Name:
    name: str

    def value(self, inputs: Mapping[str, Floats]) -> Floats:
        return _known(inputs[self.name])


@dataclass(frozen=True, slots=True)
class Call:
    """An operator or function and what it is applied to."""

    name: str
    parts: tuple[Node, ...]

    def value(self, inputs: Mapping[str, Floats]) -> Floats:
        # A long sum leans to the left: walked down in a loop, since Python's stack is short.
        chain: list[Call] = [self]
        while isinstance(first := chain[-1].parts[0], Call):
            chain.append(first)
        found = chain[-1].parts[0].value(inputs)
        for call in reversed(chain):
            found = call._applied(found, [part.value(inputs) for part in call.parts[1:]])
        return found

    def _applied(self, first: Floats, rest: list[Floats]) -> Floats:
        return _known(reduce(_OPERATIONS[self.name], rest, np.abs(first) if self.name == "abs" else first))


def names_in(root: Node) -> Iterator[str]:
    """In order of appearance, repeated ones too."""
    todo: list[Node] = [root]
    while todo:
        node = todo.pop()
        if isinstance(node, Name):
            yield node.name
        elif isinstance(node, Call):
            todo.extend(reversed(node.parts))


def _known(values: Floats) -> Floats:
    return np.where(np.isfinite(values), values, np.nan)


def _divided(first: Floats, second: Floats) -> Floats:
    return np.divide(first, np.where(second == 0, np.nan, second))


_OPERATIONS: Mapping[str, Callable[[Floats, Floats], Floats]] = {
    "+": np.add,
    "-": np.subtract,
    "*": np.multiply,
    "/": _divided,
    "abs": np.add,  # takes one value, so nothing is folded
    "nullif": lambda first, second: np.where(first == second, np.nan, first),
    "coalesce": lambda first, second: np.where(np.isnan(first), second, first),
    "least": np.minimum,
    "greatest": np.maximum,
    "min": np.minimum,
    "max": np.maximum,
}

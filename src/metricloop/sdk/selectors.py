"""Where in a JSON document something stands: the plain part of JSONPath (RFC 9535).

`$.data.items[*]`, `$['odd name'][0]`, `customer.name`: names, positions, `[*]` and `.*`. No filters, no descent (`..`),
no scripts: what a path selects can be seen by reading it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

_STEP = re.compile(
    r"""\.(?P<star>\*)|\.(?P<name>[^\W\d][\w-]*)|\[(?P<index>-?\d{1,9})\]|\[(?P<all>\*)\]|\['(?P<single>[^']+)'\]|\["(?P<double>[^"]+)"\]"""
)
_DEEPEST = 50


@dataclass(frozen=True, slots=True)
class Selector:
    """steps: a name, a position, or None for every element."""

    text: str
    steps: tuple[str | int | None, ...]

    def one(self, document: Any) -> Any | None:
        """The first value that is selected; None where nothing stands there, or null."""
        return next(_walk(document, self.steps), None)

    def every(self, document: Any) -> list[Any] | None:
        """All values that are selected; a list that is named stands for its elements, null for none.

        None when the path leads nowhere: before its first `[*]` a name or position is not there. That is not "empty".
        """
        plain = self.steps[: self.steps.index(None)] if None in self.steps else self.steps
        start = next(_walk(document, plain), _NOTHING)
        if start is _NOTHING:
            return None
        found = [] if start is None else list(_walk(start, self.steps[len(plain) :]))
        if self.steps and self.steps[-1] is None:
            return found
        return [each for value in found for each in (value if isinstance(value, list) else [value])]


_NOTHING = object()


@lru_cache(maxsize=4096)
def selector(text: str) -> Selector:
    """Read a path. Raises ValueError that says where it cannot be understood."""
    rest = text.strip()
    rest = rest[1:] if rest.startswith("$") else f".{rest}" if rest[:1] not in (".", "[") else rest
    steps: list[str | int | None] = []
    at = 0
    while at < len(rest):
        found = _STEP.match(rest, at)
        if found is None or len(steps) == _DEEPEST:
            raise ValueError(f"{text!r} is not a path at {rest[at : at + 20]!r}; write for example $.data.items[*]")
        steps.append(_step(found))
        at = found.end()
    return Selector(text, tuple(steps))


def _step(found: re.Match[str]) -> str | int | None:
    if found["star"] or found["all"]:
        return None
    if found["index"]:
        return int(found["index"])
    return found["name"] or found["single"] or found["double"]


def _walk(value: Any, steps: tuple[str | int | None, ...]) -> Iterator[Any]:
    if not steps:
        yield value
        return
    step, rest = steps[0], steps[1:]
    if step is None:
        elements = value if isinstance(value, list) else value.values() if isinstance(value, dict) else ()
        for element in elements:
            yield from _walk(element, rest)
    elif isinstance(step, int):
        if isinstance(value, list) and -len(value) <= step < len(value):
            yield from _walk(value[step], rest)
    elif isinstance(value, dict) and step in value:
        yield from _walk(value[step], rest)

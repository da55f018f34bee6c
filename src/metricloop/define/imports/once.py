"""Makes our metric of each foreign one when it is first needed, and only once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

from metricloop.define.imports.model import Unmapped

K = TypeVar("K")
_DEEPEST = 20  # metrics that need metrics; each level is a good part of the stack


class Once(Generic[K]):
    """`make` gives our name of what a key is; `known` whether there is such a key; `called` what the report calls it.

    Raises Unmapped for what is not known, needs itself, was left out before, or needs too long a chain of others.
    """

    def __init__(self, make: Callable[[K], str], known: Callable[[K], bool], called: Callable[[K], str]) -> None:
        self._make = make
        self._known = known
        self._called = called
        self._done: dict[K, str | None] = {}  # None: being made, or left out
        self._depth = 0

    def __call__(self, key: K) -> str:
        if not self._known(key):
            raise Unmapped(f"it needs {self._called(key)}, which is not in the files", "import them together")
        if key not in self._done:
            if self._depth >= _DEEPEST:
                raise Unmapped(f"it needs more than {_DEEPEST} others one behind the other", "write some of them out")
            self._done[key] = None
            self._depth += 1
            try:
                self._done[key] = self._make(key)
            finally:
                self._depth -= 1
        made = self._done[key]
        if made is None:
            raise Unmapped(f"it needs {self._called(key)}, which is left out or needs this one", "see there")
        return made

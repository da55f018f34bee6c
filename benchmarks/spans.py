"""A light profiler: the CPU seconds inside named functions, each without those of the named functions that it calls.

It replaces functions by timed ones for the length of a `with` block, in this process only: the program has no hooks for
it and pays nothing. A timed call costs about a microsecond. Not thread safe: it times the thread that enters it.
"""

from __future__ import annotations

import functools
import inspect
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import Any

_OTHER = "other"


class Spans:
    """seconds: by (stage, layer). A layer is what a stage asks for (the store, a source); its own code is layer ""."""

    def __init__(self) -> None:
        self.seconds: dict[tuple[str, str], float] = defaultdict(float)
        self.calls: Counter[str] = Counter()
        self._stack: list[tuple[str, str]] = [(_OTHER, "")]
        self._since = 0.0
        self._replaced: list[tuple[Any, str, Any]] = []

    def time_stage(self, stage: str, module: ModuleType) -> None:
        """Time every public function of a module as this stage."""
        for name, function in inspect.getmembers(module, inspect.isfunction):
            if function.__module__ == module.__name__ and not name.startswith("_"):
                self.time(module, name, stage=stage)

    def time_layer(self, layer: str, owner: type) -> None:
        """Time every public method of a class, and entering and leaving it, as this layer of whoever calls it."""
        for name, member in list(vars(owner).items()):
            if inspect.isfunction(member) and (not name.startswith("_") or name in ("__enter__", "__exit__")):
                self.time(owner, name, layer=layer)

    def time(self, owner: Any, name: str, *, stage: str | None = None, layer: str | None = None) -> None:
        """Time one function or method. Without a stage it belongs to that of its caller."""
        original = getattr(owner, name)

        @functools.wraps(original)
        def timed(*arguments: Any, **named: Any) -> Any:
            above = self._stack[-1]
            self._switch(above)
            self._stack.append((stage or above[0], "" if stage else layer or above[1]))
            self.calls[f"{owner.__name__}.{name}"] += 1
            try:
                return original(*arguments, **named)
            finally:
                self._switch(self._stack.pop())

        self._replaced.append((owner, name, original))
        setattr(owner, name, timed)

    @contextmanager
    def running(self) -> Iterator[None]:
        """Count from here to the end of the block; then every function is what it was."""
        self._since = time.thread_time()
        try:
            yield
        finally:
            self._switch(self._stack[-1])
            while self._replaced:
                owner, name, original = self._replaced.pop()
                setattr(owner, name, original)

    def _switch(self, until_now: tuple[str, str]) -> None:
        now = time.thread_time()
        self.seconds[until_now] += now - self._since
        self._since = now

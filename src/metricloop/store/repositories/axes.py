"""Which slice stands in which column of a packed panel. An axis only grows, so what was read once stays true."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, bindparam, func, select

from metricloop.kernel.series import positions
from metricloop.kernel.slices import Slice
from metricloop.store.locks import hold
from metricloop.store.statements import Statement
from metricloop.store.tables.series import axes

_READ = Statement(
    select(axes.c.slice)
    .where(axes.c.family == bindparam("of"), axes.c.name == bindparam("named"))
    .order_by(axes.c.position)
)

_WIDTH = Statement(
    select(func.max(axes.c.position)).where(axes.c.family == bindparam("of"), axes.c.name == bindparam("named"))
)

Columns = NDArray[np.intp]


class AxisMemory:
    """Axes that are committed, shared by the units of one store. Replaced whole, so threads may read it freely."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str], tuple[Slice, ...]] = {}

    def get(self, family: str, name: str) -> tuple[Slice, ...]:
        return self._known.get((family, name), ())

    def keep(self, axes_read: dict[tuple[str, str], tuple[Slice, ...]]) -> None:
        for key, axis in axes_read.items():
            if len(axis) > len(self._known.get(key, ())):
                self._known[key] = axis


class Axes:
    """The axes as one unit of work sees them."""

    def __init__(self, connection: Connection, memory: AxisMemory) -> None:
        self._connection = connection
        self._memory = memory
        self._seen: dict[tuple[str, str], tuple[Slice, ...]] = {}

    def read(self, family: str, name: str, *, at_least: int = 0) -> tuple[Slice, ...]:
        """The axis, read again only when it must have grown (a packed row is wider than what is known)."""
        axis = self._seen.get((family, name)) or self._memory.get(family, name)
        if axis and len(axis) >= at_least:
            return axis
        return self._read_again(family, name)

    def fresh(self, family: str, name: str) -> tuple[Slice, ...]:
        """The axis as the database has it now, also when another process has let it grow."""
        newest = _WIDTH.value(self._connection, {"of": family, "named": name})
        return () if newest is None else self.read(family, name, at_least=newest + 1)

    def columns(self, family: str, name: str, slices: tuple[Slice, ...]) -> Columns | None:
        """Column of each slice; None when they are the axis's first columns in order. Unknown slices are appended."""
        axis = self.read(family, name, at_least=len(slices))
        if axis[: len(slices)] == slices:
            return None
        if not set(slices) <= set(axis):
            hold(self._connection, f"axis {family} {name}")
            axis = self._append(family, name, self._read_again(family, name), slices)
        if axis[: len(slices)] == slices:
            return None
        column = positions(axis)
        return np.array([column[slice] for slice in slices], dtype=np.intp)

    def remember(self) -> None:
        """Tell the other units; only after the commit, for what was appended may still be rolled back."""
        self._memory.keep(self._seen)

    def _read_again(self, family: str, name: str) -> tuple[Slice, ...]:
        axis = tuple(slice for (slice,) in _READ.all(self._connection, {"of": family, "named": name}))
        self._seen[family, name] = axis
        return axis

    def _append(self, family: str, name: str, axis: tuple[Slice, ...], slices: Sequence[Slice]) -> tuple[Slice, ...]:
        known = set(axis)
        new = [slice for slice in dict.fromkeys(slices) if slice not in known]
        if not new:
            return axis
        rows = [
            {"family": family, "name": name, "position": len(axis) + at, "slice": slice} for at, slice in enumerate(new)
        ]
        self._connection.execute(axes.insert(), rows)
        self._seen[family, name] = grown = (*axis, *new)
        return grown

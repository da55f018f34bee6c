"""Ibis, and then what metricloop gives: rows of Python values in order, NULLs named."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from benchmarks import reading_ibis
from benchmarks.worker import Cell, Task

_NONE = "(none)"


class IbisRows:
    def __init__(self, ibis: reading_ibis.Ibis) -> None:
        self._ibis = ibis

    def read(self, start: datetime, end: datetime) -> list[tuple[Any, ...]]:
        table = self._ibis.read(start, end)
        named = [table[name].fill_null(_NONE).to_pylist() for name in ("warehouse", "carrier")]
        numbers = [table[name].to_pylist() for name in ("fulfilled", "shipped")]
        return sorted(zip(table["hour"].to_pylist(), *named, *numbers, strict=True))

    def cells(self, answer: list[tuple[Any, ...]]) -> Sequence[Cell]:
        found: list[Cell] = []
        for hour, warehouse, carrier, fulfilled, shipped in answer:
            slices = [None if value == _NONE else value for value in (warehouse, carrier)]
            found.append((hour.isoformat(), slices[0], slices[1], fulfilled / shipped if shipped else None))
        return found

    def count(self, answer: list[tuple[Any, ...]]) -> int:
        return len(answer)


def open_contender(task: Task) -> IbisRows:
    return IbisRows(reading_ibis.open_contender(task))

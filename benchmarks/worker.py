"""python -m benchmarks.worker NAME: one contender, which reads when it is told to and says what that took.

Runs in the contender's own environment: this module needs nothing but the standard library. A request is a line of
JSON on stdin, {"window": .., "keep": file or null}; the answer a line on stdout.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

Cell = tuple[str, str | None, str | None, float | None]  # hour (ISO, UTC), warehouse, carrier, rate


class Contender(Protocol):
    def read(self, start: datetime, end: datetime) -> Any:
        """Hourly fulfilment_rate by warehouse and carrier, or its two sides, as the contender gives them to others."""
        ...

    def cells(self, answer: Any) -> Sequence[Cell]: ...

    def count(self, answer: Any) -> int: ...


@dataclass(frozen=True, slots=True)
class Task:
    """What a contender gets: see orders.Place."""

    engine: str
    address: str
    schema: str


def main(name: str) -> int:
    began = time.perf_counter(), time.process_time()
    task = Task(**json.loads(os.environ["METRICLOOP_BENCH_TASK"]))
    open_contender: Callable[[Task], Contender] = importlib.import_module(f"benchmarks.reading_{name}").open_contender
    contender = open_contender(task)
    _say({"wall": time.perf_counter() - began[0], "cpu": time.process_time() - began[1]})
    for line in sys.stdin:
        asked = json.loads(line)
        _say(_measured(contender, asked["start"], asked["end"], asked["keep"]))
    return 0


def _measured(contender: Contender, start: str, end: str, keep: str | None) -> dict[str, Any]:
    gc.collect()
    wall, cpu = time.perf_counter(), time.process_time()
    answer = contender.read(datetime.fromisoformat(start), datetime.fromisoformat(end))
    spent = {"wall": time.perf_counter() - wall, "cpu": time.process_time() - cpu, "rows": contender.count(answer)}
    if keep is not None:
        with open(keep, "w", encoding="utf-8") as file:
            json.dump(contender.cells(answer), file)
    return spent


def _say(what: object) -> None:
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1]))

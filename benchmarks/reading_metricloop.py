"""metricloop: the reading that collecting asks for, by the bundled plugin of the source."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from benchmarks.worker import Cell, Task
from metricloop.collect.model import Reading, Row
from metricloop.define.dataset import UTC_ZONE, Agg, Dataset, Measure
from metricloop.define.model import Source
from metricloop.jobs.clocks import SystemClock
from metricloop.kernel.message import Text
from metricloop.plugins.registry import load_registry
from metricloop.plugins.sources import Sources
from metricloop.sdk import Context

_NONE = "(none)"


class Metricloop:
    def __init__(self, sources: Sources, source: Source, dataset: Dataset) -> None:
        self._sources = sources
        self._source = source
        self._dataset = dataset

    def read(self, start: datetime, end: datetime) -> Sequence[Row]:
        measures = tuple(measure.name for measure in self._dataset.measures)
        return self._sources.read(Reading(self._source, self._dataset, measures, self._dataset.dimensions, start, end))

    def cells(self, answer: Sequence[Row]) -> Sequence[Cell]:
        found: list[Cell] = []
        for row in answer:
            warehouse, carrier = (None if value == _NONE else value for value in row.values)
            fulfilled, shipped = row.measures
            rate = fulfilled / shipped if shipped else None
            found.append((row.bucket.replace(tzinfo=None).isoformat(), warehouse, carrier, rate))
        return found

    def count(self, answer: Sequence[Row]) -> int:
        return len(answer)


def open_contender(task: Task) -> Metricloop:
    """The task's address stands in the variable METRICLOOP_BENCH_ADDRESS too, as a definition may name it."""
    options: dict[str, Any] = {"url": "env:METRICLOOP_BENCH_ADDRESS", "timeout_s": 600}  # on a busy machine, too
    if task.engine == "duckdb":
        options = {"folder": ".", "tables": {"orders": "orders.parquet"}}
    folder = Path(task.address) if task.engine == "duckdb" else Path()
    plugin = "files" if task.engine == "duckdb" else task.engine
    source = Source("shop", plugin, Text(), options)
    dataset = Dataset(
        name="orders",
        source="shop",
        table=f"{task.schema}.orders" if task.schema else "orders",
        time_column="created_at",
        timezone=UTC_ZONE,
        lateness=timedelta(0),
        dimensions=("warehouse", "carrier"),
        measures=(
            Measure("fulfilled", Agg.COUNT, "1", "status = 'fulfilled'"),
            Measure("shipped", Agg.COUNT, "1", "status <> 'cancelled'"),
        ),
    )
    return Metricloop(Sources(load_registry(), Context(folder, SystemClock())), source, dataset)

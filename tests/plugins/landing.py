"""A source of records in tests: a real store, the plugin as the product builds it, and SQL as collect sends it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from metricloop.collect.model import Reading, Row
from metricloop.define.dataset import Agg, Dataset, Measure
from metricloop.define.model import Source
from metricloop.jobs.clocks import SystemClock
from metricloop.kernel.message import Text
from metricloop.plugins.landed_rows import built, place_of
from metricloop.plugins.registry import load_registry
from metricloop.plugins.sources import Sources
from metricloop.sdk import Batch, Context, LandingSource
from metricloop.store import Store, open_store

DAY = datetime(2026, 3, 2, tzinfo=UTC)
HOUR = timedelta(hours=1)
ORDERS: dict[str, Any] = {
    "columns": {"id": "integer", "at": "timestamp", "store": "text", "amount": "number", "updated_at": "timestamp"},
    "key": ["id"],
    "time": "at",
}
DATASET = Dataset(
    name="orders",
    source="desk",
    table="orders",
    time_column="at",
    timezone=ZoneInfo("UTC"),
    lateness=timedelta(),
    dimensions=("store",),
    measures=(Measure("orders", Agg.COUNT), Measure("amount", Agg.SUM, "amount")),
)


def order(id: int, *, hour: int = 0, amount: float = 1.0, store: str = "north", **more: Any) -> dict[str, Any]:
    at = (DAY + hour * HOUR).isoformat()
    return {"id": id, "at": at, "store": store, "amount": amount, "updated_at": at, **more}


class Desk:
    """One source over a store of its own."""

    def __init__(self, store: Store, folder: Path, source: Source) -> None:
        self.store = store
        self.source = source
        self.context = Context(folder, SystemClock())
        self.sources = Sources(load_registry(), self.context, store.unit)

    def read(self, *, hours: int = 24, by: tuple[str, ...] = (), dataset: Dataset = DATASET) -> list[Row]:
        window = Reading(self.source, dataset, ("orders", "amount"), by, DAY, DAY + hours * HOUR)
        return list(self.sources.read(window))

    def totals(self, hours: int = 24) -> tuple[float, float]:
        """How many rows there are, and the sum of their amounts."""
        rows = self.read(hours=hours)
        return sum(row.measures[0] for row in rows), sum(row.measures[1] for row in rows)

    def bodies(self, table: str = "orders by id") -> list[str]:
        with self.store.unit(write=False) as unit:
            return [row.body for row in unit.landed.rows(self.source.name, table, 100_000)]

    def reasons(self) -> list[str]:
        with self.store.unit(write=False) as unit:
            return [one.reason for one in unit.landed.asides(self.source.name)]

    def made(self) -> LandingSource:
        made = built(load_registry(), self.context, self.source)
        assert made is not None
        return made

    def keep(self, batch: Batch) -> None:
        """Commit a batch as a receiver does."""
        place_of(self.source, self.made(), self.store.unit).keep(batch, self.context.clock.now(), lambda now: now)


@contextmanager
def desk(folder: Path, plugin: str, options: Mapping[str, Any]) -> Iterator[Desk]:
    store = open_store(folder / "desk.db", scratch=True)
    store.migrate()
    found = Desk(store, folder, Source("desk", plugin, Text(), options))
    try:
        yield found
    finally:
        found.sources.close()
        store.close()


def at_hour(dataset: Dataset, lateness: timedelta) -> Dataset:
    return replace(dataset, lateness=lateness)


def eventually(true: Callable[[], bool], seconds: float = 20.0) -> bool:
    """Whether it becomes true before patience ends."""
    for _ in range(round(seconds / 0.05)):
        if true():
            return True
        threading.Event().wait(0.05)
    return False

"""Whole ways of a dataset on a real file: days that close whole, changed rows that say so, buckets held in part."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from metricloop.collect.model import Collection
from metricloop.collect.reconcile import Reconciled, compare, keep_compared, look_to_compare
from metricloop.collect.use_cases import Collected, collect_due
from metricloop.define.dataset import Agg, Dataset, Measure
from metricloop.define.model import Metric, Source
from metricloop.jobs.clocks import SystemClock
from metricloop.kernel.grain import Grain
from metricloop.kernel.message import Text
from metricloop.kernel.slices import TOTAL
from metricloop.plugins.registry import load_registry
from metricloop.plugins.sources import Sources
from metricloop.sdk import Context
from tests.collect.flights import metric
from tests.collect.memory import MemoryUnit

H = timedelta(hours=1)
DAY = timedelta(days=1)
BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
NOW = datetime(2026, 2, 12, 12, tzinfo=UTC)
COUNTS = (Measure("n", Agg.COUNT), Measure("amount", Agg.SUM, "amount"))
ORDERS = Dataset("orders", "till", "orders", "at", ZoneInfo("UTC"), 2 * H, ("city",), COUNTS, updated_column="changed")
METRICS = (replace(metric("n", "n"), dataset="orders"), replace(metric("amount", "amount"), dataset="orders"))


@pytest.fixture
def till(tmp_path: Path) -> Path:
    """Thirty orders an hour in two cities, up to NOW."""
    with closing(sqlite3.connect(tmp_path / "till.db")) as file:
        file.execute(
            "CREATE TABLE orders (id INTEGER, at TIMESTAMP, changed TIMESTAMP, city TEXT, amount REAL, day DATE)"
        )
        hours = int((NOW - BEGIN) / H)
        rows = [(BEGIN + i * H + j * timedelta(minutes=2), "AB"[j % 2]) for i in range(hours) for j in range(30)]
        stamped = [(i, said(at), said(at), city, 1.0, f"{at:%Y-%m-%d}") for i, (at, city) in enumerate(rows)]
        file.executemany("INSERT INTO orders VALUES (?, ?, ?, ?, ?, ?)", stamped)
        file.commit()
    return tmp_path


def said(at: datetime) -> str:
    return at.strftime("%Y-%m-%d %H:%M:%S")


def change(till: Path, statement: str, *values: object) -> None:
    with closing(sqlite3.connect(till / "till.db")) as file:
        file.execute(statement, values)
        file.commit()


class Till:
    """A dataset over the file, collected into memory."""

    def __init__(self, folder: Path, dataset: Dataset = ORDERS, metrics: tuple[Metric, ...] = METRICS) -> None:
        self.unit = MemoryUnit()
        self.dataset, self.metrics = dataset, metrics
        self.source = Source("till", "sqlite", Text(), {"path": str(folder / "till.db")})
        self.sources = Sources(load_registry(), Context(folder, SystemClock()))

    def collect(self, now: datetime) -> Collected:
        read = self.sources
        with self.unit:
            return collect_due(self.unit, read, self.dataset, self.source, self.metrics, now, BEGIN, examiner=read)

    def night(self, now: datetime, days: int = 60) -> Reconciled:
        asked = look_to_compare(self.unit, self.dataset, self.source, self.metrics, now, days)
        assert asked is not None
        return keep_compared(self.unit, compare(self.sources, asked, self.sources))

    def total(self, at: datetime, name: str = "n") -> float:
        return float(self.unit.points.read(name, at, at + H, [TOTAL]).numerator[0, 0])

    @property
    def state(self) -> Collection:
        found = self.unit.collections.get("orders")
        assert found is not None
        return found


@pytest.fixture
def shop(till: Path) -> Iterator[Till]:
    made = Till(till)
    made.collect(NOW)
    yield made
    made.sources.close()


def test_rows_that_say_that_they_changed_are_found_however_old(shop: Till, till: Path) -> None:
    old, later = BEGIN + 20 * H, NOW + H
    change(till, "UPDATE orders SET amount = 50, changed = ? WHERE id = 600", said(later - timedelta(minutes=5)))
    shop.collect(later)
    assert shop.total(old, "amount") == 79
    assert [event.data["cause"] for event in shop.unit.events.of_kind("points.restated")] == ["update"]
    assert shop.unit.collections.restated[0].metrics == ("amount",)
    assert shop.unit.audit.lines == [("system", "points.restate", "orders")]


def test_the_night_reads_only_what_has_another_checksum(shop: Till, till: Path) -> None:
    first = shop.night(NOW)
    assert (first.again, first.changed) == (first.buckets, 0)
    change(till, "DELETE FROM orders WHERE id IN (600, 601)")
    change(till, "UPDATE orders SET city = 'C' WHERE id = 6000")
    second = shop.night(NOW + H)
    assert (second.again, second.changed) == (2, 2)
    assert shop.total(BEGIN + 20 * H) == 28
    third = shop.night(NOW + 2 * H)
    assert (third.again, third.changed) == (0, 0)


def test_everything_that_is_stored_is_what_a_fresh_reading_gives(shop: Till, till: Path) -> None:
    shop.night(NOW)
    change(till, "INSERT INTO orders SELECT id + 100000, at, changed, 'D', 2, day FROM orders WHERE id % 97 = 0")
    change(till, "DELETE FROM orders WHERE id % 101 = 0")
    shop.night(NOW + H)
    fresh = Till(till)
    fresh.collect(NOW)
    for name in ("n", "amount"):
        axis = sorted(fresh.unit.points.axis(name))
        stored, read = (each.unit.points.read(name, BEGIN, NOW, axis) for each in (shop, fresh))
        assert np.array_equal(stored.numerator, read.numerator)
        assert np.array_equal(stored.denominator, read.denominator)
    fresh.sources.close()


def test_only_the_buckets_before_the_silence_are_taken(shop: Till, till: Path) -> None:
    for i in range(6):
        if i < 2:
            at = NOW + i * H
            change(till, "INSERT INTO orders SELECT id, ?, ?, city, 1, day FROM orders LIMIT 30", said(at), said(at))
    change(till, "UPDATE orders SET at = ? WHERE at = ?", said(NOW + 2 * H - timedelta(minutes=1)), said(NOW + H))
    done = shop.collect(NOW + 6 * H)
    assert done.held is not None and done.held.code == "quality.silence"
    assert shop.state.until == NOW + 2 * H
    assert shop.state.held_since == NOW + 6 * H
    (event,) = shop.unit.events.of_kind("data.held")
    assert event.data == {"finding": "quality.silence"}
    collected = shop.unit.events.of_kind("points.collected")
    assert collected[-1].data["to"] == (NOW + 2 * H).isoformat()
    assert shop.collect(NOW + 7 * H).held is not None
    assert len(shop.unit.events.of_kind("data.held")) == 1


def test_a_source_that_cannot_be_examined_holds_nothing(till: Path) -> None:
    shop = Till(till)
    change(till, "DELETE FROM orders WHERE at >= ?", said(NOW - 10 * H))
    for now in (NOW - 8 * H, NOW):
        with shop.unit:
            collect_due(shop.unit, shop.sources, ORDERS, shop.source, METRICS, now, BEGIN)
    assert (shop.state.held, shop.state.until) == (None, NOW - 2 * H)
    shop.sources.close()


def test_days_of_a_date_column_close_whole(till: Path) -> None:
    shanghai = ZoneInfo("Asia/Shanghai")
    daily = replace(
        ORDERS, time_column="day", time_column_zone=shanghai, timezone=shanghai, grain=Grain.DAY, updated_column=None
    )
    shop = Till(till, daily)
    midnight = datetime(2026, 2, 12, tzinfo=shanghai).astimezone(UTC)
    assert shop.collect(midnight + 2 * H - timedelta(seconds=1)).window is not None
    assert shop.state.until == midnight - DAY
    shop.collect(midnight + 2 * H)
    assert shop.state.until == midnight
    day = shop.unit.points.read("n", midnight - DAY, midnight, [TOTAL])
    assert (len(day.starts), day.numerator.sum()) == (24, 720)
    again = shop.night(midnight + 3 * H)
    assert (again.buckets, again.changed) == (42, 0)
    shop.sources.close()


def test_hours_of_a_half_hour_zone_are_its_own(till: Path) -> None:
    kolkata = replace(ORDERS, timezone=ZoneInfo("Asia/Kolkata"))
    shop = Till(till, kolkata)
    shop.collect(NOW)
    half = timedelta(minutes=30)
    assert shop.state.until == NOW - 3 * H + half
    assert shop.total(NOW - 4 * H + half) == 30
    assert shop.night(NOW).changed == 0
    shop.sources.close()

"""Metrics whose hours do not add up: what the night finds is read again, and learnt again by monitors that run."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np

from metricloop.collect.kept import bucket_key
from metricloop.kernel.events import Event
from metricloop.kernel.grain import Grain
from metricloop.kernel.slices import TOTAL
from metricloop.loop.keeping import RETRY
from metricloop.store import Store, open_store
from tests.loop.orders_data import NOW, add_rows, audited, change, stamp, state
from tests.loop.world import HOUR, PROJECT, Shop

DAY = timedelta(days=1)
NIGHT = NOW + 15 * HOUR  # three o'clock in Berlin
OLD = NOW - timedelta(days=9)
METRIC = """\
  - {name: largest, type: simple, dataset: orders, agg: max, expr: orders, grains: [hour, day],
      governance: {owner: ana, level: L2, unit: count, good_direction: up}}
monitors:
  - {name: largest_hourly, metric: largest, grain: hour, slices: [""], severity: S3}
"""
ALONE = (
    PROJECT[: PROJECT.index("metrics:\n")]
    + "metrics:\n"
    + METRIC
    + PROJECT[PROJECT.index("playbooks:") :].replace("metrics: [paid_rate]", "metrics: [largest]")
)


@contextmanager
def opened(store: Store, folder: Path, until: datetime = NOW) -> Iterator[Shop]:
    (folder / "metricloop.yml").write_text(ALONE, encoding="utf-8")
    shop = Shop(store, folder, until)
    try:
        shop.run_until(until)
        yield shop
    finally:
        shop.close()


def largest(shop: Shop, at: datetime, known_at: datetime | None = None) -> float:
    with shop.store.unit(write=False) as unit:
        panel = unit.points.read(bucket_key("largest", Grain.HOUR), at, at + HOUR, [TOTAL], known_at)
    return float(panel.values()[0, 0])


def bands(shop: Shop, start: datetime) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    with shop.store.unit(write=False) as unit:
        found = unit.bands.read("largest_hourly", start, shop.now, [TOTAL])
    assert len(found.starts) >= 6
    return np.concatenate([found.expected, found.lower, found.upper])


def change_a_day(folder: Path) -> None:
    span = stamp(OLD), stamp(OLD + DAY)
    change(folder, "UPDATE orders SET orders = orders * 9 WHERE placed_at >= ? AND placed_at < ?", *span)


def test_a_warm_monitor_learns_again_what_the_night_has_found(store: Store, folder: Path, tmp_path: Path) -> None:
    """It judges the next morning as one does that has never seen the old numbers, and not as it would have."""
    with opened(store, folder) as shop:
        shop.run_until(NOW + DAY)  # a first night for the checksums: nothing has changed, nothing is learnt again
        assert (state(shop).restated, "points.suspected" in shop.heard) == (0, True)
        shutil.copytree(folder, tmp_path / "unchanged")
        before, midnight = largest(shop, OLD), OLD - 12 * HOUR
        change_a_day(folder)
        shop.run_until(NIGHT + DAY + 9 * HOUR)
        assert largest(shop, OLD) == 9 * before
        assert largest(shop, OLD, known_at=NOW) == before
        assert (state(shop).restated, "points.restate" in audited(shop)) == (1, True)
        with store.unit(write=False) as unit:
            (told,) = unit.collections.restatements("orders")
        assert (told.cause.value, told.metrics) == ("reconcile", ("largest",))
        assert (told.start, told.end) == (midnight, OLD + DAY)
        warm = bands(shop, NIGHT + DAY)
    for name, folder_of, same in (("fresh.db", folder, True), ("unchanged.db", tmp_path / "unchanged", False)):
        with closing(open_store(tmp_path / name, scratch=True)) as other:
            other.migrate()
            with opened(other, folder_of, NIGHT + DAY) as beside:
                beside.run_until(NIGHT + DAY + 9 * HOUR)
                assert np.allclose(warm, bands(beside, NIGHT + DAY), equal_nan=True) is same


def test_buckets_that_could_not_be_read_again_are_asked_for_until_they_are(store: Store, folder: Path) -> None:
    """The checksums are the new ones already: no later night would ask for them."""
    with opened(store, folder) as shop:
        add_rows(folder, OLD)
        span = {"from": OLD.isoformat(), "to": (OLD + HOUR).isoformat()}
        with store.unit() as unit:
            unit.events.tell(Event("late", "points.suspected", "orders", shop.now, span))
        shutil.move(folder / "orders.db", folder / "gone.db")
        shop.sources.close()
        shop.pump()
        shutil.move(folder / "gone.db", folder / "orders.db")
        assert largest(shop, OLD) < 500
        shop.run_until(NOW + RETRY)
        assert (largest(shop, OLD), state(shop).restated) == (500, 1)

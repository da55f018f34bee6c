"""Two workers on one PostgreSQL, at the same moment at the same dataset: what one does, the other does not do again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from threading import Barrier

import numpy as np
import pytest

from metricloop.collect.kept import hourly_metrics
from metricloop.collect.reconcile import compare, keep_compared, look_to_compare
from metricloop.store import open_store
from tests.jobs.databases import postgres_database
from tests.loop.orders_data import NOW, add_rows, audited, change, opened, orders, stamp, state
from tests.loop.test_loop import story
from tests.loop.world import HISTORY_FROM, HOUR, LATENESS, Shop

DAY = timedelta(days=1)
OLD, GONE = NOW - 9 * DAY, NOW - 11 * DAY


@pytest.fixture
def both(folder: Path) -> Iterator[tuple[Shop, Shop]]:
    """Two workers with a store and a source of their own, which have collected and compared up to the same moment."""
    with postgres_database() as url, closing(open_store(url)) as one, closing(open_store(url)) as two:
        one.migrate()
        with opened(one, folder, overlap="6h") as first:
            first.run_until(NOW + DAY)
            second = Shop(two, folder, NOW + DAY)
            try:
                yield first, second
            finally:
                second.close()


def everything_is_what_the_source_says(shop: Shop, folder: Path, tmp_path: Path) -> None:
    with closing(open_store(tmp_path / "fresh.db", scratch=True)) as other:
        other.migrate()
        with opened(other, folder, overlap="6h") as fresh:
            fresh.run_until(shop.now)
            with shop.store.unit(write=False) as ours, other.unit(write=False) as theirs:
                axis = theirs.points.axis("paid_rate")
                end = shop.now - LATENESS
                mine, real = (u.points.read("paid_rate", HISTORY_FROM, end, axis) for u in (ours, theirs))
            assert mine.starts == real.starts
            assert np.array_equal(mine.numerator, real.numerator)
            assert np.array_equal(mine.denominator, real.denominator)


def test_a_night_that_both_begin_is_kept_once(both: tuple[Shop, Shop], folder: Path, tmp_path: Path) -> None:
    """Both go on for a day at the same time; the night, and what has changed until then, is in it."""
    add_rows(folder, OLD)
    change(folder, "DELETE FROM orders WHERE placed_at = ?", stamp(GONE))
    together = Barrier(2)

    def work(shop: Shop) -> None:
        for hours in range(1, 25):
            together.wait(60)
            shop.run_until(NOW + DAY + hours * HOUR)

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(work, both))
    first, _ = both
    told = story(first)
    assert max(Counter(key for key, *_ in told).values()) == 1
    assert [kind for _, kind, *_ in told].count("points.restated") == 1
    assert audited(first).count("points.restate") == 1
    assert "event.failed" not in audited(first)
    assert state(first).restated == 1
    everything_is_what_the_source_says(first, folder, tmp_path)


def test_a_comparison_that_another_worker_has_overtaken_changes_nothing(both: tuple[Shop, Shop], folder: Path) -> None:
    """One asks the source, then rows change, and the other one compares: the newer reading stands."""
    first, second = both
    before = orders(first, OLD)
    add_rows(folder, OLD)
    project = first.loop.site.project
    dataset = project.datasets["orders"]
    metrics = hourly_metrics(project, "orders")
    with first.store.unit(write=False) as look:
        asked = look_to_compare(look, dataset, project.sources["till"], metrics, first.now)
    assert asked is not None
    slow = compare(first.sources, asked, first.sources)
    add_rows(folder, OLD)
    second.run_until(NOW + 2 * DAY)
    assert orders(second, OLD) == before + 1000
    until = state(second).until
    with first.store.unit() as unit:
        keep_compared(unit, slow)
    assert orders(first, OLD) == before + 1000
    assert state(first).until == until
    third = state(first).reconciled_at
    assert third is not None
    first.run_until(NOW + 3 * DAY)
    assert orders(first, OLD) == before + 1000

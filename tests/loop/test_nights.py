"""The night's comparison: when it fails, that is seen until it succeeds."""

from __future__ import annotations

import shutil
from datetime import timedelta
from pathlib import Path

from metricloop.store import Store
from tests.loop.orders_data import NOW, add_rows, opened, orders, state
from tests.loop.world import HOUR

BEFORE_THREE, AFTER_THREE = NOW + 14 * HOUR + HOUR / 2, NOW + 15 * HOUR + HOUR / 2
ONE_DAY = timedelta(days=1)


def test_a_night_that_fails_is_seen_until_one_succeeds_and_nothing_stays_stale(store: Store, folder: Path) -> None:
    with opened(store, folder) as shop:
        late = NOW - timedelta(days=9)
        before = orders(shop, late)
        compared = state(shop).reconciled_at
        shop.run_until(BEFORE_THREE)
        add_rows(folder, late)
        shutil.move(folder / "orders.db", folder / "gone.db")
        shop.sources.close()
        shop.run_until(AFTER_THREE)
        shutil.move(folder / "gone.db", folder / "orders.db")
        shop.run_until(AFTER_THREE + 3 * HOUR)
        seen = state(shop)
        assert (seen.failure, seen.reconciled_at) == (None, compared)
        assert seen.reconcile_failure is not None and seen.reconcile_failed_at == BEFORE_THREE + HOUR / 2
        assert seen.reconcile_failure.code == "reconcile.failed"
        assert (seen.reconcile_failure.params["source"], "reconcile.failed" in shop.heard) == ("till", True)
        assert orders(shop, late) == before
        shop.run_until(AFTER_THREE + ONE_DAY)
        mended = state(shop)
        assert (mended.reconcile_failure, mended.reconcile_failed_at) == (None, None)
        assert mended.reconciled_at == BEFORE_THREE + HOUR / 2 + ONE_DAY
        assert orders(shop, late) == before + 500

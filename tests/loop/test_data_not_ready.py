"""Data that are not ready to be judged: held, told to whoever answers for them, and released when mended."""

from __future__ import annotations

from pathlib import Path

from metricloop.store import Store
from metricloop.triage.model import IncidentState
from tests.loop.orders_data import NOW, change, incidents, opened, orders, stamp, state
from tests.loop.world import HOUR, LATENESS, Shop


def held_by(shop: Shop) -> str:
    found = state(shop).held
    return found.code if found else ""


def assert_told_and_released(shop: Shop, code: str) -> None:
    """The one incident is the owner's, names the finding, and is over."""
    (incident,) = incidents(shop)
    assert (incident.owner, incident.headline.code, incident.state) == ("boss", code, IncidentState.VERIFIED)
    assert "notify.assigned" in shop.outside.told("boss")
    assert (state(shop).held, state(shop).until) == (None, shop.now - LATENESS)


def test_rows_that_come_twice_hold_the_dataset_until_they_are_once(store: Store, folder: Path) -> None:
    with opened(store, folder, owner="boss", key="[placed_at, city, channel]") as shop:
        before = orders(shop, NOW - 5 * HOUR)
        change(folder, "INSERT INTO orders SELECT * FROM orders WHERE placed_at >= ?", stamp(NOW))
        shop.run_until(NOW + 5 * HOUR)
        assert (held_by(shop), state(shop).until) == ("quality.duplicates", NOW)
        assert [one.state for one in incidents(shop)] == [IncidentState.OPEN]
        once = "SELECT min(rowid) FROM orders GROUP BY placed_at, city, channel"
        change(folder, f"DELETE FROM orders WHERE rowid NOT IN ({once})")
        shop.run_until(NOW + 6 * HOUR)
        assert_told_and_released(shop, "quality.duplicates")
        assert 0 < orders(shop, NOW) < 2 * before


def test_a_used_column_of_another_type_holds_the_dataset_until_it_is_a_number_again(store: Store, folder: Path) -> None:
    with opened(store, folder, owner="boss") as shop:
        change(folder, "ALTER TABLE orders RENAME COLUMN paid TO paid_number")
        change(folder, "ALTER TABLE orders ADD COLUMN paid TEXT")
        change(folder, "UPDATE orders SET paid = paid_number || ' paid'")
        shop.run_until(NOW + 5 * HOUR)
        assert (held_by(shop), state(shop).until) == ("quality.column_changed", NOW - LATENESS)
        found = state(shop).held
        assert found is not None and (found.params["before"], found.params["after"]) == ("INTEGER", "TEXT")
        change(folder, "ALTER TABLE orders DROP COLUMN paid")
        change(folder, "ALTER TABLE orders RENAME COLUMN paid_number TO paid")
        shop.run_until(NOW + 6 * HOUR)
        assert_told_and_released(shop, "quality.column_changed")


def test_rows_that_always_come_late_are_waited_for_and_nobody_is_called(store: Store, folder: Path) -> None:
    """Orders of the app come eight hours later. After two days that is known; before, their hours are read in part."""
    with opened(store, folder, owner="boss", overlap="30h") as shop:
        change(folder, "CREATE TABLE late AS SELECT * FROM orders WHERE channel = 'app' AND placed_at >= ?", stamp(NOW))
        change(folder, "DELETE FROM orders WHERE channel = 'app' AND placed_at >= ?", stamp(NOW))
        for hours in range(1, 56):
            shop.run_until(NOW + hours * HOUR)
            change(folder, "INSERT INTO orders SELECT * FROM late WHERE placed_at = ?", stamp(NOW + (hours - 8) * HOUR))
        assert held_by(shop) == "quality.arriving"
        until = state(shop).until
        assert until is not None and NOW + 40 * HOUR < until < shop.now - 6 * HOUR
        assert (incidents(shop), "data.held" in shop.heard) == ([], False)
        change(folder, "INSERT INTO orders SELECT * FROM late WHERE placed_at >= ?", stamp(NOW + 48 * HOUR))
        shop.run_until(NOW + 56 * HOUR)
        assert (held_by(shop), state(shop).until) == ("", shop.now - LATENESS)
        assert incidents(shop) == []


def test_a_column_that_is_empty_now_and_then_and_then_wholly_holds_the_dataset(store: Store, folder: Path) -> None:
    """One city in thirty is not known, as ever; from one hour on none is. The third such hour is held."""
    change(folder, "INSERT INTO orders SELECT placed_at, city, channel, 1, 1 FROM orders")
    change(folder, "UPDATE orders SET city = NULL WHERE rowid % 31 = 0")
    with opened(store, folder, owner="boss") as shop:
        change(folder, "CREATE TABLE kept AS SELECT rowid AS r, city AS c FROM orders WHERE placed_at >= ?", stamp(NOW))
        change(folder, "UPDATE orders SET city = NULL WHERE placed_at >= ?", stamp(NOW))
        shop.run_until(NOW + 4 * HOUR)
        assert held_by(shop) == ""
        shop.run_until(NOW + 8 * HOUR)
        assert (held_by(shop), state(shop).until) == ("quality.nulls", NOW + 2 * HOUR)
        change(
            folder,
            "UPDATE orders SET city = (SELECT c FROM kept WHERE r = orders.rowid) WHERE placed_at >= ?",
            stamp(NOW),
        )
        shop.run_until(NOW + 9 * HOUR)
        assert state(shop).held is None
        assert incidents(shop)[0].state is IncidentState.VERIFIED

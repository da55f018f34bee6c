"""Data that are late, change, vanish or stop coming: history is put right, and nobody judges what is not ready."""

from __future__ import annotations

from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from metricloop.collect.use_cases import accept_data
from metricloop.kernel.errors import Conflict, InvalidInput
from metricloop.kernel.series import Floats
from metricloop.kernel.slices import TOTAL
from metricloop.store import Store, open_store
from metricloop.triage import use_cases as triage
from metricloop.triage.model import IncidentKind, IncidentState
from tests.loop.orders_data import (
    NOW,
    PORTO,
    add_rows,
    audited,
    change,
    come_back,
    incidents,
    opened,
    orders,
    stamp,
    state,
    stop_rows,
)
from tests.loop.world import BAD_FROM, HOUR, LATENESS, PROJECT, Shop


def test_late_rows_within_the_overlap_are_found_with_the_next_hour(store: Store, folder: Path) -> None:
    with opened(store, folder, overlap="6h") as shop:
        late = NOW - LATENESS - 4 * HOUR
        before = orders(shop, late)
        add_rows(folder, late + timedelta(minutes=5))
        shop.run_until(NOW + HOUR)
        assert orders(shop, late) == before + 500
        assert orders(shop, late, slice_=PORTO) > 500
        assert orders(shop, late, known_at=NOW) == before
        assert (state(shop).restated, "points.restate" in audited(shop)) == (1, True)
        assert "points.restated" in shop.heard


def test_nothing_is_put_again_where_nothing_has_changed(store: Store, folder: Path) -> None:
    with opened(store, folder, overlap="6h") as shop:
        shop.run_until(NOW + 3 * HOUR)
        assert state(shop).restated == 0
        with store.unit(write=False) as unit:
            panel = unit.points.read("paid_rate", NOW - 5 * HOUR, NOW - 4 * HOUR)
        assert panel.collected_at[0] <= NOW


def test_late_rows_beyond_the_overlap_wait_for_the_night(store: Store, folder: Path) -> None:
    with opened(store, folder, overlap="2h") as shop:
        late = NOW - timedelta(days=9)
        before = orders(shop, late)
        add_rows(folder, late)
        shop.run_until(NOW + 3 * HOUR)
        assert orders(shop, late) == before
        shop.run_until(NOW + timedelta(days=1))
        assert orders(shop, late) == before + 500
        assert orders(shop, late, known_at=NOW + 3 * HOUR) == before


def test_the_night_finds_updates_and_deleted_rows(store: Store, folder: Path) -> None:
    with opened(store, folder) as shop:
        shop.run_until(NOW + timedelta(days=1))  # one night for the checksums
        gone, changed = NOW - timedelta(days=9), NOW - timedelta(days=11)
        before = orders(shop, changed)
        change(folder, "DELETE FROM orders WHERE placed_at = ?", stamp(gone))
        change(folder, "UPDATE orders SET orders = orders + 1 WHERE placed_at = ? AND city = 'Lima'", stamp(changed))
        shop.run_until(NOW + timedelta(days=2))
        assert (orders(shop, gone), orders(shop, changed)) == (0, before + 2)
        assert state(shop).restated == 1
        with store.unit(write=False) as unit:
            (told,) = unit.collections.restatements("orders")
        assert (told.cause.value, told.start, told.end, told.buckets) == ("reconcile", changed, gone + HOUR, 2)


def test_a_monitor_learns_restated_history_again(store: Store, folder: Path, tmp_path: Path) -> None:
    """From then on its bands are those of one that has never seen the old numbers."""
    late, since = NOW - LATENESS - 4 * HOUR, NOW - LATENESS + HOUR
    with opened(store, folder, overlap="6h") as shop:
        old = learnt(shop)
        assert old is not None and old > late
        add_rows(folder, late)
        shop.run_until(NOW + HOUR)
        assert learnt(shop) is None
        shop.run_until(NOW + 5 * HOUR)
        warm = bands(shop, since)
    with closing(open_store(tmp_path / "fresh.db", scratch=True)) as other:
        other.migrate()
        with opened(other, folder, overlap="6h") as fresh:
            fresh.run_until(NOW + 5 * HOUR)
            assert np.allclose(warm, bands(fresh, since), equal_nan=True)


def learnt(shop: Shop) -> datetime | None:
    """Up to when the newest checkpoint goes."""
    with shop.store.unit(write=False) as unit:
        found = unit.states.latest("paid_hourly", 1)
    return found.until if found else None


def bands(shop: Shop, since: datetime) -> Floats:
    with shop.store.unit(write=False) as unit:
        found = unit.bands.read("paid_hourly", since, shop.now, [TOTAL])
    assert len(found.starts) == 4
    return np.concatenate([found.expected, found.lower, found.upper])


def test_silence_holds_the_dataset_and_calls_whoever_answers_for_it(store: Store, folder: Path) -> None:
    with opened(store, folder, owner="boss") as shop:
        stop_rows(folder, NOW)
        shop.run_until(NOW + 5 * HOUR)
        held = state(shop)
        assert held.held is not None and held.held.code == "quality.silence"
        assert held.until is not None and held.until < NOW + 3 * HOUR
        (incident,) = incidents(shop)
        assert (incident.dataset, incident.owner, incident.severity) == ("orders", "boss", "S3")
        assert incident.headline.code == "quality.silence"
        assert incident.metrics == ("paid_rate",)
        with store.unit(write=False) as unit:
            assert [i.kind for i in unit.incidents.live()] == [IncidentKind.DATA]
        assert "notify.assigned" in shop.outside.told("boss")


def test_what_was_held_is_read_when_the_rows_are_there_and_the_incident_is_over(store: Store, folder: Path) -> None:
    with opened(store, folder) as shop:
        stop_rows(folder, NOW)
        shop.run_until(NOW + 8 * HOUR)
        come_back(folder)
        shop.run_until(NOW + 9 * HOUR)
        assert state(shop).held is None
        assert state(shop).until == NOW + 9 * HOUR - LATENESS
        assert orders(shop, NOW + HOUR) > 0
        (incident,) = incidents(shop)
        assert incident.state is IncidentState.VERIFIED
        shop.run_until(NOW + 40 * HOUR)
        assert incidents(shop)[0].state is IncidentState.CLOSED
        assert shop.outside.told("ana").count("notify.data_verified") == 1


def test_a_real_drop_is_no_matter_of_the_data(store: Store, folder: Path) -> None:
    """Porto loses most of what is paid, and other cities go on: the business incident is opened, nothing is held."""
    with opened(store, folder) as shop:
        since = stamp(BAD_FROM)
        change(folder, "DELETE FROM orders WHERE city = 'Porto' AND channel = 'web' AND placed_at >= ?", since)
        change(folder, "UPDATE orders SET paid = orders / 3 WHERE city = 'Porto' AND placed_at >= ?", since)
        shop.run_until(BAD_FROM + 8 * HOUR)
        assert state(shop).held is None
        assert incidents(shop) == []
        with store.unit(write=False) as unit:
            (incident,) = unit.incidents.live()
        assert (incident.kind, incident.metrics) == (IncidentKind.BUSINESS, ("paid_rate",))
        assert BAD_FROM <= incident.started_at < incident.opened_at <= shop.now


def test_accepting_the_data_as_they_are_releases_them_and_stays_on_the_record(store: Store, folder: Path) -> None:
    with opened(store, folder) as shop:
        stop_rows(folder, NOW)
        shop.run_until(NOW + 6 * HOUR)
        with pytest.raises(InvalidInput), store.unit() as unit:
            accept_data(unit, "orders", person="ana", reason=" ", at=shop.now)
        with store.unit() as unit:
            accept_data(unit, "orders", person="ana", reason="The shop is closed today.", at=shop.now)
            triage.resolve(unit, incidents(shop)[0].number, person="ana", at=shop.now)
        shop.run_until(NOW + 7 * HOUR)
        now = state(shop)
        assert (now.held, now.until) == (None, NOW + 7 * HOUR - LATENESS)
        assert [note.code for note in now.notes] == ["quality.silence"]
        assert incidents(shop)[0].state is IncidentState.VERIFIED
        assert "data.accept" in audited(shop)
        come_back(folder)
        shop.run_until(NOW + 8 * HOUR)
        assert (state(shop).notes, state(shop).accepted) == ((), ())
        with pytest.raises(Conflict), store.unit() as unit:
            accept_data(unit, "orders", person="ana", reason="again", at=shop.now)


def test_calling_it_mended_while_nothing_has_come_opens_it_again(store: Store, folder: Path) -> None:
    with opened(store, folder) as shop:
        stop_rows(folder, NOW)
        shop.run_until(NOW + 6 * HOUR)
        with store.unit() as unit:
            triage.resolve(unit, incidents(shop)[0].number, person="ana", at=shop.now)
        shop.run_until(NOW + 12 * HOUR)
        assert incidents(shop)[0].state is IncidentState.REOPENED


def test_a_column_that_is_gone_is_named(store: Store, folder: Path) -> None:
    with opened(store, folder) as shop:
        change(folder, "ALTER TABLE orders RENAME COLUMN paid TO paid_orders")
        shop.run_until(NOW + 2 * HOUR)
        held = state(shop).held
        assert held is not None
        assert (held.code, held.params["column"]) == ("quality.column_gone", "paid")
        change(folder, "ALTER TABLE orders RENAME COLUMN paid_orders TO paid")
        shop.run_until(NOW + 3 * HOUR)
        assert state(shop).held is None
        assert [i.state for i in incidents(shop)] == [IncidentState.VERIFIED]


def test_a_column_that_suddenly_is_empty_holds_the_dataset(store: Store, folder: Path) -> None:
    with opened(store, folder) as shop:
        change(
            folder,
            "INSERT INTO orders SELECT placed_at, NULL, channel, 0, 0 FROM orders WHERE placed_at >= ?",
            stamp(NOW),
        )
        change(
            folder,
            "INSERT INTO orders SELECT placed_at, NULL, channel, 0, 0 FROM orders WHERE placed_at >= ?",
            stamp(NOW),
        )
        shop.run_until(NOW + 5 * HOUR)
        held = state(shop).held
        assert held is not None
        assert (held.code, held.params["column"]) == ("quality.nulls", "city")


def test_a_metric_that_is_later_than_its_dataset_is_judged_later(store: Store, folder: Path) -> None:
    late = PROJECT.replace("minimum_denominator: 5}", "minimum_denominator: 5, lateness: 8h}")
    (folder / "metricloop.yml").write_text(late, encoding="utf-8")
    shop = Shop(store, folder, NOW)
    try:
        shop.run_until(NOW)
        with store.unit(write=False) as unit:
            assert unit.bands.judged_until("paid_hourly") == NOW - 8 * HOUR
            assert state(shop).until == NOW - LATENESS
    finally:
        shop.close()

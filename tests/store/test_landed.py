"""Landed rows: once per key whatever is delivered how often, and cursors that two processes cannot overwrite."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from metricloop.collect.landing import LandedRow, landed_row, set_aside
from metricloop.store import Store

AT = datetime(2026, 3, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def row(
    key: str | None = "1", *, hours: int = 0, later: int = 0, version: float | None = None, n: int = 1
) -> LandedRow:
    return landed_row("crm", "deals", key, AT + hours * HOUR, version, {"n": n}, AT + later * HOUR)


def bodies(store: Store) -> list[str]:
    with store.unit(write=False) as unit:
        return [found.body for found in unit.landed.rows("crm", "deals", 100)]


def put(store: Store, *rows: LandedRow) -> None:
    with store.unit() as unit:
        unit.landed.put(rows)


def test_the_same_record_again_changes_nothing(store: Store) -> None:
    put(store, row())
    put(store, row(later=5), row(later=6))
    with store.unit(write=False) as unit:
        assert unit.landed.rows("crm", "deals", 100) == (row(),)


def test_another_content_of_a_key_replaces_it_and_is_received_anew(store: Store) -> None:
    put(store, row(n=1))
    put(store, row(n=2, later=1))
    with store.unit(write=False) as unit:
        (found,) = unit.landed.rows("crm", "deals", 100)
    assert found.body == '{"n":2}' and found.received_at == AT + HOUR


def test_an_older_version_never_replaces_a_newer_one(store: Store) -> None:
    put(store, row(n=2, version=2.0))
    put(store, row(n=1, version=1.0))
    assert bodies(store) == ['{"n":2}']
    put(store, row(n=3, version=2.0))
    assert bodies(store) == ['{"n":3}']


def test_records_without_a_key_are_known_by_their_content(store: Store) -> None:
    put(store, row(None), row(None, later=2), row(None, n=2))
    assert len(bodies(store)) == 2


def test_a_window_is_half_open_and_leaves_out_rows_without_a_time(store: Store) -> None:
    timeless = landed_row("crm", "deals", "t", None, None, {"n": 9}, AT)
    put(store, timeless, *(row(str(hour), hours=hour, n=hour) for hour in range(4)))
    with store.unit(write=False) as unit:
        found = unit.landed.rows("crm", "deals", 100, AT + HOUR, AT + 3 * HOUR)
        assert [each.key for each in found] == ["1", "2"]
        assert len(unit.landed.rows("crm", "deals", 3)) == 3
        assert unit.landed.rows("crm", "other", 3) == unit.landed.rows("other", "deals", 3) == ()


def test_what_is_older_than_the_retention_is_forgotten(store: Store) -> None:
    put(store, *(row(str(hour), hours=hour) for hour in range(4)))
    with store.unit() as unit:
        assert unit.landed.forget("crm", AT + 2 * HOUR) == 2
    assert len(bodies(store)) == 2


def test_a_message_set_aside_twice_is_one_and_keeps_what_it_said(store: Store) -> None:
    strange = set_aside("crm", "deals", "{\x00 \ud800", "is not JSON", AT)
    for _ in range(2):
        with store.unit() as unit:
            unit.landed.set_aside([strange, set_aside("crm", "deals", "[]", "no record", AT + HOUR)])
    with store.unit(write=False) as unit:
        assert [each.reason for each in unit.landed.asides("crm")] == ["no record", "is not JSON"]
        assert unit.landed.count_asides("crm") == 2 and unit.landed.count_asides("shop") == 0


def test_a_landing_that_somebody_has_moved_is_not_overwritten(store: Store) -> None:
    with store.unit() as unit:
        seen = unit.landed.landing("crm")
        first = unit.landed.move(replace(seen, cursor="10"))
        assert first is not None and first.revision == 1
    with store.unit() as unit:
        assert unit.landed.move(replace(seen, cursor="5")) is None
        assert unit.landed.landing("crm") == first
        assert unit.landed.move(replace(first, cursor="11")) == replace(first, cursor="11", revision=2)


def test_rows_and_cursor_are_kept_together_or_not_at_all(store: Store) -> None:
    try:
        with store.unit() as unit:
            unit.landed.put([row()])
            unit.landed.move(replace(unit.landed.landing("crm"), cursor="10"))
            raise KeyboardInterrupt
    except KeyboardInterrupt:
        pass
    with store.unit(write=False) as unit:
        assert unit.landed.rows("crm", "deals", 10) == () and unit.landed.landing("crm").cursor is None

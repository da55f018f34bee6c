"""A source's page: its health, and what was found out about the data of its datasets."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from metricloop.kernel.message import Message
from tests.api import shop
from tests.api.world import Browser, World

Enter = Callable[[str], Browser]
SILENCE = Message("quality.silence", {"dataset": "orders", "newest_at": shop.NOW.isoformat(), "missed": 120})
ARRIVING = Message("quality.arriving", {"dataset": "orders", "share": 0.4, "start": shop.NOW.isoformat()})
RETYPED = Message("quality.column_changed", {"dataset": "orders", "column": "city", "before": "INT", "after": "BIGINT"})


@pytest.fixture
def look(world: World, logged_in: Enter) -> Callable[[Message | None, tuple[Message, ...]], dict[str, Any]]:
    """The page of the warehouse, with this finding that holds its dataset, and these notes."""
    ann = logged_in("ann")

    def page(held: Message | None, notes: tuple[Message, ...] = ()) -> dict[str, Any]:
        with world.store.unit() as unit:
            state = unit.collections.get("orders")
            assert state is not None
            since = shop.NOW if held else None
            columns = {"created_at": "timestamp", "city": "text"}
            kept = replace(state, held=held, held_since=since, notes=notes, columns=columns, restated=3)
            unit.collections.put(kept)
        found: dict[str, Any] = ann.get("/api/v1/sources/warehouse").json()
        return found

    return page


def test_a_source_whose_data_are_not_fit_to_be_judged_is_held_and_says_why(look: Any) -> None:
    page = look(SILENCE)
    [dataset] = page["dataset_rows"]
    assert page["state"] == "held"
    assert dataset["held"]["code"] == "quality.silence"
    assert dataset["held_since"] is not None


def test_rows_that_arrive_late_every_day_are_told_and_hold_no_source(look: Any) -> None:
    page = look(ARRIVING)
    assert page["state"] == "on_time"
    assert page["dataset_rows"][0]["held"]["code"] == "quality.arriving"


def test_what_holds_nothing_up_is_told_beside_columns_and_history_put_right(look: Any) -> None:
    [dataset] = look(None, (RETYPED,))["dataset_rows"]
    assert [note["code"] for note in dataset["notes"]] == ["quality.column_changed"]
    assert dataset["columns"] == [{"name": "created_at", "type": "timestamp"}, {"name": "city", "type": "text"}]
    assert (dataset["held"], dataset["restated"]) == (None, 3)

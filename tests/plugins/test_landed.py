"""Landed records are read as every other source is: by the same SQL, of the window that is asked for."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from metricloop.collect.landing import LandedRow
from metricloop.define.dataset import Join
from metricloop.kernel.errors import SourceFailed
from metricloop.plugins.landed import LandedTables, Window
from metricloop.plugins.registry import load_registry
from metricloop.plugins.sources import Sources
from metricloop.sdk import Batch, Mapper, TableOptions
from tests.plugins.landing import DATASET, DAY, HOUR, ORDERS, Desk, desk, order

OPTIONS = {"tables": {"orders": ORDERS, "stores": {"columns": {"name": "text", "region": "text"}, "key": ["name"]}}}


def put(found: Desk, *orders: dict[str, object]) -> None:
    mapper = Mapper("orders", TableOptions.model_validate(ORDERS))
    for each in orders:
        taken = mapper.read(json.dumps(each))
        assert not taken.refused
        found.keep(Batch(taken.records))


def test_hours_and_slices_come_out_as_from_a_database(tmp_path: Path) -> None:
    with desk(tmp_path, "push", OPTIONS) as found:
        put(found, order(1), order(2, hour=1, amount=2.5), order(3, hour=1, store="south"), order(4, hour=30))
        rows = [(row.bucket, row.values, row.measures) for row in found.read(by=("store",))]
        assert rows == [
            (DAY, ("north",), (1.0, 1.0)),
            (DAY + HOUR, ("north",), (1.0, 2.5)),
            (DAY + HOUR, ("south",), (1.0, 1.0)),
        ]


def test_only_the_rows_of_the_window_are_loaded(tmp_path: Path) -> None:
    with desk(tmp_path, "push", OPTIONS) as found:
        put(found, *(order(day, hour=24 * day) for day in range(10)))
        made = found.made()
        asked: list[int] = []

        class Counting:
            def revision(self) -> int:
                return 1

            def rows(self, table: str, limit: int, start: datetime | None, end: datetime | None) -> Sequence[LandedRow]:
                with found.store.unit(write=False) as unit:
                    rows = unit.landed.rows("desk", "orders by id", limit, start, end)
                asked.append(len(rows))
                return rows

            def rows_received(self, table: str, limit: int, since: datetime) -> Sequence[LandedRow]:
                raise AssertionError("nobody asked for it")

        tables = LandedTables(made.declared(), Counting())
        sql = 'SELECT count(*) FROM "orders"'
        tables.read_window(sql, Window("orders", "at", DAY + 96 * HOUR, DAY + 97 * HOUR))
        tables.read_window(sql, Window("orders", "updated_at", DAY + 96 * HOUR, DAY + 97 * HOUR))
        assert asked == [3, 10]  # a day more on both sides, for times whose zone the query knows
        tables.close()


def test_a_joined_table_is_read_whole(tmp_path: Path) -> None:
    with desk(tmp_path, "push", OPTIONS) as found:
        put(found, order(1))
        tables = found.sources._opened(found.source)
        sql = "SELECT s.region, count(*) FROM orders o LEFT JOIN stores s ON o.store = s.name GROUP BY 1"
        assert tables.read(sql) == [(None, 1)]


def test_what_has_landed_since_is_seen_at_once(tmp_path: Path) -> None:
    with desk(tmp_path, "push", OPTIONS) as found:
        assert found.totals() == (0.0, 0.0)
        put(found, order(1))
        assert found.totals() == (1.0, 1.0)
        put(found, order(1, amount=5.0))
        assert found.totals() == (1.0, 5.0)


def test_rows_of_another_key_are_not_counted_twice(tmp_path: Path) -> None:
    with desk(tmp_path, "push", OPTIONS) as found:
        put(found, order(1))
        found.source = replace(found.source, options={"tables": {"orders": {**ORDERS, "key": ["store", "id"]}}})
        assert found.totals() == (0.0, 0.0)


def test_a_column_that_came_later_is_null_in_rows_of_before(tmp_path: Path) -> None:
    with desk(tmp_path, "push", OPTIONS) as found:
        put(found, order(1))
        columns = {**ORDERS["columns"], "channel": "text"}
        found.source = replace(found.source, options={"tables": {"orders": {**ORDERS, "columns": columns}}})
        dataset = replace(DATASET, dimensions=("channel",))
        assert [row.values for row in found.read(by=("channel",), dataset=dataset)] == [("(none)",)]


def test_a_column_whose_type_has_changed_says_so(tmp_path: Path) -> None:
    with desk(tmp_path, "push", OPTIONS) as found:
        put(found, order(1))
        columns = {**ORDERS["columns"], "store": "integer"}
        found.source = replace(found.source, options={"tables": {"orders": {**ORDERS, "columns": columns}}})
        with pytest.raises(SourceFailed, match="does not fit the columns"):
            found.totals()


def test_columns_tables_and_late_rows_can_be_asked_for(tmp_path: Path) -> None:
    with desk(tmp_path, "push", OPTIONS) as found:
        tables = found.sources._opened(found.source)
        assert isinstance(tables, LandedTables)
        assert list(tables.tables()) == ["orders", "stores"]
        assert tables.columns("orders")["at"] == "TIMESTAMP" and "_received_at" in tables.columns("orders")
        assert tables.describe("SELECT id, amount * 2 AS twice FROM orders") == {"id": "BIGINT", "twice": "DOUBLE"}
        put(found, order(1))
        assert tables.read("SELECT count(*) FROM orders WHERE _received_at > TIMESTAMP '2020-01-01'") == [(1,)]


@pytest.mark.parametrize(
    "sql",
    [
        "DROP TABLE orders",
        "SELECT 1; SELECT 2",
        "COPY orders TO 'out.csv'",
        "SELECT * FROM read_csv('/etc/hostname')",
        "SELECT * FROM nowhere",
        "SELECT (",
        "SET threads = 4",
    ],
)
def test_only_a_select_over_its_own_tables_is_answered(tmp_path: Path, sql: str) -> None:
    with desk(tmp_path, "push", OPTIONS) as found:
        tables = found.sources._opened(found.source)
        with pytest.raises(SourceFailed) as caught:
            tables.read(sql)
        assert caught.value.fix


def test_a_project_is_checked_without_its_database(tmp_path: Path) -> None:
    with desk(tmp_path, "push", OPTIONS) as found:
        sources = Sources(load_registry(), found.context)
        assert sources.check(found.source, DATASET).columns["at"] == "TIMESTAMP"
        found.sources = sources
        with pytest.raises(SourceFailed, match="in the database of a running system"):
            found.totals()


def test_a_dataset_that_joins_its_own_table_is_not_cut(tmp_path: Path) -> None:
    with desk(tmp_path, "push", OPTIONS) as found:
        put(found, order(1), order(2, hour=500))
        joined = replace(DATASET, joins=(Join("again", "orders", (("id", "id"),)),), lateness=timedelta())
        assert sum(row.measures[0] for row in found.read(dataset=joined)) == 1.0


def test_hours_of_late_rows_and_the_newest_row_are_found(tmp_path: Path) -> None:
    dataset = replace(DATASET, updated_column="_received_at")
    with desk(tmp_path, "push", OPTIONS) as found:
        put(found, order(1), order(2, hour=5))
        between = found.context.clock.now()
        put(found, order(3, hour=5), order(1))
        assert list(found.sources.changed(found.source, dataset, between) or ()) == [DAY + 5 * HOUR]
        for now in (DAY + 6 * HOUR, DAY + 6000 * HOUR):
            assert found.sources.newest(found.source, dataset, now) == DAY + 5 * HOUR
        assert found.sources.newest(found.source, dataset, DAY - HOUR) is None

"""The first definitions for a table that nobody has described yet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta

from metricloop.define.model import Document, Kind
from metricloop.define.rules import read_project
from metricloop.define.starter import Starter, starter_for

FIRST = datetime(2026, 3, 2, tzinfo=UTC).replace(tzinfo=None)
ORDERS = {
    "order_id": "bigint",
    "created_at": "timestamp",
    "region": "varchar",
    "customer_id": "bigint",
    "amount": "numeric(12,2)",
    "unit_price": "double",
    "is_refund": "boolean",
    "note": "text",
    "zip": "varchar",
}


def orders(count: int = 400) -> list[dict[str, object]]:
    return [
        {
            "order_id": i,
            "created_at": FIRST + timedelta(minutes=37 * i),
            "region": ("East", "West", "North")[i % 3],
            "customer_id": i % 170,
            "amount": 10.0 + i,
            "unit_price": 3.5,
            "is_refund": i % 10 == 0,
            "note": f"note {i}",
            "zip": f"{10000 + i}",
        }
        for i in range(count)
    ]


def starter(columns: Mapping[str, str], rows: Sequence[Mapping[str, object]], table: str = "shop.orders") -> Starter:
    return starter_for(table, columns, rows, source="shop", owner="li_hua", zone="Asia/Shanghai")


def test_orders_get_a_dataset_with_time_step_and_dimensions() -> None:
    dataset = starter(ORDERS, orders()).dataset
    assert dataset is not None
    assert (dataset["name"], dataset["table"]) == ("orders", "shop.orders")
    assert (dataset["time_column"], dataset["grain"]) == ("created_at", "hour")
    assert dataset["time_column_zone"] == "Asia/Shanghai", "naive times are the company's"
    assert dataset["dimensions"] == ["region"]


def test_orders_get_count_total_average_buyers_and_share() -> None:
    metrics = {one["name"]: one for one in starter(ORDERS, orders()).metrics}
    assert metrics["orders_count"]["agg"] == "count"
    assert metrics["amount"]["agg"] == "sum"
    assert metrics["unit_price_average"]["agg"] == "average"
    assert metrics["customer_id_distinct"]["grains"] == ["day"]
    assert metrics["is_refund_share"]["governance"]["good_direction"] == "down"
    assert not {"order_id", "zip", "note"} & set(metrics), "numbers of things are no amounts"


def test_what_is_proposed_is_a_project_without_issues() -> None:
    found = starter(ORDERS, orders())
    assert found.dataset is not None
    person = {"id": "li_hua", "name": "Li Hua", "contacts": [{"channel": "desk", "address": "li"}]}
    table = {"fallback": "li_hua", "acknowledge_within": "30m", "resolve_within": "1d"}
    documents = [
        Document(Kind.PROJECT, "shop", {"project": "shop", "timezone": "Asia/Shanghai"}, "a"),
        Document(Kind.SOURCE, "shop", {"name": "shop", "plugin": "files"}, "a"),
        Document(Kind.DATASET, "orders", found.dataset, "a"),
        *(Document(Kind.METRIC, one["name"], one, "a") for one in found.metrics),
        *(Document(Kind.MONITOR, one["name"], one, "a") for one in found.monitors),
        Document(Kind.PERSON, "li_hua", person, "a"),
        Document(Kind.CHANNEL, "desk", {"name": "desk", "plugin": "console"}, "a"),
        Document(Kind.ASSIGNMENT, "assignment", table, "a"),
    ]
    project = read_project(documents)
    assert set(project.monitors) == {"orders_count_day"}


def test_one_row_a_day_is_summed_and_not_counted() -> None:
    rows = [{"日期": f"2026-03-{i:02}", "销售额": 100 + i, "退货率": 0.1} for i in range(1, 29)]
    found = starter({"日期": "DATE", "销售额": "BIGINT", "退货率": "DOUBLE"}, rows, table="日报")
    assert found.dataset is not None
    assert (found.dataset["time_column"], found.dataset["grain"]) == ("日期", "day")
    assert [(one["name"], one["agg"]) for one in found.metrics] == [("销售额", "sum"), ("退货率_average", "average")]
    assert "starter.one_row_a_step" in [reason.code for reason in found.reasons]


def test_weeks_and_months_are_found_by_their_distance() -> None:
    weekly = [{"week": (FIRST + timedelta(weeks=i)).date(), "n": i} for i in range(30)]
    monthly = [{"week": f"2025-{i:02}-01", "n": i} for i in range(1, 13)]
    for rows, grain in ((weekly, "week"), (monthly, "month")):
        dataset = starter({"week": "DATE", "n": "INTEGER"}, rows, table="t").dataset
        assert dataset is not None
        assert dataset["grain"] == grain


def test_a_column_with_strange_letters_is_quoted_in_its_expression() -> None:
    rows = [{"Time": FIRST + timedelta(hours=i), "Water flow [l/s]": 1.0} for i in range(50)]
    found = starter({"Time": "TIMESTAMP", "Water flow [l/s]": "DOUBLE"}, rows, table="water")
    assert found.metrics[0]["expr"] == '"Water flow [l/s]"'
    assert found.metrics[0]["name"] == "water_flow_l_s"


def test_without_a_time_there_is_nothing_to_watch_and_it_says_so() -> None:
    found = starter({"region": "text", "sales": "int"}, [{"region": "East", "sales": 3}])
    assert found.dataset is None
    assert [reason.code for reason in found.reasons] == ["starter.no_time"]


def test_a_table_without_rows_is_described_by_its_types_alone() -> None:
    found = starter(ORDERS, [])
    assert found.dataset is None or found.dataset["time_column"] == "created_at"

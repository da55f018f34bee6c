"""The first definitions for a table that nobody has described yet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta

from metricloop.define.model import Document, Kind
from metricloop.define.rules import read_project
from metricloop.define.starter import Starter, spelling_of, starter_for

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


def test_words_for_no_value_and_names_with_brackets_are_told_to_the_files_reader() -> None:
    rows: list[dict[str, object]] = [{"flow [l/s]": "nil" if i % 9 == 0 else str(i), "note": "nil"} for i in range(40)]
    spelling = spelling_of({"flow [l/s]": "VARCHAR", "note": "VARCHAR"}, rows)
    assert spelling.null_values == ("", "nil")
    assert spelling.names == {"flow [l/s]": "flow (l/s)"}


def test_a_column_with_strange_letters_is_quoted_in_its_expression() -> None:
    rows = [{"Time": FIRST + timedelta(hours=i), "Water flow (l/s)": 1.0} for i in range(50)]
    found = starter({"Time": "TIMESTAMP", "Water flow (l/s)": "DOUBLE"}, rows, table="water")
    assert found.metrics[0]["expr"] == '"Water flow (l/s)"'
    assert found.metrics[0]["name"] == "water_flow_l_s_average", "so much a second is a level, and no sum"


def test_without_a_time_there_is_nothing_to_watch_and_it_says_so() -> None:
    found = starter({"region": "text", "sales": "int"}, [{"region": "East", "sales": 3}])
    assert found.dataset is None
    assert [reason.code for reason in found.reasons] == ["starter.no_time"]


def test_a_table_without_rows_is_described_by_its_types_alone() -> None:
    found = starter(ORDERS, [])
    assert found.dataset is None or found.dataset["time_column"] == "created_at"


def test_texts_become_times_and_numbers_by_how_they_are_written() -> None:
    columns = dict.fromkeys(("date", "at", "日期", "金额", "rate", "iso"), "VARCHAR")
    rows: list[dict[str, object]] = [
        {
            "date": f"Jan {i} 2000",
            "at": f"2024/01/{i} 08:30",
            "日期": f"2024年1月{i}日",
            "金额": f"￥1,{i}0.5",
            "rate": f"{i}%",
            "iso": f"2024-1-{i}",
        }
        for i in range(10, 29)
    ]
    spelling = spelling_of(columns, rows)
    assert spelling.times == {"date": "%b %d %Y", "at": "%Y/%m/%d %H:%M", "日期": "%Y年%m月%d日"}
    assert spelling.numbers == ("金额", "rate")
    assert spelling.types == {"iso": "TIMESTAMP"}


def test_a_value_that_is_no_time_among_times_is_named() -> None:
    rows: list[dict[str, object]] = [{"date": f"2024-01-{i:02}", "n": i} for i in range(1, 29)]
    rows[7]["date"] = "total"
    found = starter({"date": "VARCHAR", "n": "INTEGER"}, rows)
    assert found.dataset is None
    assert [(one.code, one.params.get("text")) for one in found.reasons] == [
        ("starter.no_time", None),
        ("starter.stray", "total"),
    ]


def test_a_text_in_a_column_of_numbers_is_named_and_the_column_left_alone() -> None:
    rows: list[dict[str, object]] = [{"date": FIRST + timedelta(days=i), "sales": f"1,{i:03}"} for i in range(28)]
    rows[3]["sales"] = "n/a"
    found = starter({"date": "TIMESTAMP", "sales": "VARCHAR"}, rows)
    assert [one.params["text"] for one in found.reasons if one.code == "starter.stray"] == ["n/a"]
    assert "sales" not in {one["name"] for one in found.metrics}


def test_days_and_months_that_could_change_places_are_said_so() -> None:
    for last, sure in (("03/12/2024", False), ("03/25/2024", True)):
        rows: list[dict[str, object]] = [{"date": f"0{i}/0{i + 1}/2024", "n": i} for i in range(1, 9)]
        found = starter({"date": "VARCHAR", "n": "INTEGER"}, [*rows, {"date": last, "n": 0}])
        assert ("starter.day_or_month" not in {one.code for one in found.reasons}) is sure


def test_a_currency_is_asked_for_and_never_guessed() -> None:
    found = starter(ORDERS, orders())
    assert found.money == ("amount", "unit_price")
    assert {one["governance"]["unit"] for one in found.metrics} == {"count", "number", "ratio"}
    told = starter_for("orders", ORDERS, orders(), source="s", owner="li", zone="UTC", currency="CNY")
    units = {one["name"]: one["governance"]["unit"] for one in told.metrics}
    assert units["amount"] == units["unit_price_average"] == "CNY"


def test_a_person_may_choose_another_time_and_a_column_that_is_none_is_refused() -> None:
    columns = {**ORDERS, "paid_at": "timestamp"}
    rows = [{**row, "paid_at": FIRST + timedelta(hours=i)} for i, row in enumerate(orders())]
    chosen = starter_for("orders", columns, rows, source="s", owner="li", zone="UTC", time="paid_at")
    assert chosen.dataset is not None
    assert chosen.dataset["time_column"] == "paid_at"
    assert set(chosen.times) == {"created_at", "paid_at"}
    wrong = starter_for("orders", columns, rows, source="s", owner="li", zone="UTC", time="note")
    assert [one.code for one in wrong.reasons] == ["starter.not_a_time"]


def test_readings_every_five_minutes_are_not_counted() -> None:
    rows = [{"at": FIRST + timedelta(minutes=5 * i), "glucose": 100 + i % 7} for i in range(300)]
    found = starter({"at": "TIMESTAMP", "glucose": "BIGINT"}, rows)
    assert [(one["name"], one["agg"]) for one in found.metrics] == [("glucose_average", "average")]


def test_every_proposal_says_why() -> None:
    found = starter(ORDERS, orders())
    told = {one.params.get("name") for one in found.reasons}
    assert {one["name"] for one in (*found.metrics, *found.monitors)} <= told

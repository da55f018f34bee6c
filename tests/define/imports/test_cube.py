"""What is particular to Cube: names that mean a column or a field, windows, private measures, queries."""

from __future__ import annotations

from typing import Any

import pytest

from metricloop.define.formula import parse_formula
from metricloop.define.imports.model import Effect, ForeignFile, Format, Imported
from metricloop.define.imports.reading import import_files
from metricloop.define.model import Kind
from metricloop.define.sql_expressions import check_expression, check_predicate
from tests.define.imports import shop

TIME = {"name": "at", "sql": "at", "type": "time"}


def found(*measures: dict[str, Any], **more: Any) -> Imported:
    base = {"name": "orders", "sql_table": "shop.public.orders", "dimensions": [TIME], "measures": list(measures)}
    return import_files(Format.CUBE, [ForeignFile("c.yml", {"cubes": [{**base, **more}]})], source="x")


def dataset(imported: Imported) -> Any:
    return shop.bodies(imported, Kind.DATASET)["orders"]


def test_the_database_of_a_table_is_left_to_the_source() -> None:
    assert dataset(found({"name": "n", "type": "count"}))["table"] == "public.orders"


def test_a_query_is_a_dataset_of_its_own() -> None:
    sql = "SELECT id, at FROM orders WHERE not test"
    assert dataset(found({"name": "n", "type": "count"}, sql_table=None, sql=sql))["sql"] == sql


def test_a_dimension_never_hides_the_column_that_a_measure_means() -> None:
    """A name in a filter here is a dimension first, there it was the column."""
    upper = {"name": "status", "sql": "UPPER({CUBE}.status)", "type": "string"}
    column = {"name": "paid", "type": "count", "filters": [{"sql": "{CUBE}.status = 'paid'"}]}
    field = {"name": "loud", "type": "count", "filters": [{"sql": "{status} = 'PAID'"}]}
    imported = found(column, field, dimensions=[TIME, upper])
    assert dataset(imported)["dimensions"] == [{"name": "status_2", "expr": "UPPER(status)"}]
    assert [one["filter"] for one in dataset(imported)["measures"]] == ["status = 'paid'", "UPPER(status) = 'PAID'"]
    assert any("status_2" in one.problem for one in imported.findings if one.effect is Effect.CHANGED)


def test_a_private_measure_is_no_metric_of_its_own() -> None:
    hidden = {"name": "paid", "type": "count", "public": False, "filters": [{"sql": "paid = 1"}]}
    rate = {"name": "rate", "type": "number", "sql": "{paid} / {n}"}
    imported = found({"name": "n", "type": "count"}, hidden, rate)
    assert set(shop.bodies(imported, Kind.METRIC)) == {"n", "rate"}
    assert shop.bodies(imported, Kind.METRIC)["rate"]["numerator"] == "paid"


@pytest.mark.parametrize(
    ("window", "span"),
    [
        ({"trailing": "7 day"}, ("window", "7d")),
        ({"trailing": "1 month", "offset": "end"}, ("window", "1 month")),
        ({"type": "to_date", "granularity": "year"}, ("grain_to_date", "year")),
    ],
)
def test_a_rolling_window_is_a_cumulative_metric(window: dict[str, str], span: tuple[str, str]) -> None:
    imported = found({"name": "n", "type": "count", "rolling_window": window})
    body = shop.bodies(imported, Kind.METRIC)["n"]
    assert (body["type"], body[span[0]]) == ("cumulative", span[1])


@pytest.mark.parametrize(
    "window", [{"trailing": "unbounded"}, {"leading": "1 day"}, {"trailing": "1 day", "offset": "start"}, {}]
)
def test_other_windows_are_left_out(window: dict[str, str]) -> None:
    imported = found({"name": "n", "type": "count", "rolling_window": window or {"offset": "end"}})
    assert imported.documents == ()


def test_an_access_policy_does_not_go_in_silence() -> None:
    imported = found({"name": "n", "type": "count"}, access_policy=[{"role": "*"}])
    assert any("access_policy" in one.problem for one in imported.findings if one.effect is Effect.CHANGED)


def test_a_cube_that_extends_another_is_left_out() -> None:
    imported = found({"name": "n", "type": "count"}, extends="base")
    assert any("extends base" in one.problem for one in imported.findings if one.effect is Effect.LEFT_OUT)


@pytest.mark.parametrize("name", ["count", "order", "user", "date", "sum", "end", "group", "case", "now", "select"])
def test_a_measure_may_be_called_like_a_word_of_sql(name: str) -> None:
    base = {"name": name, "type": "sum", "sql": "amount"}
    rest = {"name": "rest", "type": "number", "sql": f"{{{name}}} - {{n}}"}
    shift = [{"interval": "7 days", "type": "prior"}]
    before = {"name": "before", "type": "number", "sql": f"{{{name}}}", "time_shift": shift, "multi_stage": True}
    imported = found(base, {"name": "n", "type": "count"}, rest, before)
    assert {"rest", "before", "n"} < set(shop.bodies(imported, Kind.METRIC))
    for body in shop.bodies(imported, Kind.METRIC).values():
        if body["type"] == "derived":
            parse_formula(str(body["expr"]))


@pytest.mark.parametrize("name", ["order", "group", "end", "user", "select"])
def test_a_column_may_be_called_like_a_word_of_sql(name: str) -> None:
    measure = {"name": "n", "type": "sum", "sql": f'{{CUBE}}."{name}"', "filters": [{"sql": f'"{name}" > 1'}]}
    dimension = {"name": name, "sql": f'"{name}"', "type": "string"}
    body = dataset(found(measure, dimensions=[TIME, dimension]))
    assert check_predicate(body["measures"][0]["filter"]) == check_expression(body["measures"][0]["expr"]) == {name}
    assert body["dimensions"] == [name]


def test_a_ratio_of_a_measure_to_itself_is_sound() -> None:
    body: dict[str, Any] = shop.bodies(
        found({"name": "n", "type": "count"}, {"name": "one", "type": "number", "sql": "{n} / {n}"}), Kind.METRIC
    )["one"]
    assert body["input_metrics"] == [{"name": "n"}]

"""What is particular to dbt: two shapes of a manifest, entities, several times, grains."""

from __future__ import annotations

from typing import Any

from metricloop.define.imports.model import Effect, ForeignFile, Format, Imported
from metricloop.define.imports.reading import import_files
from metricloop.define.model import Kind
from tests.define.imports import shop


def model(name: str, **more: Any) -> dict[str, Any]:
    time = {"name": "at", "type": "time", "type_params": {"time_granularity": "hour"}}
    base = {
        "name": name,
        "node_relation": {"alias": name, "schema_name": "s"},
        "defaults": {"agg_time_dimension": "at"},
    }
    return {**base, "entities": [], "dimensions": [time], "measures": [], **more}


def simple(name: str, measure: str, where: str | None = None) -> dict[str, Any]:
    return {"name": name, "type": "simple", "type_params": {"measure": {"name": measure}}, "filter": where}


def found(models: Any, metrics: Any) -> Imported:
    return import_files(
        Format.DBT, [ForeignFile("m.json", {"semantic_models": models, "metrics": metrics})], source="x"
    )


def category(name: str, **more: Any) -> dict[str, Any]:
    return {"name": name, "type": "categorical", **more}


def test_a_whole_manifest_says_the_same_as_the_semantic_one() -> None:
    content = shop.content(Format.DBT)
    whole = {
        "metadata": {"dbt_schema_version": "v12"},
        "nodes": {"model.shop.orders": {"name": "orders"}},
        "semantic_models": {f"semantic_model.shop.{one['name']}": one for one in content["semantic_models"]},
        "metrics": {f"metric.shop.{one['name']}": {**one, "unique_id": one["name"]} for one in content["metrics"]},
    }
    one = import_files(Format.DBT, [ForeignFile("a.json", content)], source="shop")
    two = import_files(Format.DBT, [ForeignFile("a.json", whole)], source="shop")
    assert one.documents == two.documents


def test_an_entity_of_another_table_means_that_table_even_where_names_are_alike() -> None:
    orders = model(
        "orders",
        entities=[
            {"name": "order", "type": "primary", "expr": "id"},
            {"name": "store", "type": "foreign", "expr": "sid"},
        ],
        measures=[{"name": "n", "agg": "count", "expr": "1"}],
    )
    orders["dimensions"] = [*orders["dimensions"], category("status")]
    stores = model("stores", entities=[{"name": "store", "type": "primary", "expr": "id"}])
    stores["dimensions"] = [category("status")]
    both = "{{ Dimension('order__status') }} = 'paid' and {{ Dimension('store__status') }} = 'open'"
    imported = found([orders, stores], [simple("paid", "n", both)])
    dataset: Any = shop.bodies(imported, Kind.DATASET)["orders"]
    assert dataset["joins"] == [{"name": "store", "table": "s.stores", "on": {"sid": "id"}}]
    assert {"name": "store_status", "join": "store", "column": "status"} in dataset["dimensions"]
    assert dataset["measures"][-1]["filter"] == "status = 'paid' AND store_status = 'open'"


def test_a_measure_by_another_time_makes_a_second_dataset() -> None:
    shipped = {"name": "shipped_at", "type": "time", "type_params": {"time_granularity": "day"}}
    orders = model(
        "orders",
        measures=[
            {"name": "n", "agg": "count", "expr": "1"},
            {"name": "sent", "agg": "count", "expr": "1", "agg_time_dimension": "shipped_at"},
        ],
    )
    orders["dimensions"] = [*orders["dimensions"], shipped]
    imported = found([orders], [simple("n", "n"), simple("sent", "sent")])
    datasets = shop.bodies(imported, Kind.DATASET)
    assert {name: body["time_column"] for name, body in datasets.items()} == {
        "orders": "at",
        "orders_by_shipped_at": "shipped_at",
    }
    assert datasets["orders_by_shipped_at"]["grain"] == "day"
    assert shop.bodies(imported, Kind.METRIC)["sent"]["dataset"] == "orders_by_shipped_at"


def test_a_ratio_over_two_tables_is_a_derived_metric() -> None:
    orders = model("orders", measures=[{"name": "n", "agg": "count", "expr": "1"}])
    visits = model("visits", measures=[{"name": "v", "agg": "sum", "expr": "visitors"}])
    rate = {"numerator": {"name": "n"}, "denominator": {"name": "v"}}
    metrics = [simple("n", "n"), simple("v", "v"), {"name": "rate", "type": "ratio", "type_params": rate}]
    body: Any = shop.bodies(found([orders, visits], metrics), Kind.METRIC)["rate"]
    assert (body["type"], body["expr"]) == ("derived", "n / v")


def test_a_private_metric_is_a_measure_alone() -> None:
    orders = model("orders", measures=[{"name": "n", "agg": "count", "expr": "1"}])
    private = {"name": "hidden", "type": "simple", "type_params": {"measure": {"name": "n"}, "is_private": True}}
    assert set(shop.bodies(found([orders], [private, simple("n", "n")]), Kind.METRIC)) == {"n"}


def test_metrics_that_need_each_other_are_left_out() -> None:
    def needs(name: str, other: str) -> dict[str, Any]:
        return {"name": name, "type": "derived", "type_params": {"expr": f"{other} + 1", "metrics": [{"name": other}]}}

    imported = found([model("orders")], [needs("a", "b"), needs("b", "a"), needs("c", "c")])
    assert imported.documents == ()
    assert {one.about for one in imported.findings if one.effect is Effect.LEFT_OUT} == {
        "metric a",
        "metric b",
        "metric c",
    }


def test_a_very_long_chain_of_metrics_ends_in_findings() -> None:
    orders = model("orders", measures=[{"name": "n", "agg": "count", "expr": "1"}])
    chain = [
        {
            "name": f"m{at}",
            "type": "derived",
            "type_params": {"expr": f"m{at - 1} + 1", "metrics": [{"name": f"m{at - 1}"}]},
        }
        for at in range(500, 0, -1)
    ]
    imported = found([orders], [*chain, simple("m0", "n")])
    assert len(imported.documents) > 1
    assert any("one behind the other" in one.problem for one in imported.findings)


def test_an_input_with_its_own_filter_keeps_it() -> None:
    orders = model("orders", entities=[{"name": "order", "type": "primary", "expr": "id"}])
    orders["dimensions"] = [*orders["dimensions"], category("carrier")]
    orders["measures"] = [{"name": "n", "agg": "count", "expr": "1"}]
    inputs = [{"name": "n"}, {"name": "n", "alias": "dhl", "filter": "{{ Dimension('order__carrier') }} = 'DHL'"}]
    share = {"name": "share", "type": "derived", "type_params": {"expr": "dhl / n", "metrics": inputs}}
    body: Any = shop.bodies(found([orders], [simple("n", "n"), share]), Kind.METRIC)["share"]
    assert body["input_metrics"] == [{"name": "n"}, {"name": "n", "alias": "dhl", "filter": "carrier = 'DHL'"}]

"""What is particular to Lightdash: conditions on a whole model, hidden metrics, dimensions that compute."""

from __future__ import annotations

from typing import Any

from metricloop.define.imports.model import Effect, ForeignFile, Format, Imported
from metricloop.define.imports.reading import import_files
from metricloop.define.model import Kind
from tests.define.imports import shop


def found(model: dict[str, Any]) -> Imported:
    return import_files(Format.LIGHTDASH, [ForeignFile("schema.yml", {"models": [model]})], source="x")


def column(name: str, kind: str = "", **meta: Any) -> dict[str, Any]:
    return {"name": name, "data_type": kind, "config": {"meta": meta}}


AT = column("at", "timestamp")


def measures(imported: Imported) -> dict[str, dict[str, Any]]:
    body: Any = shop.bodies(imported, Kind.DATASET)["orders"]
    return {one["name"]: one for one in body["measures"]}


def test_a_condition_on_the_model_is_in_every_measure() -> None:
    metrics = {"n": {"type": "count"}, "paid": {"type": "count", "filters": [{"status": "paid"}]}}
    model = {"name": "orders", "meta": {"sql_filter": "${TABLE}.deleted = false"}}
    imported = found({**model, "columns": [AT, column("id", metrics=metrics), column("status", "text")]})
    assert measures(imported)["n"]["filter"] == "deleted = FALSE"
    assert measures(imported)["paid"]["filter"] == "deleted = FALSE AND status = 'paid'"


def test_a_share_of_rows_with_a_bare_truth_is_an_average() -> None:
    rate = {"type": "average", "sql": "CASE WHEN ${is_paid} THEN 1 ELSE 0 END"}
    imported = found({"name": "orders", "columns": [AT, column("is_paid", "boolean", metrics={"rate": rate})]})
    assert measures(imported)["rate"] == {
        "name": "rate",
        "agg": "average",
        "expr": "CASE WHEN is_paid = TRUE THEN 1 ELSE 0 END",
    }


def test_metrics_of_one_name_in_two_models_are_told_apart() -> None:
    columns = [AT, column("id", metrics={"n": {"type": "count"}})]
    files = [ForeignFile(f"{name}.yml", {"models": [{"name": name, "columns": columns}]}) for name in ("a", "b")]
    imported = import_files(Format.LIGHTDASH, files, source="x")
    assert set(shop.bodies(imported, Kind.METRIC)) == {"a_n", "b_n"}


def test_the_least_of_times_is_no_number() -> None:
    imported = found({"name": "orders", "columns": [column("at", "date", metrics={"first": {"type": "min"}})]})
    assert imported.documents == ()
    assert any("no number" in one.problem for one in imported.findings if one.effect is Effect.LEFT_OUT)


def test_older_and_newer_places_of_meta_are_read_as_one() -> None:
    old = {"name": "status", "meta": {"dimension": {"type": "string", "label": "State"}}}
    model = {"name": "orders", "columns": [AT, old, column("id", metrics={"n": {"type": "count"}})]}
    body: Any = shop.bodies(found(model), Kind.DATASET)["orders"]
    assert body["dimensions"] == [{"name": "status", "label": "State"}]


def test_who_may_see_what_does_not_come_over_in_silence() -> None:
    model = {"name": "orders", "meta": {"required_attributes": {"team": "eu"}}}
    imported = found({**model, "columns": [AT, column("id", metrics={"n": {"type": "count"}})]})
    assert any("required_attributes" in one.problem for one in imported.findings if one.effect is Effect.CHANGED)

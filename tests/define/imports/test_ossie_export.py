"""What goes out to Ossie comes back the same; and others can read it, too."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from metricloop.define.imports.model import Effect, ForeignFile, Format, Imported
from metricloop.define.imports.ossie_export import export_ossie
from metricloop.define.imports.reading import import_files
from metricloop.define.model import Document, Kind
from metricloop.define.versions import canonical_json
from tests.define.imports import shop

SOURCE = "{name: shop, plugin: sqlite, options: {path: shop.db}}"
ROWS = """\
datasets:
  - name: orders
    label: {en: Orders, zh: 订单}
    source: shop
    table: orders
    time_column: created_at
    grain: hour
    lateness: 1h
    key: [order_id]
    joins: [{name: store, table: stores, "on": {store_id: id}}]
    dimensions:
      - carrier
      - {name: region, join: store, label: {zh: 大区}}
      - {name: size, expr: "case when qty > 10 then 'bulk' else 'small' end"}
    measures:
      - {name: orders, agg: count}
      - {name: amount, agg: sum, expr: amount}
  - name: returns
    source: shop
    sql: "SELECT id, at, carrier FROM returns"
    time_column: at
    lateness: 1d
    measures: [{name: returned, agg: count}]
metrics:
  - {name: gmv, type: simple, dataset: orders, measure: amount, filter: "status = 'paid' AND region = 'North'",
      governance: {owner: ann, level: L1, unit: CNY, currency: CNY, good_direction: up, status: certified,
        synonyms: {zh: [成交额], en: [turnover]}}}
  - {name: value, type: simple, dataset: orders, agg: average, expr: amount, governance: <owned>}
  - {name: middle, type: simple, dataset: orders, agg: median, expr: amount, governance: <owned>}
  - {name: buyers, type: simple, dataset: orders, agg: count_distinct, expr: customer, governance: <owned>}
  - {name: share, type: ratio, dataset: orders, numerator: amount, denominator: orders, filter: "qty > 1",
      governance: <owned>}
  - {name: returned, type: simple, dataset: returns, measure: returned, governance: <owned>}
  - {name: order_count, type: simple, dataset: orders, measure: orders, governance: <owned>}
  - {name: return_rate, type: derived, expr: "returned / order_count", governance: <owned>,
      input_metrics: [{name: returned}, {name: order_count}]}
  - {name: growth, type: derived, expr: "gmv / last - 1", governance: <owned>,
      input_metrics: [{name: gmv}, {name: gmv, alias: last, offset_window: 7d}]}
  - {name: gmv_mtd, type: cumulative, dataset: orders, measure: amount, grain_to_date: month, governance: <owned>}
"""


@pytest.fixture
def definitions(tmp_path: Path) -> tuple[Document, ...]:
    owned = "{owner: ann, level: L3, unit: number, good_direction: none}"
    return shop.documents(ROWS.replace("<owned>", owned), tmp_path / "definitions")


def exported(definitions: tuple[Document, ...], folder: Path) -> tuple[dict[str, Any], tuple[Any, ...]]:
    return export_ossie(shop.project_of(definitions, SOURCE, folder), definitions)


def again(content: dict[str, Any], source: str | None = None) -> Imported:
    return import_files(Format.OSSIE, [ForeignFile("shop.yml", content)], source=source)


def same(found: Imported, definitions: tuple[Document, ...]) -> bool:
    def plain(documents: tuple[Document, ...]) -> dict[tuple[Kind, str], str]:
        return {(one.kind, one.name): canonical_json(one.body) for one in documents}

    return plain(found.documents) == plain(definitions)


def without_extensions(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: without_extensions(one) for key, one in value.items() if key != "custom_extensions"}
    return [without_extensions(one) for one in value] if isinstance(value, list) else value


def test_what_was_exported_comes_back_the_same(definitions: tuple[Document, ...], tmp_path: Path) -> None:
    content, _ = exported(definitions, tmp_path)
    found = again(json.loads(json.dumps(content)))
    assert same(found, definitions)
    assert found.findings == ()


def test_the_native_shop_comes_back_the_same(tmp_path: Path) -> None:
    definitions = shop.native(tmp_path)
    content, _ = exported(definitions, tmp_path)
    assert same(again(content), definitions)


def test_a_source_that_is_named_takes_the_place_of_the_exported_one(
    definitions: tuple[Document, ...], tmp_path: Path
) -> None:
    content, _ = exported(definitions, tmp_path)
    found = shop.bodies(again(content, source="other"), Kind.DATASET)
    assert {body["source"] for body in found.values()} == {"other"}


def test_what_ossie_has_no_words_for_is_told_and_kept(definitions: tuple[Document, ...], tmp_path: Path) -> None:
    content, findings = exported(definitions, tmp_path)
    assert {one.about for one in findings} == {"metric growth", "metric gmv_mtd"}
    assert {one["name"] for one in content["metrics"]}.isdisjoint({"growth", "gmv_mtd"})


def test_others_read_the_same_metrics_from_the_sql_alone(tmp_path: Path) -> None:
    """Without our extensions the strings still say what they said; governance is lost, and told."""
    definitions = shop.native(tmp_path)
    content, _ = exported(definitions, tmp_path)
    found = again(without_extensions(content), source="shop")
    told = {one.about: one.problem for one in found.findings if one.effect is Effect.LEFT_OUT}
    assert told == {}
    names = {one.name for one in found.documents if one.kind is Kind.METRIC}
    hidden = {"growth", "amount_mtd", "amount_7d"}
    assert {one.name for one in definitions if one.kind is Kind.METRIC} - names == hidden
    project = shop.project_of(found.documents, SOURCE, tmp_path)
    native = shop.project_of(definitions, SOURCE, tmp_path)
    rate, share = project.metric("fulfilment_rate"), project.dataset_of(project.metric("fulfilment_rate"))
    assert share.measure(rate.numerator) is not None
    for name in names - {"order_value"}:  # an average is a division there, and so a ratio
        assert project.metric(name).type is native.metric(name).type, name


def test_a_metric_that_was_changed_elsewhere_is_read_anew(definitions: tuple[Document, ...], tmp_path: Path) -> None:
    content, _ = exported(definitions, tmp_path)
    metric = next(one for one in content["metrics"] if one["name"] == "buyers")
    metric["expression"]["dialects"][0]["expression"] = "COUNT(DISTINCT orders.email)"
    found = again(content)
    assert ("metric buyers", Effect.CHANGED) in {(one.about, one.effect) for one in found.findings}
    dataset: Any = shop.bodies(found, Kind.DATASET)["orders"]
    assert {"name": "buyers", "agg": "count_distinct", "expr": "email"} in dataset["measures"]


def test_a_metric_that_was_added_elsewhere_counts_in_our_dataset(
    definitions: tuple[Document, ...], tmp_path: Path
) -> None:
    content, _ = exported(definitions, tmp_path)
    sql = "SUM(CASE WHEN orders__store.region = 'South' THEN orders.amount END)"
    content["metrics"].append(
        {"name": "south", "expression": {"dialects": [{"dialect": "ANSI_SQL", "expression": sql}]}}
    )
    found = again(content)
    project = shop.project_of([*found.documents], SOURCE, tmp_path)
    measure = project.dataset_of(project.metric("south")).measure("south")
    assert measure is not None
    assert (measure.expr, measure.filter) == ("amount", "region = 'South'")
    assert project.dataset_of(project.metric("south")).name == "orders"


def test_an_extension_that_is_no_definition_is_told_and_not_taken(
    definitions: tuple[Document, ...], tmp_path: Path
) -> None:
    content, _ = exported(definitions, tmp_path)
    content["custom_extensions"][0]["data"] = json.dumps(
        {"metrics": [{"name": "evil", "type": "simple", "do": "x"}, 7]}
    )
    found = again(content)
    assert "evil" not in {one.name for one in found.documents}
    assert "metric evil" in {one.about for one in found.findings if one.effect is Effect.LEFT_OUT}


def test_the_store_gives_what_the_file_gave(definitions: tuple[Document, ...], tmp_path: Path) -> None:
    """Whatever the order of definitions, the same project gives the same file."""
    one, _ = exported(definitions, tmp_path)
    two, _ = exported(definitions[::-1], tmp_path)
    assert canonical_json(one) == canonical_json(two)

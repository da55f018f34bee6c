"""Files that mean harm end in findings: nothing is evaluated, nothing grows, nothing reaches a query unseen."""

from __future__ import annotations

from typing import Any

import pytest

from metricloop.define.imports.model import Effect, ForeignFile, Format, Imported
from metricloop.define.imports.reading import import_files
from metricloop.define.model import Kind
from tests.define.imports import shop

TIME = {"name": "at", "sql": "at", "type": "time"}


def cube(**more: Any) -> Imported:
    base = {"name": "orders", "sql_table": "orders", "dimensions": [TIME], "measures": [{"name": "n", "type": "count"}]}
    return import_files(Format.CUBE, [ForeignFile("c.yml", {"cubes": [{**base, **more}]})], source="x")


def left_out(imported: Imported) -> str:
    return " ".join(one.about + one.problem for one in imported.findings if one.effect is Effect.LEFT_OUT)


@pytest.mark.parametrize(
    "sql",
    [
        "1); DROP TABLE orders; --",
        "(SELECT password FROM users LIMIT 1)",
        "pg_sleep(10)",
        "read_csv('/etc/passwd')",
        "a /*! OR 1=1 */",
        "load_extension('x')",
        "version()",
        "a; SELECT 1",
        "CASE WHEN (SELECT 1) = 1 THEN a END",
        "current_setting('x')",
        "orders.a::regclass",
        "a\x00b",
        "(" * 500 + "a" + ")" * 500,
        "+".join(["a"] * 20_000),
        "",
    ],
)
def test_hostile_sql_of_a_measure_is_left_out(sql: str) -> None:
    imported = cube(measures=[{"name": "n", "type": "count"}, {"name": "bad", "type": "sum", "sql": sql}])
    assert set(shop.bodies(imported, Kind.METRIC)) == {"n"}
    assert "orders.bad" in left_out(imported)


@pytest.mark.parametrize(
    "sql", ["1", "TRUE OR (SELECT 1) = 1", "sleep(5) = 0", "a = 'x' UNION SELECT 1", "{{ x }} = 1"]
)
def test_hostile_filters_are_left_out(sql: str) -> None:
    imported = cube(measures=[{"name": "bad", "type": "count", "filters": [{"sql": sql}]}])
    assert imported.documents == ()
    assert "orders.bad" in left_out(imported)


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT * FROM read_csv('/etc/passwd')",
        "SELECT * FROM pg_read_file('x')",
        "DROP TABLE orders",
        "SELECT 1; SELECT 2",
    ],
)
def test_hostile_sql_of_a_table_does_not_come_over(sql: str) -> None:
    imported = cube(sql_table=None, sql=sql)
    assert imported.documents == ()
    assert left_out(imported)


def test_fields_that_name_fields_twice_do_not_grow_without_end() -> None:
    chain = [{"name": f"d{at}", "sql": f"{{d{at + 1}}} + {{d{at + 1}}}", "type": "string"} for at in range(40)]
    imported = cube(dimensions=[TIME, *chain, {"name": "d40", "sql": "a", "type": "string"}])
    assert "orders.d0" in left_out(imported)
    assert "n" in shop.bodies(imported, Kind.METRIC)


def test_fields_that_need_themselves_are_left_out() -> None:
    circle = [{"name": "a", "sql": "{b}", "type": "string"}, {"name": "b", "sql": "{a}", "type": "string"}]
    imported = cube(dimensions=[TIME, *circle])
    assert "orders.a" in left_out(imported)
    assert "orders.b" in left_out(imported)


@pytest.mark.parametrize("name", ["a; b", "../../x", "naïve name", "x" * 500, "{{ x }}", "-", " "])
def test_odd_names_become_names(name: str) -> None:
    imported = cube(measures=[{"name": name, "type": "count"}])
    (metric,) = shop.bodies(imported, Kind.METRIC)
    assert metric.replace("_", "a").isalnum()
    assert len(metric) <= 63


def test_a_description_brings_no_template_along() -> None:
    imported = cube(measures=[{"name": "n", "type": "count", "description": "{{ doc('secret') }}", "title": "N\x07"}])
    body = shop.bodies(imported, Kind.METRIC)["n"]
    assert "description" not in body
    assert body["label"] == "N"

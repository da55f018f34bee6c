"""What passes the gate gives the same rows on DuckDB, SQLite, PostgreSQL and MariaDB."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, closing, contextmanager
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import duckdb
import pytest
from sqlglot import exp

from metricloop.collect.expressions import fitted, parse_expression, parse_filter
from metricloop.define.sql_select import check_select
from tests.collect.engines import postgres_schema
from tests.missing import missing
from tests.plugins import mariadb

Rows = list[tuple[Any, ...]]
Ask = Callable[[str], Sequence[Sequence[Any]]]

COLUMNS = "id INT, status VARCHAR(20), city VARCHAR(20), amount DOUBLE PRECISION, qty INT, price DECIMAL(10, 2)"
COLUMNS += ", paid BOOLEAN, made TIMESTAMP NULL"
ORDERS = [
    (1, "paid", "Köln", 10.5, 1, "9.99", True, "2026-01-31 00:00:00"),
    (2, "paid", "  Paris ", 0.0, 12, "0.00", False, "2026-01-31 23:59:59"),
    (3, "sent", "上海", -2.5, 3, "1.25", True, "2026-02-01 00:00:00"),
    (4, "100%", "O'Hare", 1e6, 0, "125.50", None, "2026-03-01 12:30:00"),
    (5, "a_b", "a\\b", None, None, None, False, None),
    (6, None, None, 2.5, -4, "-1.25", True, "2025-12-31 23:00:00"),
    (7, "Paid", "", 3.5, 7, "2.35", True, "2026-01-31 08:00:00"),
]
STORES = [(1, "north"), (3, "south"), (12, "north")]


def values(rows: Sequence[Sequence[Any]], marker: str, booleans: bool) -> str:
    """As an INSERT's VALUES; the texts are ours."""

    def shown(value: Any) -> str:
        if value is None:
            return "NULL"
        if isinstance(value, bool):
            return ("TRUE" if value else "FALSE") if booleans else str(int(value))
        if isinstance(value, int | float):
            return repr(value)
        return "'" + str(value).replace("'", "''").replace("\\", marker) + "'"

    return ", ".join("(" + ", ".join(map(shown, row)) + ")" for row in rows)


def filling(marker: str = "\\", booleans: bool = True) -> list[str]:
    return [
        f"CREATE TABLE orders ({COLUMNS})",
        f"INSERT INTO orders VALUES {values(ORDERS, marker, booleans)}",
        "CREATE TABLE stores (store INT, region VARCHAR(10))",
        f"INSERT INTO stores VALUES {values(STORES, marker, booleans)}",
    ]


@contextmanager
def in_duckdb() -> Iterator[Ask]:
    with duckdb.connect(":memory:") as connection:
        for statement in filling():
            connection.execute(statement)
        yield lambda sql: connection.execute(sql).fetchall()


@contextmanager
def in_sqlite() -> Iterator[Ask]:
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute("PRAGMA case_sensitive_like = ON")  # as the source plugin has it
        for statement in filling(booleans=False):
            connection.execute(statement)
        yield lambda sql: connection.execute(sql).fetchall()


@contextmanager
def in_postgres() -> Iterator[Ask]:
    if not os.environ.get("METRICLOOP_TEST_POSTGRES"):
        missing("METRICLOOP_TEST_POSTGRES names no PostgreSQL", "Set it to postgresql://user@host/test")
    with postgres_schema() as (connection, schema):
        connection.execute(f"SET search_path = {schema}".encode())
        for statement in filling():
            connection.execute(statement.encode())
        yield lambda sql: connection.execute(sql.encode()).fetchall()


@contextmanager
def in_mariadb() -> Iterator[Ask]:
    with mariadb.database() as (connection, _, _), connection.cursor() as cursor:
        for statement in filling(marker="\\\\"):
            cursor.execute(statement.replace("VARCHAR(20)", "VARCHAR(20) COLLATE utf8mb4_bin"))

        def ask(sql: str) -> Sequence[Sequence[Any]]:
            cursor.execute(sql)
            return list(cursor.fetchall())

        yield ask


ENGINES: dict[str, Callable[[], AbstractContextManager[Ask]]] = {
    "duckdb": in_duckdb,
    "sqlite": in_sqlite,
    "postgres": in_postgres,
    "mysql": in_mariadb,
}


@pytest.fixture(scope="module", params=ENGINES)
def engine(request: pytest.FixtureRequest) -> Iterator[tuple[str, Ask]]:
    with ENGINES[request.param]() as ask:
        yield request.param, ask


def alike(value: Any) -> Any:
    """Numbers as floats, times as text: drivers differ in types, not in values."""
    if isinstance(value, bool | int | float | Decimal):
        return round(float(value), 9)
    if isinstance(value, datetime):
        return value.isoformat(sep=" ")
    return value.isoformat() if isinstance(value, date) else value


FILTERS = {
    "status = 'paid'": [1, 2],
    "status <> 'paid'": [3, 4, 5, 7],
    "status = 'paid' OR city IS NULL": [1, 2, 6],
    "NOT (qty > 2 OR amount < 0)": [1, 4, 6],
    "NOT status = 'paid' AND paid = TRUE": [3, 7],
    "status IN ('paid', 'sent')": [1, 2, 3],
    "status NOT IN ('paid', 'sent')": [4, 5, 7],
    "amount BETWEEN 0 AND 10.5": [1, 2, 6, 7],
    "amount NOT BETWEEN 0 AND 10.5": [3, 4],
    "status LIKE 'p%'": [1, 2],
    "lower(status) LIKE 'p%'": [1, 2, 7],
    "status NOT LIKE '%a%'": [3, 4],
    "city = 'O''Hare'": [4],
    "city = 'a\\b'": [5],
    "city = '上海' OR city = 'Köln'": [1, 3],
    "city IS NOT NULL AND length(city) = 2": [3],
    "trim(city) = 'Paris'": [2],
    "substring(city, 2, 2) = '''H'": [4],
    "amount = - -2.5": [6],
    "qty - -4 = 0": [6],
    "made >= DATE '2026-02-01'": [3, 4],
    "made < TIMESTAMP '2026-01-31 08:00:00'": [1, 6],
    "made BETWEEN DATE '2026-01-31' AND DATE '2026-02-01'": [1, 2, 3, 7],
    "CAST(made AS DATE) = DATE '2026-01-31'": [1, 2, 7],
    "coalesce(qty, 0) * price > 5": [1, 7],
    "CASE WHEN qty > 5 THEN 'bulk' ELSE 'small' END = 'bulk'": [2, 7],
    "paid = FALSE": [2, 5],
    "1 = 1": [1, 2, 3, 4, 5, 6, 7],
    "nullif(qty, 0) IS NULL": [4, 5],
}
EXPRESSIONS = {
    "qty * price - 1": [8.99, -1.0, 2.75, -1.0, None, 4.0, 15.45],
    "coalesce(amount, 0) + qty": [11.5, 12.0, 0.5, 1e6, None, -1.5, 10.5],
    "abs(amount)": [10.5, 0.0, 2.5, 1e6, None, 2.5, 3.5],
    "round(amount)": [11.0, 0.0, -3.0, 1e6, None, 3.0, 4.0],
    "round(price, 1)": [10.0, 0.0, 1.3, 125.5, None, -1.3, 2.4],
    "nullif(qty, 0)": [1.0, 12.0, 3.0, None, None, -4.0, 7.0],
    "concat(status, '-', qty)": ["paid-1", "paid-12", "sent-3", "100%-0", "a_b-", "--4", "Paid-7"],
    "upper(substring(status, 1, 2))": ["PA", "PA", "SE", "10", "A_", None, "PA"],
    "length(city)": [4.0, 8.0, 2.0, 6.0, 3.0, None, 0.0],
    "case when qty > 10 then 'bulk' when qty is null then 'none' else 'small' end": [
        "small", "bulk", "small", "small", "none", "small", "small",
    ],
    "case status when 'paid' then 1 when 'sent' then 2 else 0 end": [1.0, 1.0, 2.0, 0.0, 0.0, 0.0, 0.0],
    "cast(qty as text)": ["1", "12", "3", "0", None, "-4", "7"],
    "cast(concat(qty, '0') as bigint)": [10.0, 120.0, 30.0, 0.0, 0.0, -40.0, 70.0],
    "cast(qty as double) * 0.5": [0.5, 6.0, 1.5, 0.0, None, -2.0, 3.5],
    "cast(made as date)": ["2026-01-31", "2026-01-31", "2026-02-01", "2026-03-01", None, "2025-12-31", "2026-01-31"],
}  # fmt: skip


@pytest.mark.parametrize("text", FILTERS)
def test_a_filter_keeps_the_same_rows_everywhere(text: str, engine: tuple[str, Ask]) -> None:
    dialect, ask = engine
    where = fitted(parse_filter(text, "here"), dialect)
    query = exp.select(exp.column("id")).from_("orders").where(where).order_by("id")
    assert [int(row[0]) for row in ask(query.sql(dialect))] == FILTERS[text]


@pytest.mark.parametrize("text", EXPRESSIONS)
def test_an_expression_has_the_same_values_everywhere(text: str, engine: tuple[str, Ask]) -> None:
    dialect, ask = engine
    value = exp.alias_(fitted(parse_expression(text, "here"), dialect), "v")
    rows = ask(exp.select(exp.column("id"), value).from_("orders").order_by("id").sql(dialect))
    assert [alike(row[1]) for row in rows] == EXPRESSIONS[text]


QUERIES = {
    "SELECT id, qty * price AS total FROM orders WHERE qty > 0": 4,
    "SELECT o.id, s.region FROM orders o JOIN stores s ON o.qty = s.store": 3,
    "SELECT o.id, coalesce(s.region, 'none') AS region FROM orders o LEFT JOIN stores s ON o.qty = s.store": 7,
    "WITH p AS (SELECT id, qty FROM orders WHERE status = 'paid') SELECT p.id FROM p": 2,
    "SELECT id FROM orders WHERE qty IN (SELECT store FROM stores)": 3,
    "SELECT id FROM orders WHERE id < 3 UNION ALL SELECT store FROM stores": 5,
    "SELECT * FROM (SELECT id, row_number() OVER (PARTITION BY status ORDER BY id) AS n FROM orders) x WHERE n = 1": 6,
    "SELECT status, count(DISTINCT city) AS cities, sum(amount) AS amount FROM orders GROUP BY status": 6,
    "SELECT region, max(store) AS store FROM stores GROUP BY region HAVING count(*) > 1": 1,
    "SELECT id -- the name\nFROM orders /* all of them */ ORDER BY id LIMIT 3": 3,
}


@pytest.mark.parametrize("text", QUERIES)
def test_a_dataset_written_as_sql_gives_the_same_rows_everywhere(text: str, engine: tuple[str, Ask]) -> None:
    dialect, ask = engine
    checked = check_select(text, dialect, {"orders", "stores"})
    inner = exp.select("*").from_(checked.subquery("dataset")).sql(dialect)
    rows = sorted((tuple(map(alike, row)) for row in ask(inner)), key=repr)
    with in_duckdb() as reference:
        expected = sorted((tuple(map(alike, row)) for row in reference(text)), key=repr)
    assert rows == expected
    assert len(rows) == QUERIES[text]

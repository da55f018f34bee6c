"""Datasets written as SQL: what may be asked, which tables it reads, and what is refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metricloop.define.sql_select import check_select
from metricloop.define.sql_tables import check_table
from metricloop.define.sql_text import Refused
from tests.define.hostile import SELECTS

HONEST: list[tuple[str, str, set[str]]] = [
    ("postgres", "SELECT * FROM orders", {"orders"}),
    ("postgres", "select o.id, o.amount as total from sales.orders o -- all of them", {"sales.orders"}),
    ("postgres", "SELECT DISTINCT ON (id) id, date_trunc('day', at) AS d FROM orders ORDER BY id, at DESC", {"orders"}),
    ("postgres", "SELECT a.x FROM t a LEFT JOIN u b ON a.id = b.id WHERE b.kind IN (SELECT k FROM v)", {"t", "u", "v"}),
    ("postgres", "WITH x AS (SELECT id FROM t), y AS (SELECT id FROM x) SELECT id FROM y JOIN x USING (id)", {"t"}),
    ("postgres", "SELECT id FROM a UNION ALL SELECT id FROM b", {"a", "b"}),
    ("postgres", "SELECT id, row_number() OVER (PARTITION BY s ORDER BY at ROWS BETWEEN 1 PRECEDING AND 1 FOLLOWING)"
     " AS n FROM t", {"t"}),
    ("postgres", "SELECT to_char(at, 'YYYY-MM') AS m, count(*) FILTER (WHERE a > 1) AS n FROM t GROUP BY 1", {"t"}),
    ("postgres", "SELECT j ->> 'city' AS city, a::numeric(10, 2) AS a, at AT TIME ZONE 'UTC' AS at FROM t", {"t"}),
    ("postgres", "SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY a) AS p FROM t HAVING count(*) > 1", {"t"}),
    ("postgres", "SELECT t.user, split_part(a, '-', 1) AS p, coalesce(b, 0) / nullif(c, 0) AS q FROM t", {"t"}),
    ("postgres", "SELECT k.name FROM t JOIN (VALUES (1, 'a'), (2, 'b')) AS k(id, name) ON k.id = t.kind", {"t"}),
    ("mysql", "SELECT DATE_FORMAT(at, '%Y-%m') AS m, IFNULL(a, 0) AS a, IF(b > 1, 'x', 'y') AS k FROM `my orders`",
     {"my orders"}),
    ("mysql", "SELECT t.user, at + INTERVAL 1 DAY AS next, TIMESTAMPDIFF(HOUR, a, b) AS h FROM shop.t # hours",
     {"shop.t"}),
    ("sqlite", "SELECT strftime('%Y', at) AS y, julianday(b) - julianday(a) AS d, date(at) AS t FROM t", {"t"}),
    ("duckdb", "FROM t SELECT * EXCLUDE (secret) QUALIFY row_number() OVER (PARTITION BY id ORDER BY at) = 1", {"t"}),
    ("duckdb", "SELECT try_cast(a AS INT) AS a, median(b) AS m, date_diff('day', c, d) AS n FROM t GROUP BY a", {"t"}),
    ("clickhouse", "SELECT toStartOfHour(at) AS h, countIf(a > 1) AS n, uniqExact(b) AS u FROM t FINAL GROUP BY h",
     {"t"}),
    ("trino", "SELECT date_trunc('hour', at) AS h, approx_distinct(b) AS u FROM lake.sales.t GROUP BY 1",
     {"lake.sales.t"}),
    ("bigquery", "SELECT TIMESTAMP_TRUNC(at, HOUR) AS h, COUNTIF(a > 1) AS n FROM `p.sales.t` GROUP BY h",
     {"p.sales.t"}),
    ("snowflake", "SELECT IFF(a > 1, 'x', 'y') AS k, DATEADD(day, 1, at) AS d FROM sales.t", {"sales.t"}),
    ("spark", "SELECT date_format(at, 'yyyy-MM') AS m, nvl(a, 0) AS a FROM sales.t", {"sales.t"}),
]  # fmt: skip


@pytest.mark.parametrize(("dialect", "text", "tables"), HONEST)
def test_a_select_of_ones_own_tables_passes_and_names_them(dialect: str, text: str, tables: set[str]) -> None:
    found = check_select(text, dialect)
    assert found.tables == tables
    assert check_select(found.sql(), dialect).tables == tables
    assert found.subquery("s").sql(dialect=dialect).startswith("(")


@pytest.mark.parametrize(("dialect", "text", "reason"), SELECTS)
def test_anything_else_is_refused_with_the_reason_and_a_fix(dialect: str, text: str, reason: str) -> None:
    with pytest.raises(Refused) as caught:
        check_select(text, dialect)
    assert reason in caught.value.problem
    assert caught.value.fix


def test_a_query_knows_its_columns() -> None:
    found = check_select("SELECT a AS x, b.c FROM b WHERE d > 1", "postgres")
    assert found.columns == {"a", "c", "d"}
    assert found.outputs == ("x", "c")
    assert check_select("SELECT * FROM b", "postgres").outputs is None
    assert check_select("SELECT a + 1 FROM b", "postgres").outputs is None


def test_comments_are_not_sent() -> None:
    sent = check_select("SELECT a -- DROP\nFROM t /* DROP */", "mysql").sql()
    assert "DROP" not in sent


def test_only_the_tables_of_the_source_may_be_read() -> None:
    allowed = {"orders", "sales.stores"}
    assert check_select("SELECT 1 AS one FROM ORDERS JOIN sales.Stores ON TRUE", "postgres", allowed).tables
    for text in ("SELECT a FROM users", "SELECT a FROM sales.orders", "SELECT a FROM stores", "SELECT a FROM o.orders"):
        with pytest.raises(Refused, match="may not be read") as caught:
            check_select(text, "postgres", allowed)
        assert "orders" in caught.value.fix


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * FROM (WITH users AS (SELECT a FROM orders) SELECT a FROM users) x, users",
        "WITH x AS (SELECT a FROM users), users AS (SELECT a FROM orders) SELECT a FROM x",
        'WITH "Users" AS (SELECT a FROM orders) SELECT a FROM users',
        "WITH users AS (SELECT a FROM orders) SELECT a FROM public.users",
    ],
)
def test_a_with_of_the_same_name_hides_no_table(text: str) -> None:
    with pytest.raises(Refused, match="may not be read"):
        check_select(text, "postgres", {"orders"})


def test_a_dialect_that_does_not_exist_is_an_error_of_the_caller() -> None:
    with pytest.raises(ValueError, match="cobol"):
        check_select("SELECT a FROM t", "cobol")


WORDS = [
    "SELECT", "FROM", "WHERE", "t", "a", ",", "(", ")", "*", "=", "1", "'x'", "WITH", "AS", "UNION", "JOIN", "ON",
    "GROUP", "BY", "ORDER", "LIMIT", "CASE", "WHEN", "THEN", "END", "INTERVAL", "::", "[", "]", "{", "}", "--",
    "/*", ";", "@", "$1", "LATERAL", "VALUES", "count(", "date_trunc(", "OVER", "NOT", "IN", "EXISTS",
]  # fmt: skip


@given(
    st.sampled_from(["postgres", "mysql", "duckdb", "sqlite", "clickhouse", "bigquery", "snowflake"]),
    st.text(max_size=60) | st.lists(st.sampled_from(WORDS), max_size=20).map(" ".join),
)
def test_any_text_is_a_query_or_refused(dialect: str, text: str) -> None:
    try:
        check_select(text, dialect)
    except Refused as refused:
        assert refused.problem and refused.fix


def test_what_one_caller_does_with_its_copy_is_not_seen_by_the_next() -> None:
    copy = check_select("SELECT a FROM t", "postgres").subquery("x")
    copy.this.set("where", None)
    copy.this.expressions.clear()
    assert check_select("SELECT a FROM t", "postgres").sql() == "SELECT a FROM t"


@pytest.mark.parametrize(
    "name", ["pg_shadow", "pg_catalog.pg_authid", "mysql.user", "INFORMATION_SCHEMA.tables", "sys.x"]
)
def test_a_plain_table_of_the_system_is_refused_too(name: str) -> None:
    with pytest.raises(Refused, match="database system"):
        check_table(name)


@pytest.mark.parametrize(
    "name", ["orders", "sales.orders", "订单 2026（新）", "system", "text", "mysql", "lake.sales.csv"]
)
def test_a_table_may_be_called_like_a_system(name: str) -> None:
    check_table(name)

from __future__ import annotations

import pytest

from metricloop.collect.expressions import parse_expression, parse_filter
from metricloop.collect.text_matches import exact_matches

UTF8 = "CAST(CAST({} AS CHAR CHARACTER SET utf8mb4) AS BINARY)"


@pytest.mark.parametrize("text", ["qty > 5", "qty = '5'", "day >= '2026-01-31'", "at < '2026-01-31 10:00:00'", "a = b"])
def test_numbers_times_and_columns_are_compared_as_they_are(text: str) -> None:
    tree = parse_filter(text, "here")
    assert exact_matches(tree, "mysql").sql("mysql") == tree.sql("mysql")


@pytest.mark.parametrize("text", ["status = 'paid'", "status <> ''", "lower(status) = 'paid'", "'a' <= status"])
def test_a_word_is_compared_byte_for_byte(text: str) -> None:
    sql = exact_matches(parse_filter(text, "here"), "mysql").sql("mysql")
    assert sql.count("AS BINARY)") == 2 and sql.count("utf8mb4") == 1


def test_lists_branches_and_patterns_are_exact_too() -> None:
    def made(text: str) -> str:
        return exact_matches(parse_filter(text, "here"), "mysql").sql("mysql")

    assert made("s IN ('a', 'b')") == f"{UTF8.format('`s`')} IN (CAST('a' AS BINARY), CAST('b' AS BINARY))"
    assert made("s LIKE 'a%'") == "CAST(`s` AS CHAR CHARACTER SET utf8mb4) LIKE 'a%' COLLATE utf8mb4_bin"
    assert f"CASE {UTF8.format('`s`')} WHEN 'a'" in made("CASE s WHEN 'a' THEN 1 ELSE 0 END = 1")
    value = exact_matches(parse_expression("nullif(s, 'a')", "here"), "mysql").sql("mysql")
    assert "CAST('a' AS BINARY)" in value


def test_sqlite_forgets_the_collation_of_a_column() -> None:
    tree = exact_matches(parse_filter("s = 'a' AND s IN ('a', 'b') AND qty > 5", "here"), "sqlite")
    assert tree.sql("sqlite") == "\"s\" COLLATE BINARY = 'a' AND \"s\" COLLATE BINARY IN ('a', 'b') AND \"qty\" > 5"

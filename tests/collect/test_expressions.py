from __future__ import annotations

import pytest

from metricloop.collect.expressions import columns_of, parse_expression, parse_filter
from metricloop.kernel.errors import InvalidInput

HOSTILE = [
    "arr_delay <= 15; DROP TABLE flights",
    "arr_delay <= (SELECT 1)",
    "arr_delay IN (SELECT dest FROM flights)",
    "EXISTS (SELECT 1)",
    "pg_sleep(10) IS NULL",
    "read_csv('secret.csv') IS NULL",
    "COUNT(*) > 1",
    "SUM(distance) > 1",
    "ROW_NUMBER() OVER () = 1",
    "other.arr_delay = 1",
    "arr_delay = ?",
    "arr_delay = :name",
    "arr_delay = @@version",
    "arr_delay / 2 > 1",
    "arr_delay // 2 > 1",
    "current_user = 'x'",
    "version() = 'x'",
    "x -> 'a' = 1",
    "*",
    "SELECT 1",
    "",
    "arr_delay <=",
    "(" * 60 + "arr_delay" + ")" * 60 + " = 1",
    "a = 1 OR " * 400 + "a = 1",
]
HARMLESS = [
    "arr_delay <= 15",
    "arr_delay IS NOT NULL AND NOT dest IN ('SFO', 'O''Hare')",
    "carrier LIKE 'A%' OR carrier = '\\'",
    "CASE WHEN distance > 100 THEN 1 ELSE 0 END = 1",
    "COALESCE(arr_delay, 0) + 5 BETWEEN -1 AND 2 * 3",
    "CAST(distance AS DOUBLE) > 0.5",
    "lower(trim(carrier)) = 'aa'",
    '"time hour" = 1',
    "cancelled",
    "TRUE",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_what_is_not_a_plain_condition_is_refused_with_place_and_fix(text: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        parse_filter(text, "measure on_time, filter")
    assert caught.value.where == "measure on_time, filter"
    assert caught.value.fix


@pytest.mark.parametrize("text", HARMLESS)
def test_plain_conditions_pass(text: str) -> None:
    assert parse_filter(text, "here").sql()


def test_a_bare_number_is_a_value_but_not_a_condition() -> None:
    assert parse_expression("1", "here").sql() == "1"
    with pytest.raises(InvalidInput, match="not a condition"):
        parse_filter("1", "here")


def test_comments_never_reach_the_source() -> None:
    assert "drop" not in parse_filter("a = 1 /* drop */ -- drop", "here").sql(comments=False)


def test_columns_are_told_once_in_order() -> None:
    assert columns_of(parse_filter("b = 1 AND (a > 2 OR b < 3)", "here")) == ("b", "a")

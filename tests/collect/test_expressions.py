from __future__ import annotations

import pytest

from metricloop.collect.expressions import columns_of, fitted, parse_expression, parse_filter
from metricloop.kernel.errors import InvalidInput


@pytest.mark.parametrize("text", ["delay / 2 > 1", "1", "sleep(9) = 0", "a = 1 -- x", "x.a = 1", ""])
def test_what_is_not_a_plain_condition_is_refused_with_place_and_fix(text: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        parse_filter(text, "measure on_time, filter")
    assert caught.value.where == "measure on_time, filter"
    assert caught.value.fix


def test_a_number_is_a_value_but_not_a_condition() -> None:
    assert parse_expression("1", "here").sql() == "1"
    with pytest.raises(InvalidInput, match="not a condition"):
        parse_filter("1", "here")


def test_columns_are_told_once_in_order_and_quoted() -> None:
    tree = parse_filter("b = 1 AND (a > 2 OR b < 3)", "here")
    assert columns_of(tree) == ("b", "a")
    assert tree.sql("mysql") == "`b` = 1 AND (`a` > 2 OR `b` < 3)"


def test_times_kept_as_text_are_compared_in_one_form() -> None:
    tree = parse_filter("at >= DATE '2026-01-31' AND qty > 1", "here")
    assert fitted(tree, "sqlite").sql("sqlite") == 'DATETIME("at") >= DATETIME(DATE(\'2026-01-31\')) AND "qty" > 1'
    assert fitted(tree, "postgres") is tree

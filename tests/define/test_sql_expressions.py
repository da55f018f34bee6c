"""What may stand in a filter, and what may not."""

from __future__ import annotations

import pytest
import sqlglot
from hypothesis import given
from hypothesis import strategies as st

from metricloop.define.sql_expressions import (
    Refused,
    check_expression,
    check_predicate,
    parse_expression,
    parse_predicate,
)
from tests.define.hostile import FILTERS

ALLOWED = {
    "arr_delay <= 15": {"arr_delay"},
    "dep_time IS NULL": {"dep_time"},
    "NOT (a = 1 OR b <> 'x') AND c IS NOT NULL": {"a", "b", "c"},
    "status IN ('paid', 'sent') AND amount BETWEEN 1 AND 100": {"status", "amount"},
    "name LIKE 'A%'": {"name"},
    "price * (1 - discount) > 100": {"price", "discount"},
    "创建时间 >= DATE '2026-01-01'": {"创建时间"},
    '"order total" > -5': {"order total"},
    "is_new = TRUE": {"is_new"},
    "city IN (" + ", ".join(f"'{n}'" for n in range(150)) + ")": {"city"},
}

EXPRESSIONS = {
    "1": set(),
    "price - rebate * 2": {"price", "rebate"},
    "-(a)": {"a"},
    "case when qty > 10 then 'bulk' else 'small' end": {"qty"},
    "CASE size WHEN 1 THEN 'S' WHEN 2 THEN 'M' END": {"size"},
    "round(coalesce(amount, 0) * 1.08, 2)": {"amount"},
    "concat(lower(trim(city)), '-', upper(substring(code, 1, 2)))": {"city", "code"},
    "abs(cast(delta as decimal(12, 2)))": {"delta"},
    "nullif(length(name), 0)": {"name"},
    "CAST(at AS DATE)": {"at"},
}


@pytest.mark.parametrize("text", ALLOWED)
def test_a_plain_condition_is_allowed_and_names_its_columns(text: str) -> None:
    assert check_predicate(text) == ALLOWED[text]


@pytest.mark.parametrize("text", FILTERS)
def test_anything_else_is_refused_with_the_reason_and_a_fix(text: str) -> None:
    with pytest.raises(Refused) as caught:
        check_predicate(text)
    assert FILTERS[text] in caught.value.problem
    assert caught.value.fix


@pytest.mark.parametrize("text", EXPRESSIONS)
def test_a_value_is_allowed_and_names_its_columns(text: str) -> None:
    assert check_expression(text) == EXPRESSIONS[text]


@given(st.text(max_size=60))
def test_any_text_is_either_allowed_or_refused(text: str) -> None:
    try:
        check_predicate(text)
    except Refused as refused:
        assert refused.fix


WORDS = [
    "a", "=", "1", "(", ")", "AND", "NOT", "IN", ",", "'x'", "NULL", "IS", "<", "-", "*", "SELECT", "f(", ";", "--",
]  # fmt: skip


@given(st.lists(st.sampled_from(WORDS), max_size=12))
def test_words_of_sql_in_any_order_never_break_the_check(words: list[str]) -> None:
    try:
        check_predicate(" ".join(words))
    except Refused as refused:
        assert refused.problem


@pytest.mark.parametrize("text", ["a > 1", "sum(a)", "a / 2", "a AND b", "SELECT 1", "a, b"])
def test_a_value_is_neither_condition_nor_aggregate(text: str) -> None:
    with pytest.raises(Refused):
        check_expression(text)


DIALECTS = [
    "duckdb", "sqlite", "postgres", "mysql", "clickhouse", "trino", "spark", "hive", "snowflake", "bigquery",
    "redshift", "doris", "starrocks", "databricks", "presto",
]  # fmt: skip
TEXTS = [
    "\\", "\\\\", "\\''", "''", "'' OR 1=1 --", "\\'' OR 1=1 --", '" OR ""=""', "` OR 1=1", "/* x */", "--", "#", ";",
    "%s", "%(x)s", ":x", "?", "$1", "{x}", "{{ x }}", "\\n", "\\0", "\\u0027", "\\x27",
    "你好", "é", "＇", "ʼ", "😀", "$$", "${x}",
]  # fmt: skip


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("text", TEXTS)
def test_a_text_stays_a_text_on_every_engine(text: str, dialect: str) -> None:
    tree = parse_predicate(f"a = '{text}' AND b IN ('{text}', '{text}') AND NOT c = - -1")
    sent = tree.sql(dialect)
    assert sqlglot.parse(sent, read=dialect) == [tree]
    assert len(sqlglot.tokenize(sent, read=dialect)) == len(sqlglot.tokenize(tree.sql("postgres"), read="postgres"))


@pytest.mark.parametrize("dialect", DIALECTS)
@given(st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=20))
def test_any_text_stays_a_text_on_every_engine(dialect: str, text: str) -> None:
    tree = parse_predicate("a = '" + text.replace("'", "''") + "'")
    assert sqlglot.parse(tree.sql(dialect), read=dialect) == [tree]


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("text", EXPRESSIONS)
def test_what_is_sent_is_one_expression_over_the_same_columns(text: str, dialect: str) -> None:
    sent = sqlglot.parse(parse_expression(text).sql(dialect), read=dialect)
    assert len(sent) == 1 and sent[0] is not None
    assert {column.name for column in sent[0].find_all(sqlglot.exp.Column)} == EXPRESSIONS[text]


def test_nesting_is_refused_before_it_exhausts_a_stack_that_is_half_used() -> None:
    def deeper(levels: int) -> None:
        if levels:
            deeper(levels - 1)
            return
        assert parse_predicate("(" * 19 + "a = 1" + ")" * 19)
        with pytest.raises(Refused, match="deep"):
            parse_predicate("(" * 21 + "a = 1" + ")" * 21)

    deeper(200)


def test_rounding_and_joining_texts_are_written_so_that_engines_agree() -> None:
    assert parse_expression("round(a)").sql() == 'ROUND(CAST("a" AS DECIMAL(30, 10)), 0)'
    joined = parse_expression("concat(a, 'x')").sql("mysql")
    assert joined == "CONCAT(COALESCE(CAST(`a` AS CHAR), ''), COALESCE(CAST('x' AS CHAR), ''))"

"""Formulas over aggregates are taken apart into components, or refused with the reason."""

from __future__ import annotations

import pytest
from sqlglot import exp

from metricloop.define.imports.formulas import Aggregate, Arithmetic, aggregate_of, arithmetic
from metricloop.define.imports.model import Unmapped
from metricloop.define.imports.row_sql import condition_text, parse_sql, value_text


def component(text: str) -> tuple[str, str, str | None, float | None]:
    found = aggregate_of(parse_sql(text))
    value = value_text(found.value) if found.value is not None else "1"
    condition = condition_text(found.condition) if found.condition is not None else None
    return found.agg.value, value, condition, found.percentile


def parts(text: str) -> Arithmetic[Aggregate]:
    return arithmetic(parse_sql(text), aggregate_of, lambda _: False)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("COUNT(*)", ("count", "1", None, None)),
        ("COUNT(1)", ("count", "1", None, None)),
        ("COUNT(id)", ("count", "id", None, None)),
        ("SUM(1)", ("count", "1", None, None)),
        ("SUM(amount)", ("sum", "amount", None, None)),
        ("COUNT(CASE WHEN a = 'x' THEN 1 END)", ("count", "1", "a = 'x'", None)),
        ("COUNT(CASE WHEN a = 'x' THEN id END)", ("count", "id", "a = 'x'", None)),
        ("SUM(CASE WHEN a = 'x' THEN 1 ELSE 0 END)", ("count", "1", "a = 'x'", None)),
        ("SUM(CASE WHEN a = 'x' THEN b ELSE 0 END)", ("sum", "b", "a = 'x'", None)),
        ("SUM(IF(a = 'x', b, 0))", ("sum", "b", "a = 'x'", None)),
        ("SUM(CASE WHEN a = 'x' THEN b ELSE c END)", ("sum", "CASE WHEN a = 'x' THEN b ELSE c END", None, None)),
        ("SUM(CASE WHEN a IS NOT NULL THEN 1 ELSE 0 END)", ("count", "1", "a IS NOT NULL", None)),
        ("SUM(CAST(a = 'x' AS INT))", ("count", "1", "a = 'x'", None)),
        ("SUM(b) FILTER (WHERE a = 'x' AND is_paid)", ("sum", "b", "a = 'x' AND is_paid = TRUE", None)),
        ("COUNT(DISTINCT CASE WHEN a > 1 THEN id END)", ("count_distinct", "id", "a > 1", None)),
        ("COUNT_IF(a NOT IN (1, 2))", ("count", "1", "a NOT IN (1, 2)", None)),
        ("AVG(CASE WHEN a = 'x' THEN b END)", ("average", "b", "a = 'x'", None)),
        ("MAX(b)", ("max", "b", None, None)),
        ("MEDIAN(b)", ("median", "b", None, None)),
        ("PERCENTILE_CONT(0.9) WITHIN GROUP (ORDER BY b)", ("percentile", "b", None, 0.9)),
    ],
)
def test_an_aggregate_is_a_measure_and_its_filter(text: str, expected: tuple[str, str, str | None, float]) -> None:
    assert component(text) == expected


def test_an_average_of_a_case_with_an_else_counts_all_rows() -> None:
    """AVG(CASE WHEN x THEN 1 ELSE 0 END) is no average of the rows with x."""
    agg, value, condition, _ = component("AVG(CASE WHEN a = 'x' THEN 1 ELSE 0 END)")
    assert (agg, value, condition) == ("average", "CASE WHEN a = 'x' THEN 1 ELSE 0 END", None)


@pytest.mark.parametrize(
    "text",
    [
        "COUNT(a) / NULLIF(COUNT(*), 0)",
        "COUNT(a) * 1.0 / COUNT(*)",
        "1.0 * COUNT(a) / NULLIF(COUNT(*), 0)",
        "(COUNT(a)) / (COUNT(*))",
        "CAST(COUNT(a) AS DOUBLE) / COUNT(*)",
        "COUNT(a)::float / COUNT(*)",
        "CASE WHEN COUNT(*) = 0 THEN NULL ELSE COUNT(a) / COUNT(*) END",
        "CASE WHEN COUNT(*) > 0 THEN COUNT(a) / COUNT(*) END",
        "COALESCE(COUNT(a), 0) / COUNT(*)",
        "SAFE_DIVIDE(COUNT(a), COUNT(*))",
    ],
)
def test_a_division_of_two_aggregates_is_a_ratio(text: str) -> None:
    sides = parts(text).ratio()
    assert sides is not None
    assert [side.value.sql() if side.value else "*" for side in sides] == ["a", "*"]
    assert parts(text).notes == ()


@pytest.mark.parametrize(
    "text",
    ["COALESCE(COUNT(a) / NULLIF(COUNT(*), 0), 0)", "CASE WHEN COUNT(*) = 0 THEN 0 ELSE COUNT(a) / COUNT(*) END"],
)
def test_a_zero_in_place_of_nothing_is_told(text: str) -> None:
    found = parts(text)
    assert found.ratio() is not None
    assert "no value here" in found.notes[0]


@pytest.mark.parametrize(
    ("text", "formula"),
    [
        ("SUM(a) - SUM(b)", "x - y"),
        ("100.0 * SUM(a) / SUM(b)", "100.0 * x / y"),
        ("(SUM(a) - SUM(b)) / SUM(a)", "(x - y) / x"),
        ("1 - SUM(a) / NULLIF(SUM(b), 0)", "1 - x / y"),
        ("SUM(a) / (SUM(a) + SUM(b))", "x / (x + y)"),
    ],
)
def test_other_arithmetic_is_a_formula(text: str, formula: str) -> None:
    found = parts(text)
    assert found.ratio() is None
    assert found.text(["x", "y"]) == formula


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("a", "outside of an aggregate"),
        ("SUM(a) / b", "outside of an aggregate"),
        ("COUNT(DISTINCT a, b)", "several columns"),
        ("SUM(DISTINCT a)", "distinct values only"),
        ("SUM(a) OVER (ORDER BY b)", "window function"),
        ("STDDEV(a)", "no aggregate"),
        ("(SELECT MAX(a) FROM t)", "query of its own"),
        ("SUM(a) > SUM(b)", "formula"),
        ("CASE WHEN SUM(a) > 5 THEN SUM(a) ELSE SUM(b) END", "CASE"),
        ("CASE WHEN COUNT(*) = 0 OR SUM(b) < 9 THEN NULL ELSE SUM(a) / COUNT(*) END", "CASE"),
        ("CASE WHEN SUM(b) = 0 THEN NULL ELSE SUM(a) / COUNT(*) END", "CASE"),
        ("PERCENTILE_CONT(0.9) WITHIN GROUP (ORDER BY a DESC)", "from above"),
    ],
)
def test_what_is_no_such_formula_is_refused_with_the_reason(text: str, reason: str) -> None:
    with pytest.raises(Unmapped) as refused:
        parts(text).text(["x", "y"])
    assert reason in refused.value.problem


def test_a_discrete_percentile_is_told_to_differ() -> None:
    found = aggregate_of(parse_sql("PERCENTILE_DISC(0.9) WITHIN GROUP (ORDER BY a)"))
    assert (found.percentile, len(found.notes)) == (0.9, 1)
    assert isinstance(found.value, exp.Column)

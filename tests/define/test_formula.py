"""Formulas: what may be written, what it gives, and which shape it has."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from metricloop.define.formula import parse_formula
from metricloop.define.formula_shape import FormulaKind
from metricloop.define.sql_text import Refused

A = np.array([1.0, 2.0, np.nan, 0.0])
B = np.array([4.0, 0.0, 1.0, 0.0])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a + b * 2", [9.0, 2.0, np.nan, 0.0]),
        ("(a + b) * 2", [10.0, 4.0, np.nan, 0.0]),
        ("a - b - 1", [-4.0, 1.0, np.nan, -1.0]),
        ("-a * -b", [4.0, 0.0, np.nan, 0.0]),
        ("a / b", [0.25, np.nan, np.nan, np.nan]),
        ("a / nullif(b, 0) - 1", [-0.75, np.nan, np.nan, np.nan]),
        ("coalesce(a / b, b, 0)", [0.25, 0.0, 1.0, 0.0]),
        ("abs(a - b)", [3.0, 2.0, np.nan, 0.0]),
        ("least(a, b, 3)", [1.0, 0.0, np.nan, 0.0]),
        ("MAX(a, b)", [4.0, 2.0, np.nan, 0.0]),
        ("a * 0 + b", [4.0, 0.0, np.nan, 0.0]),
        ("1e308 * 10 * b", [np.nan] * 4),
        ("8 / 2 / b", [1.0, np.nan, 4.0, np.nan]),
    ],
)
def test_a_formula_is_reckoned_and_undefined_is_nan(text: str, expected: list[float]) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = parse_formula(text).evaluate({"a": A, "b": B})
    np.testing.assert_array_equal(found, expected)
    assert found.dtype == np.float64


def test_inputs_broadcast_and_infinite_ones_are_unknown() -> None:
    found = parse_formula("a + 0 * b").evaluate({"a": np.array([[1.0], [np.inf]]), "b": np.zeros(3)})
    np.testing.assert_array_equal(found, [[1.0] * 3, [np.nan] * 3])


def test_a_missing_input_is_an_error_of_the_caller() -> None:
    with pytest.raises(KeyError):
        parse_formula("a").evaluate({})


def test_names_are_told_once_in_order() -> None:
    assert parse_formula('销售额 / `gmv.net` + "last-week" - 销售额 * _x1').names == (
        "销售额",
        "gmv.net",
        "last-week",
        "_x1",
    )


def test_a_name_may_be_that_of_a_function() -> None:
    assert parse_formula("abs(abs) + min").names == ("abs", "min")


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "1 + 2", "a +", "a b", "a, b", "(a", "a)", "()", "a ** b", "a // b", "a % b", "a ^ 2", "a = 1", "a; b",
        "f(a)", "sum(a)", "nullif(a)", "abs(a, b)", "coalesce()", "a.b", "a.b()", "2a", "1.2.3", "'a'", '""',
        '"a;b"', '"a', "`a", "a[0]", "a /* b */", "a # b", "__import__('os')", "a\x00", "a\u200b", "（a）",
        "lambda: a", "a if b else c", "(" * 200 + "a" + ")" * 200, "-" * 500 + "a", "a" * 3000, "1e999 * a", "０ * a",
        "a → b", "select a from b", "{{ a }}", "$a", "@a", "a!", "\u202ea",
    ],
)  # fmt: skip
def test_anything_else_is_refused_with_a_fix(text: str) -> None:
    with pytest.raises(Refused) as caught:
        parse_formula(text)
    assert caught.value.problem and caught.value.fix


WORDS = ["a", "b", "1", ".", "(", ")", "+", "-", "*", "/", ",", "abs(", "nullif(", '"', "`"]


@given(st.text(max_size=40) | st.lists(st.sampled_from(WORDS), max_size=15).map(" ".join))
def test_any_text_is_a_formula_or_refused(text: str) -> None:
    try:
        formula = parse_formula(text)
    except Refused as refused:
        assert refused.fix
    else:
        found = formula.evaluate(dict.fromkeys(formula.names, B))
        assert found.shape == B.shape and not np.isinf(found).any()


def test_a_long_sum_neither_recurses_nor_takes_long() -> None:
    formula = parse_formula(" + ".join(["a"] * 500))
    assert formula.evaluate({"a": np.array([2.0])})[0] == 1000.0
    assert formula.shape.kind is FormulaKind.SUM


@pytest.mark.parametrize(
    ("text", "kind", "weights", "factor", "constant"),
    [
        ("a + b - 2 * c", "sum", {"a": 1, "b": 1, "c": -2}, 1, 0),
        ("(a + b) / 2", "sum", {"a": 0.5, "b": 0.5}, 1, 0),
        ("-a", "sum", {"a": -1}, 1, 0),
        ("visitors * conversion * average", "product", {"visitors": 1, "conversion": 1, "average": 1}, 1, 0),
        ("100 * a / nullif(b, 0)", "ratio", {"a": 1, "b": -1}, 100, 0),
        ("a / b - 1", "ratio", {"a": 1, "b": -1}, 1, -1),
        ("a * b / c", "product", {"a": 1, "b": 1, "c": -1}, 1, 0),
        ("a / (b / c)", "product", {"a": 1, "b": -1, "c": 1}, 1, 0),
        ("a * a", "product", {"a": 2}, 1, 0),
        ("(a - b) / b", "ratio", {"a": 1, "b": -1}, 1, -1),
        ("a * (b + c)", "other", {}, 1, 0),
        ("a / (b + c)", "other", {}, 1, 0),
        ("a / a", "other", {}, 1, 0),
        ("a / 0", "other", {}, 1, 0),
        ("coalesce(a, 0) + b", "other", {}, 1, 0),
        (" * ".join(f"(a{n} + b{n})" for n in range(40)), "other", {}, 1, 0),
    ],
)
def test_a_formula_says_which_shape_it_has(
    text: str, kind: str, weights: dict[str, float], factor: float, constant: float
) -> None:
    shape = parse_formula(text).shape
    assert (shape.kind, dict(shape.weights), shape.factor, shape.constant) == (kind, weights, factor, constant)

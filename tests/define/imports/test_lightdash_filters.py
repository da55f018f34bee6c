"""Lightdash's words for filters mean the same as conditions of ours."""

from __future__ import annotations

from typing import Any

import pytest
from sqlglot import exp

from metricloop.define.imports.lightdash_filters import condition_of
from metricloop.define.imports.model import Unmapped
from metricloop.define.imports.row_sql import condition_text


def text(value: Any, kind: str = "string") -> str:
    return condition_text(condition_of(exp.column("f"), value, kind))


@pytest.mark.parametrize(
    ("value", "kind", "expected"),
    [
        ("paid", "string", "f = 'paid'"),
        ("it's", "string", "f = 'it''s'"),
        ("!paid", "string", "f <> 'paid' OR f IS NULL"),  # there, what is missing is not paid either
        (["a", "b"], "string", "f IN ('a', 'b')"),
        ("a, b", "string", "f IN ('a', 'b')"),
        ("a^,b", "string", "f = 'a,b'"),
        ("%air%", "string", "f LIKE '%air%'"),
        ("air%", "string", "f LIKE 'air%'"),
        (">= 5", "number", "f >= 5"),
        ("< 2.5", "number", "f < 2.5"),
        (5, "number", "f = 5"),
        ("-5", "number", "f = -5"),
        ("5", "string", "f = '5'"),
        ("true", "boolean", "f = TRUE"),
        (False, "boolean", "f = FALSE"),
        ("null", "string", "f IS NULL"),
        ("!null", "string", "f IS NOT NULL"),
        (None, "string", "f IS NULL"),
    ],
)
def test_a_filter_is_a_condition(value: Any, kind: str, expected: str) -> None:
    assert text(value, kind) == expected


@pytest.mark.parametrize("value", ["inThePast 7 days", "> today", "empty", [], "a_%", "!%a%", "%a%b%"])
def test_what_has_no_counterpart_is_refused(value: Any) -> None:
    with pytest.raises(Unmapped):
        text(value)

"""The page on SQL names every function that the gates let through, and no other."""

from __future__ import annotations

import re

from sqlglot import exp

from metricloop.define import sql_expressions
from metricloop.define.formula_nodes import FUNCTIONS as OF_FORMULAS
from metricloop.define.sql_expressions import check_expression
from metricloop.define.sql_text import Refused
from metricloop.define.sql_vocabulary import BY_NAME, FUNCTIONS
from tests.docs.pages import page, rows, sections, words

PAGE = sections(page("reference/sql.md"))
# The parser's own notes for what stands there under another name.
UNSAID = {"TS_OR_DS_TO_DATE", "TS_OR_DS_TO_TIMESTAMP", "TS_OR_DS_ADD", "TS_OR_DS_DIFF", "AT_TIME_ZONE"}


def called(part: str) -> set[str]:
    """Names before a bracket in the first cells."""
    return {name for cell in rows(PAGE[part]) for name in re.findall(r"\b(\w+)\(", cell)}


def test_functions_of_expressions_are_those_of_the_page() -> None:
    sample = {"substring": "substring(a, 1, 2)", "nullif": "nullif(a, 1)", "cast": "cast(a AS TEXT)"}
    shown = called("Expressions and filters") - {"DECIMAL", "VARCHAR"}
    for name in shown:
        check_expression(sample.get(name, f"{name}(a)"))
    allowed = {name.strip() for name in sql_expressions.FUNCTIONS.split(",")} - {"CASE"}
    assert shown == allowed


def test_functions_of_formulas_are_those_of_the_page() -> None:
    assert called("Formulas") == set(OF_FORMULAS)


def test_functions_of_datasets_are_those_of_the_page() -> None:
    shown = {word for cells in rows(PAGE["Datasets"]).values() for cell in cells for word in words(cell)}
    names = {function.sql_names()[0] for function in FUNCTIONS if issubclass(function, exp.Func)}
    assert names - shown - UNSAID == set(), "docs/reference/sql.md, Datasets lacks these"
    lower = {word.lower() for word in shown}
    assert lower >= BY_NAME
    others = {
        "case",
        "if",
        "cast",
        "try_cast",
        "at time zone",
        "within group",
        "filter (where ...)",
        "->",
        "->>",
        "ignore nulls",
        "respect nulls",
    }
    spoken = {"to_char", "strftime", "date_format"}
    assert lower - {name.lower() for name in names} - BY_NAME - others - spoken == set(), "these are not allowed"


def test_what_the_page_says_is_not_there_is_refused() -> None:
    for text in ("a / b", "a || b", "paid = NULL", "extract(year from a)"):
        try:
            check_expression(text)
        except Refused:
            continue
        raise AssertionError(text)

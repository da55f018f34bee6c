"""Lightdash's own words for filters: `paid`, `!paid`, `%air%`, `>= 5`, `null`, lists."""

from __future__ import annotations

import re
from typing import Any

from sqlglot import exp

from metricloop.define.imports.model import Unmapped

_COMPARE: dict[str, type[exp.Binary]] = {">=": exp.GTE, "<=": exp.LTE, ">": exp.GT, "<": exp.LT}


def condition_of(field: exp.Expr, value: Any, kind: str) -> exp.Expr:
    """The condition that a value sets for a field. kind: number, boolean or else, of the field.

    Raises Unmapped on what moves with today's date.
    """
    if value is None:
        return exp.Is(this=field, expression=exp.null())
    if isinstance(value, list):
        if not value:
            raise Unmapped("a filter is an empty list", "name the values")
        return _any(field, [_literal(str(one), kind) for one in value])
    if not isinstance(value, str):
        return exp.EQ(
            this=field, expression=_literal(str(value).lower() if isinstance(value, bool) else str(value), kind)
        )
    return _written(field, value, kind)


def _written(field: exp.Expr, text: str, kind: str) -> exp.Expr:
    text = text.strip()
    if re.match(r"inThe(Past|Next|Current)|notInThe", text):
        raise Unmapped(f"its filter {text!r} moves with today's date", "choose the time when you query")
    compared = re.fullmatch(r"(>=|<=|>|<)\s*([0-9]+(?:\.[0-9]*)?(?:[eE][+-]?[0-9]+)?)", text)
    if compared:
        return _COMPARE[compared[1]](this=field, expression=exp.Literal.number(compared[2]))
    if text[:1] in "<>" and text:
        raise Unmapped(f"its filter {text!r} compares with no number", "compare with a number")
    wanted, negated = text.lstrip("!"), text.startswith("!")
    if wanted.lower() == "null":
        missing = exp.Is(this=field, expression=exp.null())
        return exp.Not(this=missing) if negated else missing
    if wanted.lower() == "empty":
        raise Unmapped("it filters for empty texts", "write a metric with filter: \"field = ''\"")
    if re.search(r"(?<!\^)%", wanted):
        return _like(field, wanted, negated)
    if not negated and re.search(r"(?<!\^),", wanted):
        return _any(field, [_literal(_plain(one.strip()), kind) for one in re.split(r"(?<!\^),", wanted)])
    same = exp.EQ(this=field, expression=_literal(_plain(wanted), kind))
    if not negated:
        return same
    other = exp.NEQ(this=field, expression=_literal(_plain(wanted), kind))
    return exp.Paren(this=exp.or_(other, exp.Is(this=field.copy(), expression=exp.null())))


def _like(field: exp.Expr, wanted: str, negated: bool) -> exp.Expr:
    body = wanted.strip("%")
    if negated or "%" in body or "_" in body:
        raise Unmapped(f"its filter {wanted!r} is a pattern that is not read here", "write a metric with filter")
    return exp.Like(this=field, expression=exp.Literal.string(_plain(wanted)))


def _any(field: exp.Expr, values: list[exp.Expr]) -> exp.Expr:
    if len(values) == 1:
        return exp.EQ(this=field, expression=values[0])
    return exp.In(this=field, expressions=values)


def _literal(text: str, kind: str) -> exp.Expr:
    if kind == "boolean" and text.lower() in ("true", "false"):
        return exp.true() if text.lower() == "true" else exp.false()
    if kind == "number" and re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", text):
        number = exp.Literal.number(text.lstrip("-"))
        return exp.Neg(this=number) if text.startswith("-") else number
    return exp.Literal.string(text)


def _plain(text: str) -> str:
    """Without the carets that take a sign literally, and without quotes around it."""
    text = text[1:-1] if len(text) > 1 and text[0] == text[-1] == '"' else text
    return re.sub(r"\^(.)", r"\1", text)

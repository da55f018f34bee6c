"""References in foreign SQL (`{CUBE}.status`, `${orders.amount}`, `{{ Dimension('order__status') }}`) become marks.

A mark is a plain column name that SQL can be parsed with. Nothing is evaluated: what is no known reference is refused.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from metricloop.define.imports.model import Unmapped

_PREFIX = "mark__"
_CALL = re.compile(r"(Dimension|TimeDimension|Entity)\(\s*(['\"])([A-Za-z_]\w*)\2\s*\)")
_NAME = re.compile(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*){0,2}")


@dataclass(frozen=True, slots=True)
class Reference:
    """What a template names. kind: `member` (a field, which may be a measure), `table` (a column follows after a dot),
    Dimension, TimeDimension or Entity."""

    kind: str
    path: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Marked:
    """SQL that can be parsed, and what its marks stand for."""

    sql: str
    references: dict[str, Reference]


def mark_calls(text: str) -> Marked:
    """dbt: `{{ Dimension('entity__name') }}`. Raises Unmapped on any other template."""
    return _marked(text, re.compile(r"\{\{(.*?)\}\}", re.DOTALL), _call)


def mark_braces(text: str) -> Marked:
    """Cube: `{CUBE}.column`, `{cube}.column`, `{member}`, `{cube.member}`; the same with a dollar before."""
    if "{{" in text or "{%" in text:
        raise Unmapped("it holds Jinja, which is never evaluated", "import what the template makes, not the template")
    return _marked(text, re.compile(r"\$?\{(.*?)\}(?=(\.?))", re.DOTALL), _member)


def mark_dollars(text: str) -> Marked:
    """Lightdash: `${TABLE}.column`, `${field}`, `${table.field}`."""
    if "{{" in text or "{%" in text:
        raise Unmapped("it holds Jinja, which is never evaluated", "import what the template makes, not the template")
    return _marked(text, re.compile(r"\$\{(.*?)\}(?=(\.?))", re.DOTALL), _member)


def _marked(text: str, pattern: re.Pattern[str], read: Callable[[re.Match[str]], Reference]) -> Marked:
    references: dict[str, Reference] = {}

    def put(match: re.Match[str]) -> str:
        reference = read(match)
        name = next((mark for mark, known in references.items() if known == reference), None)
        name = name or f"{_PREFIX}{len(references)}"
        references[name] = reference
        return name

    if _PREFIX in text:
        raise Unmapped(f"a name begins with {_PREFIX}, which marks references here", "rename it")
    sql = pattern.sub(put, text)
    if "{" in re.sub(r"'[^']*'", "", sql):
        raise Unmapped(f"{_short(text)} holds a template that is not read here", "write it as plain SQL")
    return Marked(sql, references)


def _call(match: re.Match[str]) -> Reference:
    call = _CALL.fullmatch(match[1].strip())
    if call is None:
        fix = "only Dimension('entity__name'), TimeDimension and Entity without further arguments are read"
        raise Unmapped(f"the template {_short(match[0])} is not read here", fix)
    return Reference(call[1], tuple(call[3].split("__")))


def _member(match: re.Match[str]) -> Reference:
    inside = match[1].strip()
    if not _NAME.fullmatch(inside) or inside.upper().startswith(("FILTER_", "SECURITY_CONTEXT", "COMPILE_CONTEXT")):
        raise Unmapped(f"the template {_short(match[0])} is not read here", "write it as plain SQL")
    path = tuple(inside.split("."))
    return Reference("table" if match[2] and len(path) == 1 else "member", path)


def _short(text: str) -> str:
    return text if len(text) <= 60 else text[:57] + "..."

"""The governance block of an imported metric: what its metadata says in our words, and what we assume for the rest."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from metricloop.define.imports.blocks import Block
from metricloop.define.imports.model import Unmapped
from metricloop.define.metric_shapes import DatasetShape, GovernanceShape
from metricloop.define.written import Shape

OWNER = "OWNER_TO_BE_NAMED"  # no such person: `check` points at it
_OTHER_WORDS = {"direction": "good_direction", "min_denominator": "minimum_denominator", "tier": "level"}
_GOVERNANCE = tuple(GovernanceShape.model_fields)
_DATASET = ("owner", "time_column_zone", "timezone", "week_start", "lateness", "overlap", "updated_column", "key")
_LEGAL: Mapping[str, Mapping[str, Any]] = {
    "governance": {"owner": "x", "level": "L3", "unit": "count", "good_direction": "none"},
    "dataset": {"name": "x", "source": "x", "table": "x", "time_column": "x", "lateness": "1h"},
}
_CURRENCY = re.compile(r"[a-z]{3}")
_SYMBOLS = {"$": "USD", "€": "EUR", "£": "GBP", "¥": "CNY"}


def governance_of(block: Block, meta: Block | None, *, unit: str, owner: str | None = None) -> dict[str, Any]:
    """A whole governance block. `meta` is the metadata of `block`, in which ours may stand alone or under `governance`.

    unit: what the formula tells. owner: who owns what is around it. What is assumed is reported, and so is what is
    there but is not as we write it.
    """
    found = _carried(meta, _GOVERNANCE, "governance")
    if owner is not None and "owner" not in found:
        found["owner"] = owner
    result: dict[str, Any] = {"owner": _owner(block, found.pop("owner", None))}
    assumed = {"level": "L3", "unit": unit, "good_direction": "none"}
    for key, value in assumed.items():
        result[key] = found.pop(key, value)
    told = [key for key in assumed if key not in _keys(meta) and not (key == "unit" and unit != "number")]
    if told:
        words = ", ".join(f"{key}: {result[key]}" for key in told)
        block.report.assumed_often(block.where, "governance", f"{words} is assumed", "write what is true")
    return {**result, **found}


def dataset_words(meta: Block | None) -> dict[str, Any]:
    """What the metadata of a table says in the words of our datasets (lateness, timezone, ...)."""
    return _carried(meta, _DATASET, "dataset")


def unit_of_format(text: str | None) -> str | None:
    """The unit that a display format tells: `percent`, `usd`, `$#,##0.00`; None where it tells none."""
    plain = (text or "").strip().lower()
    if plain == "percent" or plain.endswith("%"):
        return "ratio"
    if plain in ("usd", "eur", "gbp", "jpy", "cny", "dkk"):
        return plain.upper()
    return next((code for symbol, code in _SYMBOLS.items() if symbol in plain), None)


def currency_of(unit: str) -> str | None:
    return unit if unit in (*_SYMBOLS.values(), "JPY", "DKK") else None


def words_of(text: str | None) -> str | None:
    """A label or description as it may stand in a definition: no template, no control characters, not too long."""
    if not text or "{{" in text:
        return None
    plain = "".join(one for one in text.strip() if one.isprintable() or one == "\n")
    return plain[:2000] or None


def synonyms_of(words: list[str]) -> dict[str, list[str]]:
    """Other names by language, which their characters tell."""
    found: dict[str, list[str]] = {}
    for word in words:
        if word.strip():
            found.setdefault("zh" if re.search(r"[㐀-鿿]", word) else "en", []).append(word.strip())
    return found


def _owner(block: Block, owner: Any) -> str:
    if owner in (None, ""):
        fix = f"write the id of a person in place of {OWNER}"
        block.report.assumed_often(block.where, "governance.owner", f"nobody is named: it is {OWNER}", fix)
        return OWNER
    name = re.sub(r"[^\w.-]", "_", str(owner).partition("@")[0]).strip("_.-")[:63] or OWNER
    if name != owner:
        block.report.assumed(
            block.where, block.about, f"the owner {owner} is called {name} here", "use the person's id"
        )
    return name


def _keys(meta: Block | None) -> set[str]:
    if meta is None:
        return set()
    inner = meta.value.get("governance")
    keys = {*meta.value, *(inner if isinstance(inner, Mapping) else ())}
    return {_OTHER_WORDS.get(str(key), str(key)) for key in keys}


def _carried(meta: Block | None, keys: tuple[str, ...], kind: str) -> dict[str, Any]:
    """Values of these keys that are written as we write them; the others are reported."""
    if meta is None:
        return {}
    found: dict[str, Any] = {}
    blocks = [meta, inner] if (inner := meta.block("governance")) is not None else [meta]
    for one in blocks:
        for key, value in one.value.items():
            ours = _OTHER_WORDS.get(str(key), str(key))
            if ours not in keys or value is None:
                continue
            one.raw(str(key))
            if problem := "" if ours == "owner" else _problem(kind, ours, value):
                one.report.left_out(one.at(str(key)), one.about, Unmapped(f"{key}: {problem}", "write it as we do"))
            else:
                found[ours] = value
    return found


def _problem(kind: str, key: str, value: Any) -> str:
    """Why a value does not fit, or nothing."""
    shape: type[Shape] = GovernanceShape if kind == "governance" else DatasetShape
    try:
        shape.model_validate({**_LEGAL[kind], key: value})
    except ValidationError as error:
        return str(error.errors()[0]["msg"])
    return ""

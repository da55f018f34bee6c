"""What metricloop keeps in the `custom_extensions` of an Ossie file: whole definitions, and a digest of what they stand
beside, so that a change made elsewhere is seen and wins."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from metricloop.define.imports.blocks import Block
from metricloop.define.imports.report import Report
from metricloop.define.versions import canonical_json

VENDOR = "METRICLOOP"
_META_VENDORS = (VENDOR, "COMMON", "DBT")


def extended(neutral: dict[str, Any], definition: Mapping[str, Any]) -> dict[str, Any]:
    """A part of an Ossie file with the definition that it was made from."""
    data = {"definition": definition, "digest": digest(neutral)}
    return {**neutral, "custom_extensions": [{"vendor_name": VENDOR, "data": canonical_json(data)}]}


def digest(neutral: Mapping[str, Any]) -> str:
    """What a part says to everybody, as 16 hexadecimal digits."""
    plain = {key: value for key, value in neutral.items() if key != "custom_extensions"}
    return hashlib.sha256(canonical_json(plain).encode()).hexdigest()[:16]


def definition_of(part: Block, report: Report) -> dict[str, Any] | None:
    """The definition that a part was made from; None where there is none or the part was changed since."""
    data = _data(part, VENDOR)
    definition = data.get("definition")
    if not isinstance(definition, dict) or "name" not in definition:
        return None
    if data.get("digest") != digest(part.value):
        problem = "it was changed since metricloop wrote it, and is read anew from what it says now"
        report.changed(part.where, part.about, problem, "see that its governance is still right")
        return None
    return definition


def hidden_definitions(model: Block) -> list[dict[str, Any]]:
    """Metrics that Ossie has no words for, which stand in the model's extension alone."""
    found = _data(model, VENDOR).get("metrics")
    return [one for one in found if isinstance(one, dict) and "name" in one] if isinstance(found, list) else []


def meta_of(part: Block) -> Block | None:
    """Metadata of other vendors in which ours may stand (`governance`), as one block."""
    both: dict[str, Any] = {}
    for vendor in _META_VENDORS:
        both |= {key: value for key, value in _data(part, vendor).items() if key not in ("definition", "digest")}
    if not both:
        return None
    return Block({"name": part.name, **both}, part.file, part.report, "extension", f"{part.path}.custom_extensions")


def _data(part: Block, vendor: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for one in part.blocks("custom_extensions", "extension"):
        if (one.text("vendor_name") or "").upper() != vendor:
            continue
        try:
            data = json.loads(one.text("data") or "{}")
        except (ValueError, RecursionError):
            continue
        found |= data if isinstance(data, dict) else {}
    return found

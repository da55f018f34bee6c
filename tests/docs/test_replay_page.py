"""The summary of a replay has the keys that docs/reference/replay.md promises, and no others."""

from __future__ import annotations

import ast
from pathlib import Path

from metricloop.loop import summary
from tests.docs.pages import page, rows, sections


def keys_of(function: str) -> set[str]:
    """Keys of the mapping that a function of loop/summary.py gives back."""
    tree = ast.parse(Path(summary.__file__).read_text(encoding="utf-8"))
    made = next(node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == function)
    answer = next(node for node in made.body if isinstance(node, ast.Return)).value
    assert isinstance(answer, ast.Dict)
    return {str(key.value) for key in answer.keys if isinstance(key, ast.Constant)}


def test_every_key_of_an_incident_is_documented() -> None:
    assert set(rows(sections(page("reference/replay.md"))["An incident"])) == keys_of("_incident")


def test_every_count_is_documented() -> None:
    assert set(rows(sections(page("reference/replay.md"))["Counts"])) == keys_of("_counts") | {"merged"}

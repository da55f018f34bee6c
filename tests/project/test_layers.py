"""Directions that import-linter ("make test", step imports) cannot express, and that its contracts forget no stage."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.project.tree import PACKAGE, core_packages, pyproject

PRIVATE_TO_A_STAGE = {"ports", "use_cases"}
MAY_CALL_USE_CASES = {"loop", "ask"}
DOES_IO = {"open", "print", "input", "exec", "eval", "breakpoint"}


def imported(module: Path) -> Iterator[str]:
    """Every dotted name a module imports, "from a import b" as a.b."""
    for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def core_modules() -> list[Path]:
    return sorted(module for package in core_packages() for module in (PACKAGE / package).rglob("*.py"))


def test_stages_meet_in_nouns_and_pure_rules_only() -> None:
    wrong = []
    for module in core_modules():
        home = module.relative_to(PACKAGE).parts[0]
        for name in imported(module):
            parts = name.split(".")
            if parts[0] != "metricloop" or len(parts) < 3 or parts[1] == home or home in MAY_CALL_USE_CASES:
                continue
            if parts[1] in core_packages() - {"kernel"} and parts[2] in PRIVATE_TO_A_STAGE:
                wrong.append(f"{module.relative_to(PACKAGE)} imports {name}")
    assert wrong == []


def test_the_core_calls_nothing_that_does_io() -> None:
    wrong = []
    for module in core_modules():
        for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in DOES_IO:
                wrong.append(f"{module.relative_to(PACKAGE)}:{node.lineno} calls {node.func.id}()")
    assert wrong == []


def test_every_stage_has_its_nouns_and_its_decisions() -> None:
    stages = core_packages() - MAY_CALL_USE_CASES - {"kernel"}
    missing = [
        f"{stage}/{name}"
        for stage in sorted(stages)
        for name in ("model.py", "rules.py")
        if not (PACKAGE / stage / name).is_file()
    ]
    assert missing == []


def test_the_contracts_forget_no_stage() -> None:
    contracts = {contract["name"]: contract for contract in pyproject()["tool"]["importlinter"]["contracts"]}
    named = {name.split(".")[1] for name in contracts["The core does no I/O"]["source_modules"]}
    assert core_packages() - named == set()


def test_every_package_says_what_it_is_for() -> None:
    silent = [
        str(module.parent.relative_to(PACKAGE))
        for module in PACKAGE.glob("*/__init__.py")
        if not ast.get_docstring(ast.parse(module.read_text(encoding="utf-8")))
    ]
    assert silent == []

"""The files of the repository, as the tests of the house see them."""

from __future__ import annotations

import subprocess
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src" / "metricloop"
DOORS_AND_EDGES = {"cli", "web", "api", "bootstrap", "jobs", "store", "plugins", "sdk"}


@cache
def repository_files() -> tuple[Path, ...]:
    """All files that are committed or would be, never build output."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    names = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split("\0")
    return tuple(sorted(path for path in {ROOT / name for name in names if name} if path.is_file()))


@cache
def text_files() -> dict[str, str]:
    """Their text by relative name; files that are not text (pictures) are left out."""
    found = {}
    for path in repository_files():
        content = path.read_bytes()
        if b"\0" not in content:
            found[path.relative_to(ROOT).as_posix()] = content.decode("utf-8")
    return found


def code_files(*endings: str) -> dict[str, str]:
    """Source code by relative name, without what is generated."""
    generated = ("ui/src/api/schema",)
    return {
        name: text for name, text in text_files().items() if name.endswith(endings) and not name.startswith(generated)
    }


def pyproject() -> dict[str, Any]:
    """pyproject.toml, parsed."""
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def core_packages() -> set[str]:
    """The folders of the core: kernel, the stages, loop and ask."""
    folders = {path.parent.name for path in PACKAGE.glob("*/__init__.py")}
    return folders - DOORS_AND_EDGES

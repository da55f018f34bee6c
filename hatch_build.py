"""The build hook of the wheel: builds the web UI into it, and puts the example projects beside it.

It asks for Node.js from PyPI only when it is needed, so that its 58 MB are not downloaded in vain. The wheel holds the
built files alone; an installed metricloop needs no Node.js.
METRICLOOP_SKIP_UI=1 builds without the UI (for work on the Python side alone).
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

sys.path.append(str(Path(__file__).resolve().parent))  # hatchling loads this file alone, by its path

import build_ui


def example_files(root: Path) -> dict[str, str]:
    """Definitions and words of the example projects, by their place in the wheel; never a database left by a run."""
    files = [
        path for path in (root / "examples").rglob("*") if path.suffix in {".yml", ".yaml", ".md", ".csv", ".toml"}
    ]
    visible = [path for path in files if not any(part.startswith(".") for part in path.relative_to(root).parts)]
    return {str(path): f"metricloop/{path.relative_to(root).as_posix()}" for path in sorted(visible)}


class UiBuildHook(BuildHookInterface[Any]):
    """Hatchling's door to the functions above."""

    PLUGIN_NAME = "custom"

    def _wanted(self) -> bool:
        skipped = os.environ.get("METRICLOOP_SKIP_UI") == "1"
        return self.target_name == "wheel" and not skipped and (Path(self.root) / "ui/package.json").is_file()

    def dependencies(self) -> list[str]:
        """What the build environment needs; asked before anything is built."""
        if not self._wanted() or build_ui.ui_is_built(Path(self.root)) or build_ui.node_on_path():
            return []
        return [build_ui.NODE_WHEEL]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Called before files are collected."""
        if self._wanted():
            build_ui.build_ui(Path(self.root))
        # The demo must work from an installed wheel; an editable install finds the examples in the checkout.
        if self.target_name == "wheel" and version != "editable":
            build_data["force_include"].update(example_files(Path(self.root)))

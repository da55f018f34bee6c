from __future__ import annotations

from pathlib import Path

import pytest

from metricloop.cli.template import write_template


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project that runs, as `init` writes it."""
    folder = tmp_path / "project"
    write_template(folder)
    return folder

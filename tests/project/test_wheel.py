"""The wheel as a stranger gets it: from the source archive, into an empty environment, on a machine without Node.js."""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import time
import venv
import zipfile
from pathlib import Path

import httpx
import pytest

from tests.project.tree import ROOT, repository_files

pytestmark = pytest.mark.deep


def checked(command: list[str | Path], cwd: Path, env: dict[str, str] | None = None) -> str:
    done = subprocess.run(command, cwd=cwd, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    assert done.returncode == 0, done.stdout[-4000:]
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built by way of the source archive, from a fresh copy without any build output."""
    checkout = tmp_path_factory.mktemp("checkout")
    for path in repository_files():
        target = checkout / path.relative_to(ROOT)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(path, target)
    checked([sys.executable, "-m", "build", "--no-isolation", "--outdir", checkout / "dist", checkout], checkout)
    return next((checkout / "dist").glob("*.whl"))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The programs' folder of an empty environment that holds the wheel and its locked dependencies."""
    home = tmp_path_factory.mktemp("installed")
    venv.EnvBuilder(with_pip=True).create(home)
    programs = home / ("Scripts" if os.name == "nt" else "bin")
    pip: list[str | Path] = [programs / "python", "-m", "pip", "--quiet", "--disable-pip-version-check"]
    for name in ("build", "run"):
        lock = ROOT / "requirements" / f"{name}.lock"
        checked([*pip, "install", "--require-hashes", "--no-build-isolation", "-r", lock], home)
    checked([*pip, "install", "--no-deps", wheel], home)
    checked([*pip, "check"], home)
    return programs


def test_the_wheel_holds_the_built_ui_and_the_examples(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    assert "metricloop/web/static/index.html" in names
    assert "metricloop/py.typed" in names
    assert any(name.startswith("metricloop/examples/flights/") for name in names)
    assert {name.split("/")[0] for name in names if not name.startswith("metricloop-")} == {"metricloop"}
    assert wheel.stat().st_size < 5_000_000


def test_metricloop_runs_where_there_is_no_node(installed: Path, tmp_path: Path) -> None:
    alone = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "METRICLOOP_"))}
    alone["PATH"] = str(installed)
    assert shutil.which("node", path=alone["PATH"]) is None
    assert "0.1.0" in checked([installed / "metricloop", "--version"], tmp_path, alone)
    assert "demo" in checked([installed / "metricloop", "--help"], tmp_path, alone)


def test_the_demo_runs_where_there_is_nothing_but_the_wheel(installed: Path, tmp_path: Path) -> None:
    alone = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "METRICLOOP_"))}
    alone["PATH"] = str(installed)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with (tmp_path / "log").open("w") as log:
        demo = subprocess.Popen(
            [installed / "metricloop", "demo", "--port", str(port)], cwd=tmp_path, env=alone, stdout=log, stderr=log
        )
    try:
        page = answer_of(f"http://127.0.0.1:{port}/", demo, tmp_path / "log")
        assert "<div id=" in page
        assert "/login?link=" in (tmp_path / "log").read_text()
    finally:
        demo.terminate()
        assert demo.wait(timeout=30) == 0


def answer_of(url: str, server: subprocess.Popen[bytes], log: Path) -> str:
    """What the page answers once it is served; the replay before it takes minutes."""
    until = time.monotonic() + 600
    while time.monotonic() < until:
        assert server.poll() is None, log.read_text()[-4000:]
        with contextlib.suppress(httpx.TransportError):  # the port is taken first, and answers after the replay
            answer = httpx.get(url)
            if answer.status_code == 200:
                return answer.text
        time.sleep(0.5)
    raise AssertionError(log.read_text()[-4000:])

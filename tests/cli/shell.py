"""Runs `metricloop` as a user does: by its words, its streams and its exit code."""

from __future__ import annotations

import contextlib
import io
import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from metricloop.cli import main


@dataclass(frozen=True, slots=True)
class Outcome:
    code: int
    out: str
    err: str

    @property
    def data(self) -> Any:
        """stdout as JSON."""
        return json.loads(self.out)


def environment(extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """Ours without what would be a setting, in English unless `extra` says otherwise."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("METRICLOOP_", "LC_", "LANG"))}
    return {**kept, "LANG": "C.UTF-8", **(extra or {})}


def metricloop(*arguments: str, folder: Path, env: Mapping[str, str] | None = None, stdin: str = "") -> Outcome:
    """Run a command in a folder, in this process: it saves a second of loading for each."""
    out, err = io.StringIO(), io.StringIO()
    before = dict(os.environ)
    with contextlib.chdir(folder), contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        os.environ.clear()
        os.environ.update(environment(env))
        argv, sys.argv = sys.argv, ["metricloop", *arguments]
        terminal, sys.stdin = sys.stdin, io.StringIO(stdin)
        try:
            main()
            code: Any = 0
        except SystemExit as end:
            code = end.code
        finally:
            sys.argv, sys.stdin = argv, terminal
            os.environ.clear()
            os.environ.update(before)
    return Outcome(code or 0, out.getvalue(), err.getvalue())


def process(*arguments: str, folder: Path, env: Mapping[str, str] | None = None, stdin: str = "") -> Outcome:
    """Run a command in a folder, in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "metricloop", *arguments],
        cwd=folder,
        env=environment(env),
        input=stdin,
        capture_output=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )
    return Outcome(done.returncode, done.stdout, done.stderr)


def refused(outcome: Outcome, *texts: str) -> None:
    """One clear error with its fix: exit code 2, nothing on stdout, no traceback."""
    assert outcome.code == 2, outcome
    assert outcome.out == ""
    assert "Traceback" not in outcome.err
    assert outcome.err.count("error: ") == 1
    for text in ("fix: ", *texts):
        assert text in outcome.err

"""run.py: the one entry of people and CI. Only what can be seen without setting up a second environment."""

from __future__ import annotations

import subprocess
import sys

from tests.project.tree import ROOT


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "run.py", *arguments], cwd=ROOT, capture_output=True, text=True, timeout=60)


def test_without_a_command_it_names_all_commands_and_exits_with_2() -> None:
    done = run()
    assert done.returncode == 2
    assert done.stdout == ""
    for command in ("demo", "setup", "test", "test-deep", "bench", "dev", "lock", "clean"):
        assert f"  {command} " in done.stderr


def test_make_offers_every_command() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = next(line for line in makefile.splitlines() if line.startswith(".PHONY:")).split()[1:]
    for target in targets:
        assert f"  {target} " in run("help").stderr or target == "help"


def test_run_needs_nothing_that_is_not_in_the_standard_library() -> None:
    bare = "import sys; sys.path.insert(0, '.'); import run; print(sorted(m for m in sys.modules if 'site-packages' in "
    bare += "(getattr(sys.modules[m], '__file__', None) or '')))"
    done = subprocess.run([sys.executable, "-S", "-E", "-c", bare], cwd=ROOT, capture_output=True, text=True)
    assert (done.stdout.strip(), done.stderr) == ("[]", "")

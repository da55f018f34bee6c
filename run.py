"""The one entry for people and CI: python run.py demo|setup|test|test-deep|crash|bench|dev|format|lock|clean.

Standard library only, because it runs before anything is installed. It makes .venv from the hash-pinned locks in
requirements/, builds the web UI and then calls the tools inside .venv. Each step leaves the hash of what it was made
from, so that a second start does nothing twice. It never touches Python packages outside .venv.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
import time
import venv
from collections.abc import Callable, Sequence
from pathlib import Path

import build_ui

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = BIN / ("python.exe" if os.name == "nt" else "python")
# Two at a time, a file in one process: much of the time is waiting, and files share what they prepare.
SIDE_BY_SIDE = ["-n", "2", "--dist", "loadfile"]
LOG = VENV / "setup.log"
LOCKS = ROOT / "requirements"
MIN_PYTHON = (3, 11)


class Stop(Exception):
    """Ends the command with a message that says what to do."""


def say(text: str) -> None:
    """Progress, for people: to stderr, since stdout carries data only."""
    print(text, file=sys.stderr, flush=True)


def tool(name: str) -> str:
    """A program inside .venv."""
    return str(BIN / (f"{name}.exe" if os.name == "nt" else name))


def check_python() -> None:
    """Stops, with the fix, where this Python cannot make an environment."""
    if sys.version_info < MIN_PYTHON:
        raise Stop(
            f"metricloop needs Python 3.11 or newer; this is {sys.version.split()[0]} ({sys.executable}).\n"
            "  Fix: install a newer Python and call it by name, for example: python3.12 run.py demo"
        )
    if importlib.util.find_spec("ensurepip") is None:
        package = f"python{sys.version_info[0]}.{sys.version_info[1]}-venv"
        raise Stop(
            f"This Python ({sys.executable}) cannot make environments: its module ensurepip is missing.\n"
            f"  Fix on Debian and Ubuntu: sudo apt-get install {package}\n"
            "  Elsewhere: install the complete Python of your system or of python.org."
        )


def make_environment() -> None:
    """Makes .venv, anew if the Python it came from is gone or another."""
    wanted = f"{sys.version_info[:3]} {sys.base_prefix}"
    stamp = VENV / ".stamp-python"
    if stamp.is_file() and stamp.read_text() == wanted and PYTHON.exists():
        return
    say("Making .venv ...")
    venv.EnvBuilder(with_pip=True, clear=True).create(VENV)
    stamp.write_text(wanted)


def once(name: str, made_from: str, make: Callable[[], None]) -> None:
    """Runs `make` unless it has already finished for the same `made_from`."""
    stamp = VENV / f".stamp-{name}"
    if stamp.is_file() and stamp.read_text() == made_from:
        return
    stamp.unlink(missing_ok=True)
    make()
    stamp.write_text(made_from)


def pip(what: str, *arguments: str) -> None:
    """Runs pip in .venv; its words go to .venv/setup.log, a count of packages to the terminal."""
    started, seen, live = time.monotonic(), 0, sys.stderr.isatty()
    say(f"{what} ...")
    command = [str(PYTHON), "-m", "pip", "--disable-pip-version-check", "install", *arguments]
    with LOG.open("w", encoding="utf-8") as log:
        process = subprocess.Popen(
            command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace"
        )
        for line in process.stdout or ():
            log.write(line)
            if live and line.startswith("Collecting "):
                seen += 1
                print(f"\r  {seen} packages, {time.monotonic() - started:.0f} s ", end="", file=sys.stderr, flush=True)
    if live and seen:
        say("")
    if process.wait():
        raise Stop(pip_failed(what))
    say(f"  done in {time.monotonic() - started:.0f} s")


def pip_failed(what: str) -> str:
    """The end of pip's log, with the likeliest fix."""
    text = LOG.read_text(encoding="utf-8", errors="replace")
    if "do not match the hashes" in text.lower():
        fix = "a download differs from what requirements/ pins; try again, then ask where your packages come from."
    elif any(sign in text for sign in ("NewConnectionError", "NameResolutionError", "Max retries", "timed out")):
        fix = "check the network; behind a proxy or with a mirror, tell pip: pip config set global.index-url ADDRESS"
    elif "No space left" in text:
        fix = "free about 2 GB on this disk and start again."
    else:
        fix = "read the lines above; starting again goes on where it stopped."
    return "\n".join([f"{what} failed. The end of {LOG.relative_to(ROOT)}:", *text.splitlines()[-15:], f"  Fix: {fix}"])


def install_lock(name: str) -> None:
    """Installs one lock of requirements/; every file is checked against its hash."""
    lock = LOCKS / f"{name}.lock"
    what = {"build": "the build tools", "run": "metricloop's packages", "dev": "the test tools", "node": "Node.js"}[
        name
    ]
    # Without build isolation, even what comes as source is built with pinned tools only.
    options = ("--require-hashes", "--no-build-isolation", "-r", str(lock))
    made_from = hashlib.sha256(lock.read_bytes()).hexdigest()
    once(f"lock-{name}", made_from, lambda: pip(f"Installing {what}", *options))


def install_project() -> None:
    """Installs this checkout in place: a change of the code needs no new setup."""
    parts = [(ROOT / name).read_bytes() for name in ("pyproject.toml", "hatch_build.py")]
    options = ("--no-deps", "--no-build-isolation", "--editable", str(ROOT))
    once("project", hashlib.sha256(b"".join(parts)).hexdigest(), lambda: pip("Installing metricloop", *options))


def make_ui(with_tests: bool) -> None:
    """Builds the web UI, with Node.js from PATH or else from PyPI."""
    if not has_ui():
        return
    if build_ui.node_on_path(build_ui.MIN_NODE_FOR_TESTS if with_tests else build_ui.MIN_NODE) is None:
        install_lock("node")
    if call(str(PYTHON), "build_ui.py", "build-for-tests" if with_tests else "build"):
        raise Stop("The web UI was not built; the reason is above.")


def has_ui() -> bool:
    """Whether there is a UI to build, and it is wanted."""
    return os.environ.get("METRICLOOP_SKIP_UI") != "1" and (ROOT / "ui" / "package.json").is_file()


def prepare(with_tests: bool) -> None:
    """Everything the other commands need; does nothing that is already done."""
    check_python()
    make_environment()
    install_lock("build")
    install_lock("run")
    if with_tests:
        install_lock("dev")
    # The UI is built below, where its errors are seen; the build hook need not do it as well.
    os.environ["METRICLOOP_SKIP_UI"], skip = "1", os.environ.get("METRICLOOP_SKIP_UI", "")
    install_project()
    os.environ["METRICLOOP_SKIP_UI"] = skip
    make_ui(with_tests)


def call(*command: str) -> int:
    """Runs a program in the foreground; its exit code. Ctrl-C reaches it too, and it is given time to end well."""
    process = subprocess.Popen(command, cwd=ROOT)
    try:
        return process.wait()
    except KeyboardInterrupt:
        process.wait(timeout=20)
        raise


def setup(arguments: Sequence[str]) -> int:
    """The environment with everything; .venv/bin/metricloop works after it."""
    prepare(with_tests=True)
    say(f"Ready: {Path(tool('metricloop')).relative_to(ROOT)}")
    return 0


def demo(arguments: Sequence[str]) -> int:
    """Sets up and starts the demo."""
    prepare(with_tests=False)
    return call(tool("metricloop"), "demo", *arguments)


def ui_checks() -> list[tuple[str, list[str]]]:
    """The UI's own checks, as ui/package.json names them; whether its types of the API are those of the server."""
    if not has_ui():
        return []
    script, api = [str(PYTHON), "build_ui.py", "run"], str(VENV / "openapi.json")
    return [
        ("UI types", [*script, "typecheck"]),
        ("UI lint", [*script, "lint"]),
        ("API document", [str(PYTHON), "-m", "metricloop.api.openapi", api]),
        ("UI API drift", [*script, "check:api", api]),
        ("UI tests", [*script, "test"]),
    ]


def test(arguments: Sequence[str]) -> int:
    """Lint, types, import contracts, tests, the UI's checks; all run even where one fails."""
    prepare(with_tests=True)
    steps: list[tuple[str, list[str]]] = [
        ("lint", [tool("ruff"), "check", "--quiet", "."]),
        ("format", [tool("ruff"), "format", "--check", "--quiet", "."]),
        ("types", [tool("mypy"), "--no-error-summary"]),
        ("imports", [tool("lint-imports"), "--no-logo"]),
        *ui_checks(),
        ("tests", [str(PYTHON), "-m", "pytest", *SIDE_BY_SIDE, *arguments]),  # last: CI reads its count
    ]
    results: list[tuple[str, int, float]] = []
    for name, command in steps:
        say(f"== {name}")
        started = time.monotonic()
        results.append((name, call(*command), time.monotonic() - started))
    for name, code, seconds in results:
        say(f"{'ok    ' if code == 0 else 'FAILED'} {seconds:6.1f} s  {name}")
    return 1 if any(code for _, code, _ in results) else 0


def test_deep(arguments: Sequence[str]) -> int:
    """The slow tests: crash, simulation, fuzz, every page, the wheel."""
    prepare(with_tests=True)
    return call(str(PYTHON), "-m", "pytest", "-m", "deep", *SIDE_BY_SIDE, *arguments)


def crash(arguments: Sequence[str]) -> int:
    """Kills the system at random moments and compares; SEEDS=n many ways, or SEED=k only that one."""
    prepare(with_tests=True)
    for name in ("SEEDS", "SEED"):
        if os.environ.get(name):
            os.environ[f"METRICLOOP_CRASH_{name}"] = os.environ[name]
    return call(str(PYTHON), "-m", "pytest", "-m", "deep or not deep", "tests/crash", *arguments)


def bench(arguments: Sequence[str]) -> int:
    """The measurements of benchmarks/."""
    prepare(with_tests=True)
    return call(str(PYTHON), "-m", "benchmarks", *arguments)


def dev(arguments: Sequence[str]) -> int:
    """The server, and beside it the UI with hot reload, which passes /api on to the server."""
    prepare(with_tests=True)
    page = subprocess.Popen([str(PYTHON), "build_ui.py", "run", "dev"], cwd=ROOT)
    try:
        return call(tool("metricloop"), "serve", *arguments)
    finally:
        page.terminate()


def format_code(arguments: Sequence[str]) -> int:
    """Formats the Python code and sorts its imports."""
    prepare(with_tests=True)
    return call(tool("ruff"), "check", "--fix", "--quiet", ".") or call(tool("ruff"), "format", ".")


def lock(arguments: Sequence[str]) -> int:
    """Resolves the newest versions into requirements/ (hashes, no addresses). Pass --upgrade to move all."""
    prepare(with_tests=True)
    base = [tool("uv"), "pip", "compile", "--universal", "--python-version", "3.11", "--generate-hashes"]
    base += ["--no-header", "--no-annotate", "--quiet", *arguments]
    everything = ["pyproject.toml", "--all-extras", "--group", "build", "--group", "dev"]
    pinned = ["--constraints", "requirements/dev.lock"]
    parts = [
        [*everything, "-o", "requirements/dev.lock"],
        ["pyproject.toml", "--extra", "demo", "--group", "build", *pinned, "-o", "requirements/run.lock"],
        ["--group", "build", *pinned, "-o", "requirements/build.lock"],
        ["--group", "node", "-o", "requirements/node.lock"],
    ]
    return max(call(*base, *part) for part in parts)


def clean(arguments: Sequence[str]) -> int:
    """Removes everything that setup, tests and builds made; data of projects stay."""
    caches = [".mypy_cache", ".ruff_cache", ".pytest_cache", ".hypothesis", ".import_linter_cache"]
    for name in [".venv", "build", "dist", "ui/node_modules", str(build_ui.STATIC), *caches]:
        shutil.rmtree(ROOT / name, ignore_errors=True)
    return 0


COMMANDS: dict[str, Callable[[Sequence[str]], int]] = {
    "demo": demo,
    "setup": setup,
    "test": test,
    "test-deep": test_deep,
    "crash": crash,
    "bench": bench,
    "dev": dev,
    "format": format_code,
    "lock": lock,
    "clean": clean,
}


def main(arguments: Sequence[str]) -> int:
    """Runs one command; wrong use is exit code 2."""
    if not arguments or arguments[0] not in COMMANDS:
        say("Usage: python run.py COMMAND [OPTIONS]\n")
        for name, command in COMMANDS.items():
            say(f"  {name:10} {(command.__doc__ or '').splitlines()[0]}")
        return 0 if arguments[:1] in (["help"], ["--help"]) else 2
    try:
        return COMMANDS[arguments[0]](arguments[1:])
    except Stop as problem:
        say(f"\n{problem}")
        return 2
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

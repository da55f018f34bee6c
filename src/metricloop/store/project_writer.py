"""Documents -> the YAML files of a folder: what changed is rewritten, everything else keeps its bytes and comments."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from metricloop.define.model import Document, Kind
from metricloop.kernel.errors import InvalidInput, InvalidProject, Issue
from metricloop.store.project import ONLY_ONE, PROJECT_KEYS, SECTIONS, definitions, files, read_file
from metricloop.store.yaml_edit import revise
from metricloop.store.yaml_text import Node

_SECTION_OF = {kind: section for section, (kind, _) in SECTIONS.items()}
Key = tuple[Kind, str]


def write_folder(folder: Path, documents: Sequence[Document]) -> list[Path]:
    """Make the folder's files say exactly these documents; gives back the files that were written.

    A definition stays in the file where it stands; a new one goes where its kind is, or to a file of that name.
    Raises InvalidProject when the present files cannot be read: nothing is written over what is not understood.
    """
    present = _read(folder)
    wanted = {(document.kind, document.name): document for document in documents}
    contents = {name: _content(node, wanted) for name, (_, node) in present.items()}
    homeless = [
        document for key, document in wanted.items() if not any(_holds(node, key) for _, node in present.values())
    ]
    for document in homeless:
        _place(document, contents)
    written = []
    for name, content in contents.items():
        text, node = present.get(name, ("", None))
        revised = revise(text, node, content) if content or node is not None else text
        if revised != text:
            write_text(folder / name, revised)
            written.append(folder / name)
    return written


def _read(folder: Path) -> dict[str, tuple[str, Node | None]]:
    found: dict[str, tuple[str, Node | None]] = {}
    issues: list[Issue] = []
    first: dict[Key, str] = {}
    for path in files(folder) if folder.is_dir() else []:
        name = path.relative_to(folder).as_posix()
        text, node, wrong = read_file(path, name)
        found[name] = (text, node)
        documents, misplaced = definitions(node, name) if node is not None else ([], [])
        issues += [*wrong, *misplaced]
        for document in documents:
            before = first.setdefault((document.kind, document.name), document.where)
            if before != document.where:
                problem = f"{document.kind} {document.name} is defined twice, first at {before}"
                issues.append(Issue(document.where, problem, "remove one"))
    if issues:
        raise InvalidProject(issues)
    return found


def _content(node: Node | None, wanted: Mapping[Key, Document]) -> dict[str, Any]:
    """What a file has to say: its own definitions as they are wanted now, the others gone."""
    content: dict[str, Any] = {}
    sections = node.value if node is not None and isinstance(node.value, dict) else {}
    for section, child in sections.items():
        if section in SECTIONS:
            kind, identity = SECTIONS[section]
            names = [str(item.get(identity)) for item in child.plain() or []]
            content[section] = [_body(wanted[kind, name]) for name in names if (kind, name) in wanted] or None
        elif section == "assignment" and (Kind.ASSIGNMENT, "assignment") in wanted:
            content[section] = _body(wanted[Kind.ASSIGNMENT, "assignment"])
    if any(key in sections for key in PROJECT_KEYS) and (Kind.PROJECT, "project") in wanted:
        content = {**_body(wanted[Kind.PROJECT, "project"]), **content}
    return content


def _holds(node: Node | None, key: Key) -> bool:
    kind, name = key
    sections = node.value if node is not None and isinstance(node.value, dict) else {}
    if kind is Kind.PROJECT:
        return any(section in sections for section in PROJECT_KEYS)
    if kind is Kind.ASSIGNMENT:
        return "assignment" in sections
    section = sections.get(_SECTION_OF[kind])
    identity = SECTIONS[_SECTION_OF[kind]][1]
    return section is not None and any(str(item.get(identity)) == name for item in section.plain() or [])


def _place(document: Document, contents: dict[str, dict[str, Any]]) -> None:
    """Add a definition to the last file that has its kind, or to one of its own."""
    if document.kind in ONLY_ONE:
        section = ONLY_ONE[document.kind]
        content = contents.setdefault("metricloop.yml" if section == "project" else f"{section}.yml", {})
        content.update(_body(document) if section == "project" else {section: _body(document)})
        return
    section = _SECTION_OF[document.kind]
    homes = [name for name, content in contents.items() if section in content]
    content = contents.setdefault(homes[-1] if homes else f"{section}.yml", {})
    content[section] = [*(content.get(section) or []), _body(document)]


def _body(document: Document) -> dict[str, Any]:
    body = dict(document.body)
    return {**body, "parent": document.parent} if document.parent is not None else body


def write_text(path: Path, text: str) -> None:
    """Replace the file in one step: a full disk or a power cut leaves the old one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_name(f".{path.name}.new")
    try:
        new.write_bytes(text.encode())
        os.replace(new, path)
    except OSError as error:
        new.unlink(missing_ok=True)
        fix = "free some space, or choose a folder you may write to"
        raise InvalidInput(f"{path} cannot be written: {error.strerror or error}", fix=fix) from error

"""What an editor sends -> edits, and issues with the path (and line) at which they stand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

from metricloop.api.schemas.definitions import EditBody, IssueRow, KindWord
from metricloop.define.model import Kind
from metricloop.define.use_cases import Edit
from metricloop.kernel.errors import Issue
from metricloop.store.project import ONLY_ONE, SECTIONS
from metricloop.store.yaml_text import parse

_IDENTITY = dict(SECTIONS.values())
_MARK = "\x1f"  # stands in no name: kind, name and path of an issue, put together and taken apart here alone


@dataclass(slots=True)
class Sent:
    """The edits of a request. issues: what could not be read at all. lines: of each edit's YAML, by its subject."""

    edits: list[Edit] = field(default_factory=list)
    issues: list[IssueRow] = field(default_factory=list)
    lines: dict[tuple[str, str], Mapping[str, int]] = field(default_factory=dict)

    def row(self, issue: Issue) -> IssueRow:
        """An issue that a check found: at its place in what was sent, or in the live definition that it breaks."""
        if issue.where.count(_MARK) == 2:
            kind, name, path = issue.where.split(_MARK)
        else:
            kind, _, name = issue.where.partition(" ")
            path = ""
        known = cast(KindWord, kind) if kind in tuple(Kind) else None
        line = _line(self.lines.get((kind, name), {}), path)
        return IssueRow(kind=known, name=name, path=path, line=line, problem=issue.problem, fix=issue.fix)


def sent(bodies: Sequence[EditBody]) -> Sent:
    """The edits of a request; one that cannot be read is an issue and no edit."""
    found = Sent()
    for given in bodies:
        _take(found, given)
    return found


def _take(found: Sent, given: EditBody) -> None:
    kind = Kind(given.kind)
    if given.remove:
        found.edits.append(Edit(kind, given.name or ONLY_ONE.get(kind, ""), None, given.parent))
        return
    lines: dict[str, int] = {}
    body = given.body
    if given.yaml is not None:
        body, lines = _read(found, given)
    if body is None:
        if given.yaml is None:
            _complain(found, given, "nothing was sent", "send body, yaml or remove")
        return
    parent = body.pop("parent", None)
    name = _name(kind, body)
    if name is None:
        _complain(found, given, f"it has no {_IDENTITY[kind]}", f"add {_IDENTITY[kind]}: NAME")
        return
    places = _EveryPath(kind, name)
    found.edits.append(Edit(kind, name, body, given.parent or (str(parent) if parent else None), places))
    found.lines[kind.value, name] = lines


def _read(found: Sent, given: EditBody) -> tuple[dict[str, Any] | None, dict[str, int]]:
    """The YAML of one definition: its body, and the line of each path."""
    nodes, issues = parse(given.yaml or "", "yaml")
    for issue in issues:
        line = issue.where.rpartition(":")[2]
        _complain(found, given, issue.problem, issue.fix, int(line) if line.isdigit() else None)
    if issues:
        return None, {}
    value = nodes[0].plain() if nodes else None
    if len(nodes) != 1 or not isinstance(value, dict):
        _complain(found, given, "this is not one definition", f"write the keys of the {given.kind}, one to a line")
        return None, {}
    return value, dict(nodes[0].lines())


def _name(kind: Kind, body: Mapping[str, Any]) -> str | None:
    if kind in ONLY_ONE:
        return ONLY_ONE[kind]
    own = body.get(_IDENTITY[kind])
    return str(own) if isinstance(own, str | int) and own != "" else None


def _complain(found: Sent, given: EditBody, problem: str, fix: str, line: int | None = None) -> None:
    name = given.name or ""
    found.issues.append(IssueRow(kind=given.kind, name=name, path="", line=line, problem=problem, fix=fix))


def _line(lines: Mapping[str, int], path: str) -> int | None:
    """The line of the path, or of the nearest part around it."""
    while path and path not in lines:
        path = path.rpartition(".")[0]
    return lines.get(path) or (min(lines.values()) if lines else None)


class _EveryPath(Mapping[str, str]):
    """Knows a place for every path, there or missing, so that an issue tells the very key that it means."""

    def __init__(self, kind: Kind, name: str) -> None:
        self._head = f"{kind}{_MARK}{name}{_MARK}"

    def __getitem__(self, path: str) -> str:
        return self._head + path

    def __contains__(self, path: object) -> bool:
        return isinstance(path, str)

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 0

"""YAML text -> plain values that know their lines, with every problem as an issue.

A safe part of YAML 1.2: mappings, lists, texts, numbers, true, false, null. No anchors, no aliases, no tags, no merge
keys, no dates; `NO`, `on`, `007` and `12:30` are texts (in YAML 1.1 they would be false, true, 7 and 750).
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Protocol

import yaml

from metricloop.kernel.errors import Bug, Issue

_MOST_DEPTH = 32
_MOST_VALUES = 500_000
_INT = re.compile(r"[-+]?(0|[1-9][0-9]{0,17})")
FLOAT = re.compile(r"[-+]?(0|[1-9][0-9]*)?(\.[0-9]+)?([eE][-+]?[0-9]{1,3})?")
_UNSTORABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_FIXES = (
    (r"cannot start any token.*|.*\\t.*", "put the text in quotes"),
    (r"mapping values are not allowed", "put a text that holds ': ' in quotes, or check the indentation"),
    (r"(?s).*(quoted scalar|end of stream)", "close the quote or bracket that was opened before"),
    (r"(?s).*(flow sequence|flow mapping|',' or)", "close the bracket, or put a comma between the values"),
    (r"(?s).*", "check the indentation: the keys of one block begin in one column"),
)


@dataclass(slots=True)
class Node:
    """A value with its first and last line (from 1), its first column and the one after its end (from 0).

    flow: written in brackets. keys: the line of each key, for a mapping.
    """

    value: str | int | float | bool | list[Node] | dict[str, Node] | None
    line: int
    end: int
    column: int = 0
    end_column: int = 0
    flow: bool = False
    keys: dict[str, int] = field(default_factory=dict)

    def plain(self) -> Any:
        """The value with nothing but dicts, lists and scalars."""
        if isinstance(self.value, dict):
            return {key: node.plain() for key, node in self.value.items()}
        if isinstance(self.value, list):
            return [node.plain() for node in self.value]
        return self.value

    def lines(self, prefix: str = "") -> Iterator[tuple[str, int]]:
        """Path -> line of everything inside."""
        if isinstance(self.value, dict):
            for key, node in self.value.items():
                yield f"{prefix}{key}", self.keys[key]
                yield from node.lines(f"{prefix}{key}.")
        elif isinstance(self.value, list):
            for at, node in enumerate(self.value):
                yield f"{prefix}{at}", node.line
                yield from node.lines(f"{prefix}{at}.")


def parse(text: str, name: str) -> tuple[list[Node], list[Issue]]:
    """The YAML documents in the text, and what is wrong with it. After a syntax error there are none.

    `name` is the file's name, for `where`. Never raises for what the text holds.
    """
    builder = _Builder(name)
    try:
        for event in yaml.parse(text, Loader=yaml.SafeLoader):
            if not builder.take(event):
                return [], builder.issues
    except yaml.YAMLError as error:
        return [], [*builder.issues, _syntax_issue(error, text, name)]
    return builder.documents, builder.issues


class _Builder:
    """Builds nodes from parser events without recursion, so that no text can exhaust the stack."""

    def __init__(self, name: str) -> None:
        self.documents: list[Node] = []
        self.issues: list[Issue] = []
        self._name = name
        self._open: list[tuple[Node, str | None]] = []  # containers, each with the key that waits for its value
        self._values = 0

    def take(self, event: yaml.Event) -> bool:
        """False when the text is too large or too deep to go on."""
        if isinstance(event, yaml.MappingEndEvent | yaml.SequenceEndEvent):
            self._close(event)
        elif isinstance(event, yaml.AliasEvent):
            self._complain(event, f"the alias *{event.anchor}", "write the value out; aliases are not used here")
            self._put(Node(None, _line(event), _line(event)))
        elif isinstance(event, yaml.ScalarEvent):
            self._put(self._scalar(event))
        elif isinstance(event, yaml.MappingStartEvent | yaml.SequenceStartEvent):
            return self._begin(event)
        return True

    def _begin(self, event: yaml.MappingStartEvent | yaml.SequenceStartEvent) -> bool:
        self._check_tag(event, {None, "tag:yaml.org,2002:map", "tag:yaml.org,2002:seq"})
        value: list[Node] | dict[str, Node] = {} if isinstance(event, yaml.MappingStartEvent) else []
        line = _line(event)
        node = Node(value, line, line, _start(event).column, flow=bool(event.flow_style))
        if len(self._open) >= _MOST_DEPTH:
            self._complain(event, f"more than {_MOST_DEPTH} levels of nesting", "flatten the definition")
            return False
        self._open.append((node, None))
        return True

    def _close(self, event: yaml.Event) -> None:
        node, _ = self._open.pop()
        if node.flow:
            node.end, node.end_column = _end(event).line + 1, _end(event).column
        self._put(node)

    def _put(self, node: Node) -> None:
        """Hand a finished value to the container around it."""
        self._values += 1
        if not self._open:
            self.documents.append(node)
            return
        parent, key = self._open[-1]
        parent.end = max(parent.end, node.end)
        if isinstance(parent.value, list):
            parent.value.append(node)
        elif isinstance(parent.value, dict) and key is None:
            self._open[-1] = (parent, self._key(parent, node))
        elif isinstance(parent.value, dict) and key is not None:
            parent.value.setdefault(key, node)
            self._open[-1] = (parent, None)

    def _key(self, parent: Node, node: Node) -> str:
        where = f"{self._name}:{node.line}"
        if isinstance(node.value, list | dict):
            self.issues.append(Issue(where, "a key is a list or a block", "write a plain text before the colon"))
            key = f"?{node.line}"
        else:
            key = str(node.value)
        if key == "<<":
            self.issues.append(Issue(where, "<< (a merge key) is not used here", "write the keys out"))
        if key in parent.keys:
            problem = f"the key {key} is there twice, first in line {parent.keys[key]}"
            self.issues.append(Issue(where, problem, "remove one of the two"))
        parent.keys.setdefault(key, node.line)
        return key

    def _scalar(self, event: yaml.ScalarEvent) -> Node:
        self._check_tag(event, {None, "!", "tag:yaml.org,2002:str"})
        if _UNSTORABLE.search(event.value):
            self._complain(event, "a text holds a control character", "remove it")
        plain = event.implicit[0] and event.tag is None
        end = _end(event).line + 1
        if event.style in ("|", ">"):  # its end mark stands at what follows
            end = max(_line(event), end - 1)
        value = resolve(event.value) if plain else event.value
        return Node(value, _line(event), end, _start(event).column, _end(event).column)

    def _check_tag(self, event: Any, allowed: set[str | None]) -> None:
        if event.tag not in allowed:
            self._complain(event, f"the tag {event.tag}", "remove it; tags are not used here")

    def _complain(self, event: yaml.Event, what: str, fix: str) -> None:
        self.issues.append(Issue(f"{self._name}:{_line(event)}", what, fix))


class _Mark(Protocol):
    """A place in the text; both numbers begin at 0."""

    @property
    def line(self) -> int: ...

    @property
    def column(self) -> int: ...


def _start(event: yaml.Event) -> _Mark:
    if event.start_mark is None:
        raise Bug("an event of the YAML parser without a place")
    return event.start_mark


def _end(event: yaml.Event) -> _Mark:
    if event.end_mark is None:
        raise Bug("an event of the YAML parser without an end")
    return event.end_mark


def _line(event: yaml.Event) -> int:
    return int(_start(event).line) + 1


def resolve(text: str) -> str | int | float | bool | None:
    """What a text without quotes means."""
    if text in ("", "~", "null", "Null", "NULL"):
        return None
    if text in ("true", "True", "TRUE", "false", "False", "FALSE"):
        return text.lower() == "true"
    if _INT.fullmatch(text):
        return int(text)
    if FLOAT.fullmatch(text) and text[-1].isdigit() and math.isfinite(float(text)):
        return float(text)
    return text


def _syntax_issue(error: yaml.YAMLError, text: str, name: str) -> Issue:
    if not isinstance(error, yaml.MarkedYAMLError):
        position = int(getattr(error, "position", 0))
        line = text.count("\n", 0, position) + 1
        return Issue(f"{name}:{line}", "a character that YAML does not allow", "remove it; save the file as UTF-8 text")
    mark = error.problem_mark or error.context_mark
    line = mark.line + 1 if mark else 1
    content = text.splitlines()[line - 1] if 0 < line <= len(text.splitlines()) else ""
    if "\t" in content[: len(content) - len(content.lstrip())]:
        return Issue(f"{name}:{line}", "a tab in the indentation", "indent with spaces; YAML does not allow tabs")
    problem = ", ".join(part for part in (error.context, error.problem) if part)
    fix = next(words for pattern, words in _FIXES if re.search(pattern, problem))
    return Issue(f"{name}:{line}", f"not valid YAML: {problem}", fix)

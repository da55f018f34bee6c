"""Files that other systems wrote, as plain values: YAML and JSON of bounded size, depth and number of values.

Aliases and merge keys are taken, as far as what they stand for stays small. No tag makes anything but text.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import yaml

from metricloop.define.imports.model import ForeignFile
from metricloop.kernel.errors import InvalidInput
from metricloop.store.yaml_text import Node, resolve

_MOST_BYTES = {".json": 200_000_000}
_MOST_YAML_BYTES = 10_000_000
_MOST_VALUES = 500_000
_MOST_DEPTH = 100
_MOST_FILES = 2_000
_SUFFIXES = (".yml", ".yaml", ".json")


def read_foreign(path: Path) -> list[ForeignFile]:
    """One file, or every YAML and JSON file under a folder (hidden ones left out).

    Raises InvalidInput, naming the file, on what cannot be read, is too large, too deep, or grows by its aliases.
    """
    if path.is_dir():
        files = [one for one in sorted(path.rglob("*")) if one.suffix in _SUFFIXES and _is_shown(one, path)]
        if not files or len(files) > _MOST_FILES:
            problem = f"{path} holds {len(files)} YAML and JSON files"
            raise InvalidInput(problem, fix=f"name a folder with 1 to {_MOST_FILES} of them, or one file")
        return [read_foreign_file(one, one.relative_to(path).as_posix()) for one in files]
    return [read_foreign_file(path, path.name)]


def read_foreign_file(path: Path, name: str) -> ForeignFile:
    """One file; `name` is what findings call it. Raises InvalidInput like `read_foreign`."""
    most = _MOST_BYTES.get(path.suffix, _MOST_YAML_BYTES)
    try:
        if path.stat().st_size > most:
            raise InvalidInput(f"larger than {most // 1_000_000} MB", where=name, fix="name a smaller file")
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        fix = "name a file that is there and may be read"
        raise InvalidInput(f"{path} cannot be read: {error.strerror or error}", fix=fix) from error
    except UnicodeDecodeError as error:
        raise InvalidInput("not UTF-8 text", where=name, fix="save the file as UTF-8") from error
    if path.suffix == ".json":
        return ForeignFile(name, _json(text, name))
    node = _yaml(text, name)
    places = {} if node is None else {place: f"{name}:{line}" for place, line in node.lines()}
    return ForeignFile(name, None if node is None else node.plain(), places)


def _is_shown(path: Path, folder: Path) -> bool:
    return path.is_file() and not any(part.startswith(".") for part in path.relative_to(folder).parts)


def _json(text: str, name: str) -> Any:
    try:
        value = json.loads(text)
    except ValueError as error:
        raise InvalidInput(
            f"not valid JSON: {error}", where=name, fix="write the file anew with its own tool"
        ) from error
    except RecursionError as error:
        raise _too_deep(name) from error
    return value


def _yaml(text: str, name: str) -> Node | None:
    builder = _Builder(name)
    try:
        for event in yaml.parse(text, Loader=yaml.SafeLoader):
            builder.take(event)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f"{name}:{mark.line + 1}" if mark is not None else name
        problem = getattr(error, "problem", None) or "a character that YAML does not allow"
        fix = "templates that are no YAML cannot be imported; name what they make, or correct the file"
        raise InvalidInput(f"not valid YAML: {problem}", where=where, fix=fix) from error
    return builder.document


class _Builder:
    """Builds nodes from parser events. An alias is its anchor's node again, counted as often as it is used."""

    def __init__(self, name: str) -> None:
        self.document: Node | None = None
        self._name = name
        self._open: list[tuple[Node, str | None, str | None]] = []  # container, key that waits, its anchor
        self._anchors: dict[str, tuple[Node, int, int]] = {}  # node, how many values, how deep
        self._sizes: list[int] = []  # of the open containers: how many values so far, and how deep
        self._depths: list[int] = []

    def take(self, event: yaml.Event) -> None:
        if isinstance(event, yaml.MappingStartEvent | yaml.SequenceStartEvent):
            value: Any = {} if isinstance(event, yaml.MappingStartEvent) else []
            self._open.append((Node(value, _line(event), _line(event)), None, event.anchor))
            self._sizes.append(1)
            self._depths.append(1)
            self._check_depth(len(self._open))
        elif isinstance(event, yaml.MappingEndEvent | yaml.SequenceEndEvent):
            node, _, anchor = self._open.pop()
            self._finish(node, self._sizes.pop(), self._depths.pop(), anchor)
        elif isinstance(event, yaml.ScalarEvent):
            plain = event.implicit[0] and event.tag is None
            node = Node(resolve(event.value) if plain else event.value, _line(event), _line(event))
            self._finish(node, 1, 0, event.anchor)
        elif isinstance(event, yaml.AliasEvent):
            self._alias(event)

    def _alias(self, event: yaml.AliasEvent) -> None:
        if event.anchor not in self._anchors:
            where = f"{self._name}:{_line(event)}"
            raise InvalidInput(f"the alias *{event.anchor} stands for nothing", where=where, fix="write the value out")
        node, size, depth = self._anchors[event.anchor]
        self._finish(node, size, depth, None)

    def _finish(self, node: Node, size: int, depth: int, anchor: str | None) -> None:
        if anchor is not None:
            self._anchors[anchor] = (node, size, depth)
        if not self._open:
            self.document = self.document or node
            return
        self._sizes[-1] += size
        self._depths[-1] = max(self._depths[-1], depth + 1)
        self._check_depth(len(self._open) + depth)
        if self._sizes[-1] > _MOST_VALUES:
            fix = "write its aliases out, or split the file"
            raise InvalidInput(f"more than {_MOST_VALUES} values", where=f"{self._name}:{node.line}", fix=fix)
        self._put(node)

    def _put(self, node: Node) -> None:
        parent, key, anchor = self._open[-1]
        if isinstance(parent.value, list):
            parent.value.append(node)
        elif isinstance(parent.value, dict) and key is None:
            name = str(node.value) if not isinstance(node.value, dict | list) else f"?{node.line}"
            parent.keys.setdefault(name, node.line)
            self._open[-1] = (parent, name, anchor)
        elif isinstance(parent.value, dict) and key is not None:
            if key == "<<":
                self._merge(parent, node)
            else:
                parent.value[key] = node
            self._open[-1] = (parent, None, anchor)

    def _merge(self, parent: Node, node: Node) -> None:
        """A merge key: what it brings stands back behind what is written out."""
        for one in node.value if isinstance(node.value, list) else [node]:
            for key, value in one.value.items() if isinstance(one.value, dict) else ():
                if isinstance(parent.value, dict) and key not in parent.value:
                    parent.value[key] = value
                    parent.keys.setdefault(key, value.line)

    def _check_depth(self, depth: int) -> None:
        if depth > _MOST_DEPTH:
            raise _too_deep(self._name)


def _too_deep(name: str) -> InvalidInput:
    return InvalidInput(f"nested more than {_MOST_DEPTH} deep", where=name, fix="flatten it")


def _line(event: yaml.Event) -> int:
    mark: Any = event.start_mark
    return int(mark.line) + 1

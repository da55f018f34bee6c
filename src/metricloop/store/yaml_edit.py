"""Plain values -> YAML text; and a changed value into an existing text, so that comments and layout stay.

Only the lines of what changed are written anew. A text that cannot be edited this way is written as a whole.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import yaml

from metricloop.define.versions import canonical_json
from metricloop.store.yaml_text import FLOAT, Node, parse

_WIDTH = 116
_FLOW_WIDTH = 88


class _Dumper(yaml.SafeDumper):
    """Short lists and mappings of scalars in brackets, everything else in blocks, texts of several lines with |."""

    def ignore_aliases(self, data: Any) -> bool:
        return True

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)

    def represent(self, data: Any) -> None:
        node = self.represent_data(data)
        if isinstance(node, yaml.CollectionNode) and node.value:
            node.flow_style = False  # what is dumped is a block itself; only what lies inside may be in brackets
        self.serialize(node)


def _collection(dumper: _Dumper, node: yaml.CollectionNode, data: Any) -> yaml.Node:
    values = list(data.values()) if isinstance(data, dict) else list(data)
    scalars = not any(isinstance(value, dict | list) or "\n" in str(value) for value in values)
    node.flow_style = not values or (scalars and len(canonical_json(data)) <= _FLOW_WIDTH)
    return node


def _mapping(dumper: _Dumper, data: dict[str, Any]) -> yaml.Node:
    return _collection(dumper, dumper.represent_mapping("tag:yaml.org,2002:map", data.items()), data)


def _sequence(dumper: _Dumper, data: list[Any]) -> yaml.Node:
    return _collection(dumper, dumper.represent_sequence("tag:yaml.org,2002:seq", data), data)


def _string(dumper: _Dumper, data: str) -> yaml.Node:
    return dumper.represent_scalar("tag:yaml.org,2002:str", data, style="|" if "\n" in data else None)


_Dumper.add_representer(dict, _mapping)
_Dumper.add_representer(list, _sequence)
_Dumper.add_representer(str, _string)
# Our reader takes 1e5 for a number, PyYAML's writer does not; without this it would leave the text "1e5" bare.
_Dumper.add_implicit_resolver("tag:yaml.org,2002:float", re.compile(f"{FLOAT.pattern}$"), list("-+0123456789."))


def dump(value: Any) -> str:
    """A value as YAML in blocks, keys in their own order; the same value always gives the same bytes."""
    text = yaml.dump(value, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=_WIDTH)
    return str(text).removesuffix("...\n")


def dump_file(content: Mapping[str, Any]) -> str:
    """A whole definition file: sections apart from each other, and so are the items of a section."""
    parts = []
    for key, value in content.items():
        if isinstance(value, list) and value:
            items = [_indented(dump([item]).splitlines(), 2) for item in value]
            gap = "\n\n" if any(len(lines) > 1 for lines in items) else "\n"
            parts.append(f"{key}:\n" + gap.join("\n".join(lines) for lines in items) + "\n")
        else:
            parts.append(dump({key: value}))
    scalars = [part for part, value in zip(parts, content.values(), strict=True) if not isinstance(value, list | dict)]
    blocks = [part for part, value in zip(parts, content.values(), strict=True) if isinstance(value, list | dict)]
    return "\n".join(["".join(scalars), *blocks] if scalars else blocks)


def revise(text: str, node: Node | None, content: Mapping[str, Any]) -> str:
    """The text with `content` in place of what it holds (`node`, its parsed document).

    What did not change keeps its bytes. The result is parsed again; should it not say `content`, all is written anew.
    """
    if node is None:
        return text + ("\n" if text and not text.endswith("\n") else "") + dump_file(content)
    if canonical_json(node.plain()) == canonical_json(content):
        return text
    unix = text.replace("\r\n", "\n")
    edit = _Edit(unix.split("\n"), [])
    revised = edit.result() if edit.change(node, content) else dump_file(content)
    again, issues = parse(revised, "")
    if issues or len(again) != 1 or canonical_json(again[0].plain()) != canonical_json(content):
        revised = dump_file(content)
    return revised.replace("\n", "\r\n") if "\r\n" in text else revised


@dataclass(slots=True)
class _Edit:
    """Replacements of whole lines: (first line, last line, new lines), lines from 1; last < first inserts."""

    lines: list[str]
    changes: list[tuple[int, int, list[str]]]

    def result(self) -> str:
        lines = list(self.lines)
        for first, last, new in sorted(self.changes, key=lambda change: change[:2], reverse=True):
            lines[first - 1 : last] = new
        return "\n".join(lines)

    def change(self, node: Node, value: Any) -> bool:
        """Make the block say `value`, touching what differs. False when it cannot be done inside the block."""
        if node.flow or not node.value or not value:
            return False
        if isinstance(node.value, dict) and isinstance(value, Mapping):
            return self._change_mapping(node, node.value, value)
        if isinstance(node.value, list) and isinstance(value, list):
            return self._change_list(node.value, value)
        return False

    def _change_mapping(self, node: Node, old: dict[str, Node], value: Mapping[str, Any]) -> bool:
        for key, child in old.items():
            first, last = node.keys[key], max(node.keys[key], child.end)
            if key not in value:
                self.changes.append((first, last, []))
            elif canonical_json(child.plain()) != canonical_json(value[key]) and not self.change(child, value[key]):
                self._replace(first, last, node.column, dump({key: value[key]}), child.end_column)
        added = {key: one for key, one in value.items() if key not in old}
        if added:
            self._insert(node.end + 1, node.column, dump(added).splitlines())
        return True

    def _change_list(self, old: Sequence[Node], value: list[Any]) -> bool:
        names, wanted = [_name_of(node.plain()) for node in old], [_name_of(item) for item in value]
        kept = [name for name in wanted if name in names]
        if None in names + wanted or kept != [name for name in names if name in wanted] or not kept:
            return False
        by_name = dict(zip(wanted, value, strict=True))
        for name, node in zip(names, old, strict=True):
            if name not in by_name:
                self.changes.append((node.line, node.end, []))
            elif canonical_json(node.plain()) != canonical_json(by_name[name]) and not self.change(node, by_name[name]):
                self._replace(node.line, node.end, node.column, dump(by_name[name]))
        added = [item for name, item in zip(wanted, value, strict=True) if name not in names]
        if added:
            dash = self.lines[old[0].line - 1].find("-")
            self._insert(max(node.end for node in old) + 1, dash, dump(added).splitlines())
        return True

    def _insert(self, line: int, column: int, new: list[str]) -> None:
        self.changes.append((line, line - 1, _indented(new, column)))

    def _replace(self, first: int, last: int, column: int, new: str, end_column: int | None = None) -> None:
        lines = _indented(new.splitlines(), column)
        lines[0] = self.lines[first - 1][:column] + lines[0][column:]
        comment = self.lines[last - 1][end_column:] if end_column is not None else ""
        if first == last and len(lines) == 1 and re.fullmatch(r"\s+#.*", comment):
            lines[0] += comment
        self.changes.append((first, last, lines))


def _indented(lines: Sequence[str], column: int) -> list[str]:
    return [" " * column + line if line else line for line in lines]


def _name_of(item: Any) -> str | None:
    """What an item of a list is known by."""
    name = item.get("name", item.get("id")) if isinstance(item, Mapping) else None
    return name if isinstance(name, str) else None

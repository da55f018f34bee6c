"""Reads foreign values tolerantly: what is of a wrong type is told and left out, what is unknown is told as well."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from metricloop.define.imports.model import ForeignFile, Unmapped
from metricloop.define.imports.report import Report


class Block:
    """A mapping of a foreign file. `kind` says what it is (measure), `name` which one; both are for the report.

    Every key that is asked for counts as known; `close` tells the others.
    """

    def __init__(self, value: Mapping[str, Any], file: ForeignFile, report: Report, kind: str, path: str = "") -> None:
        self.value = value
        self.kind = kind
        self.path = path
        self.file = file
        self.report = report
        self._known: set[str] = set()

    @property
    def name(self) -> str:
        return str(self.value.get("name") or self.path or self.file.name)

    @property
    def about(self) -> str:
        return f"{self.kind} {self.name}"

    @property
    def where(self) -> str:
        return self.at()

    def at(self, key: str = "") -> str:
        """Where a key stands, or the nearest part around it whose place is known."""
        path = f"{self.path}.{key}" if self.path and key else self.path or key
        while path and path not in self.file.places:
            path = path.rpartition(".")[0]
        return self.file.places.get(path, self.file.name)

    def raw(self, key: str) -> Any:
        self._known.add(key)
        return self.value.get(key)

    def ignore(self, *keys: str) -> None:
        """These keys are known to have no meaning here, and are no news to anybody."""
        self._known.update(keys)

    def text(self, key: str) -> str | None:
        """A text; numbers and booleans as YAML and SQL write them. None where there is none."""
        value = self.raw(key)
        if value is None or value == "":
            return None
        if isinstance(value, bool):
            return str(value).lower()
        if isinstance(value, str | int | float):
            return str(value).strip()
        self._wrong(key, "a text")
        return None

    def word(self, key: str) -> str:
        """A word of an enumeration, in small letters; "" where there is none."""
        return (self.text(key) or "").lower()

    def flag(self, key: str, default: bool = False) -> bool:
        value = self.raw(key)
        return default if value is None else str(value).lower() == "true"

    def number(self, key: str) -> float | None:
        value = self.raw(key)
        try:
            return None if value is None else float(value)
        except (TypeError, ValueError):
            self._wrong(key, "a number")
            return None

    def texts(self, key: str) -> list[str]:
        """A list of texts; one text alone is a list of one."""
        value = self.raw(key)
        values = value if isinstance(value, list) else [] if value is None else [value]
        if not all(isinstance(one, str | int) for one in values):
            self._wrong(key, "a list of texts")
            return []
        return [str(one) for one in values]

    def block(self, key: str, kind: str = "") -> Block | None:
        value = self.raw(key)
        if value is None:
            return None
        if not isinstance(value, Mapping):
            self._wrong(key, "a block")
            return None
        return Block(value, self.file, self.report, kind or key, self._below(key))

    def blocks(self, key: str, kind: str) -> list[Block]:
        """A list of blocks, or a mapping from name to block."""
        value = self.raw(key)
        if value is None:
            return []
        if isinstance(value, list):
            return list(self._items(key, kind, enumerate(value)))
        if isinstance(value, Mapping):
            return list(self._items(key, kind, value.items()))
        self._wrong(key, "a list")
        return []

    def close(self) -> None:
        """Tell every key that nobody asked for."""
        for key in self.value:
            if key not in self._known and key != "name":
                self.report.unknown_key(self.at(str(key)), self.kind, str(key))

    def _items(self, key: str, kind: str, items: Any) -> Iterator[Block]:
        for at, item in items:
            if isinstance(item, Mapping):
                named = item if isinstance(at, int) or "name" in item else {"name": at, **item}
                yield Block(named, self.file, self.report, kind, self._below(f"{key}.{at}"))
            elif isinstance(item, str) and isinstance(at, int):
                yield Block({"name": item}, self.file, self.report, kind, self._below(f"{key}.{at}"))
            else:
                self._wrong(f"{key}.{at}", "a block")

    def _below(self, key: str) -> str:
        return f"{self.path}.{key}" if self.path else key

    def _wrong(self, key: str, wanted: str) -> None:
        self.report.left_out(self.at(key), self.about, Unmapped(f"{key} is not {wanted}", "correct it in the file"))


def root(file: ForeignFile, report: Report) -> Block:
    """The file itself. Raises Unmapped when it is no mapping."""
    if not isinstance(file.content, Mapping):
        raise Unmapped("the file is not a set of keys", "name a file of the format that you import")
    return Block(file.content, file, report, "file")

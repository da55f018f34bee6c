"""A slice: one combination of dimension values; the empty one is the total."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Slice:
    """Dimension -> value, kept sorted so that equal slices are equal objects and have one key."""

    pairs: tuple[tuple[str, str], ...] = ()

    @staticmethod
    def of(values: Mapping[str, str] | Iterable[tuple[str, str]] = ()) -> Slice:
        items = values.items() if isinstance(values, Mapping) else values
        return Slice(tuple(sorted((str(k), str(v)) for k, v in items)))

    @staticmethod
    def parse(key: str) -> Slice:
        """The inverse of `key`."""
        if not key:
            return TOTAL
        return Slice.of((_unescape(d), _unescape(v)) for d, _, v in (part.partition("=") for part in key.split("&")))

    @property
    def key(self) -> str:
        """One string per slice, safe for any value: `carrier=AA&origin=JFK`; empty for the total."""
        return "&".join(f"{_escape(d)}={_escape(v)}" for d, v in self.pairs)

    @property
    def dimensions(self) -> tuple[str, ...]:
        return tuple(d for d, _ in self.pairs)

    def as_dict(self) -> dict[str, str]:
        return dict(self.pairs)

    def contains(self, other: Slice) -> bool:
        """True when every row of `other` is also a row of this slice; the total contains all."""
        return set(self.pairs) <= set(other.pairs)

    def may_overlap(self, other: Slice) -> bool:
        """False only when some dimension has two different values, so that no row can be in both."""
        mine = self.as_dict()
        return all(mine.get(d, v) == v for d, v in other.pairs)

    def __bool__(self) -> bool:
        return bool(self.pairs)

    def __str__(self) -> str:
        return ", ".join(f"{d}={v}" for d, v in self.pairs) or "total"


TOTAL = Slice()


def _escape(text: str) -> str:
    return text.replace("%", "%25").replace("&", "%26").replace("=", "%3D")


def _unescape(text: str) -> str:
    return text.replace("%3D", "=").replace("%26", "&").replace("%25", "%")

"""What MySQL's protocol says about the columns of an answer, in the words of its SQL."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

_NAMES = {
    0: "decimal",
    1: "tinyint",
    2: "smallint",
    3: "int",
    4: "float",
    5: "double",
    6: "null",
    7: "timestamp",
    8: "bigint",
    9: "mediumint",
    10: "date",
    11: "time",
    12: "datetime",
    13: "year",
    14: "date",
    15: "varchar",
    16: "bit",
    245: "json",
    246: "decimal",
    247: "enum",
    248: "set",
    249: "text",
    250: "text",
    251: "text",
    252: "text",
    253: "varchar",
    254: "char",
    255: "geometry",
}
_TEXTS = frozenset((15, 249, 250, 251, 252, 253, 254))


def kind_of(code: int) -> str:
    """The type of a field, without its length; `unknown` for a code that is not known. Bytes are called as texts."""
    return _NAMES.get(code, "unknown")


def as_text(fields: Sequence[Any], rows: list[Any]) -> list[Any]:
    """The rows with texts that were cast to binary (so that upper case differs from lower) as texts again."""
    places = [i for i, field in enumerate(fields) if field[1] in _TEXTS and isinstance(_first(rows, i), bytes)]
    return [_decoded(row, places) for row in rows] if places else rows


def _first(rows: list[Any], place: int) -> object:
    return next((row[place] for row in rows if row[place] is not None), None)


def _decoded(row: Sequence[object], places: Sequence[int]) -> tuple[object, ...]:
    cells = list(row)
    for i in places:
        cell = cells[i]
        if isinstance(cell, bytes):
            cells[i] = cell.decode("utf-8", errors="backslashreplace")
    return tuple(cells)

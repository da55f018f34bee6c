"""Sheets of workbooks (.xlsx), as CSV files with known types. What a formula could not compute is no value."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from pathlib import Path

from python_calamine import CalamineError, CalamineWorkbook, WorksheetNotFound

from metricloop.sdk import SourceFailed

Cells = Sequence[object]
_EXACT = 2**53  # beyond it a float has no units any more
_THOUSANDS = re.compile(r"[+-]?\d{1,3}(?:([,.'  ])\d{3})(?:\1\d{3})*(?:[.,]\d+)?")
_NUMBER = re.compile(r"[+-]?\d+(?:\.\d+)?")
_WIDER = {frozenset({"BIGINT", "DOUBLE"}): "DOUBLE", frozenset({"DATE", "TIMESTAMP"}): "TIMESTAMP"}


@dataclass(frozen=True, slots=True)
class Sheet:
    """Which sheet, where its names stand, and what is known of its columns. `name` None: the first sheet."""

    name: str | None
    header_row: int
    thousands: str | None
    types: Mapping[str, str] = field(default_factory=dict)


def as_csv(paths: Sequence[Path], sheet: Sheet, folder: Path, where: str) -> tuple[list[Path], dict[str, str]]:
    """One CSV in `folder` for each workbook, with as many lines before the first row as the sheet has, and the types
    of the columns. Raises SourceFailed, naming row and column, where texts stand for numbers.
    """
    found: list[Path] = []
    columns: dict[str, str] = {}
    for i, path in enumerate(paths):
        at = f"{where}, {path.name}"
        names, rows = _rows(path, sheet, at)
        kinds = {name: _kind(name, [row[place] for row in rows], sheet, at) for place, name in names.items()}
        if i and list(names.values()) != list(columns):
            raise _failed(f"has the columns {', '.join(kinds)}", at, f"give it {', '.join(columns)}, in this order")
        columns = {name: _wider(columns.get(name), kind) for name, kind in kinds.items()}
        found.append(folder / f"sheet-{i}.csv")
        _write(found[-1], sheet.header_row, (([row[place] for place in names]) for row in rows))
    # A column without a value in any workbook has no type of its own.
    return found, {name: sheet.types.get(name) or kind or "VARCHAR" for name, kind in columns.items()}


def _rows(path: Path, sheet: Sheet, where: str) -> tuple[dict[int, str], list[list[object]]]:
    """Name by place, and the rows below the names."""
    try:
        with CalamineWorkbook.from_path(path) as book:
            name = sheet.name or next(iter(book.sheet_names), "")
            rows: list[list[object]] = [list(row) for row in book.get_sheet_by_name(name).to_python(False)]
    except WorksheetNotFound as error:
        raise _failed(f"has no sheet {sheet.name!r}", where, "correct sheet of this table") from error
    except (CalamineError, OSError) as error:
        raise _failed(
            f"cannot be read as a workbook: {error}", where, "save it as .xlsx, without a password"
        ) from error
    if len(rows) < sheet.header_row:
        raise _failed(f"the sheet has {len(rows)} rows", where, "correct sheet or header_row of this table")
    header, body = rows[sheet.header_row - 1], rows[sheet.header_row :]
    names = {place: str(cell).strip() for place, cell in enumerate(header) if str(cell).strip()}
    twice = [name for name in names.values() if list(names.values()).count(name) > 1]
    if twice or not names:
        problem = f"two columns are called {twice[0]!r}" if twice else f"row {sheet.header_row} is empty"
        raise _failed(problem, where, "correct the names in the file, or header_row of this table")
    unknown = [name for name in sheet.types if name not in names.values()]
    if unknown:
        raise _failed(f"has no column {unknown[0]!r}", where, f"its columns: {', '.join(names.values())}")
    return names, body


def _kind(name: str, cells: Cells, sheet: Sheet, where: str) -> str:
    """The narrowest type that holds all cells; empty when there is none. What is declared wins."""
    declared = sheet.types.get(name, "")
    given = [(row, cell) for row, cell in enumerate(cells, sheet.header_row + 1) if cell not in ("", None)]
    if not declared.upper().startswith(("VARCHAR", "TEXT", "CHAR", "STRING")) and not sheet.thousands:
        _refuse_thousands(name, given, where)
    if declared:
        return declared
    numbers = bool(sheet.thousands) and all(_is_number(cell, sheet.thousands) for _, cell in given)
    kind = ""
    for _, cell in given:
        kind = _wider(kind, "DOUBLE" if numbers else _type_of(cell))
    return kind


def _refuse_thousands(name: str, given: Sequence[tuple[int, object]], where: str) -> None:
    texts = [(row, cell) for row, cell in given if isinstance(cell, str)]
    first = next(((row, cell) for row, cell in texts if _THOUSANDS.fullmatch(cell.strip())), None)
    if first is None or not all(_THOUSANDS.fullmatch(c.strip()) or _NUMBER.fullmatch(c.strip()) for _, c in texts):
        return
    if any(not isinstance(cell, str | int | float) for _, cell in given):
        return
    raise _failed(
        f"column {name}, row {first[0]}: {first[1]!r} is a text, not a number",
        where,
        "set thousands of this table to the sign between thousands, or declare the column as VARCHAR under types",
    )


def _is_number(cell: object, thousands: str | None) -> bool:
    if isinstance(cell, str):
        return bool(_NUMBER.fullmatch(cell.strip().replace(thousands or "", "")))
    return isinstance(cell, int | float) and not isinstance(cell, bool)


def _type_of(cell: object) -> str:
    match cell:
        case bool():
            return "BOOLEAN"
        case int() | float():
            return "BIGINT" if float(cell).is_integer() and abs(cell) < _EXACT else "DOUBLE"
        case datetime():
            return "TIMESTAMP"
        case date():
            return "DATE"
        case time():
            return "TIME"
    return "VARCHAR"


def _wider(first: str | None, second: str) -> str:
    if not first or not second or first == second:
        return first or second
    return _WIDER.get(frozenset({first, second}), "VARCHAR")


def _write(path: Path, skipped: int, rows: Iterator[Cells]) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        file.write("-\n" * skipped)
        csv.writer(file, quoting=csv.QUOTE_ALL, lineterminator="\n").writerows(map(_text, row) for row in rows)


def _text(cell: object) -> str:
    match cell:
        case None:
            return ""
        case bool():
            return str(cell).lower()
        case float():
            return str(int(cell)) if cell.is_integer() and abs(cell) < _EXACT else repr(cell)
        case datetime():
            return cell.isoformat(" ")
    return str(cell)


def _failed(problem: str, where: str, fix: str) -> SourceFailed:
    return SourceFailed(problem, retryable=False, where=where, fix=fix)

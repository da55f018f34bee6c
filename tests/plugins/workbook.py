"""A small .xlsx made by hand: what Excel writes, as far as a reader looks at it."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from pathlib import Path
from xml.sax.saxutils import escape

Cell = str | int | float | bool | date | datetime | None
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_DOCUMENT = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_FIRST = date(1899, 12, 30)  # what day numbers count from
_STYLES = (
    f'<styleSheet xmlns="{_MAIN}"><cellXfs count="3"><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="22"/>'
    "</cellXfs></styleSheet>"
)


def write_workbook(path: Path, sheets: Mapping[str, Sequence[Sequence[Cell]]]) -> Path:
    """Texts that begin with # and end with ! or A are errors of a formula, as #DIV/0! and #N/A."""
    names = list(sheets)
    entries = "".join(f'<sheet name="{escape(n)}" sheetId="{i}" r:id="r{i}"/>' for i, n in enumerate(names, 1))
    links = "".join(
        f'<Relationship Id="r{i}" Type="{_DOCUMENT}/worksheet" Target="worksheets/sheet{i}.xml"/>'
        for i in range(1, len(names) + 1)
    )
    styles = f'<Relationship Id="s" Type="{_DOCUMENT}/styles" Target="styles.xml"/>'
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("[Content_Types].xml", f'<Types xmlns="{_PACKAGE}/content-types"/>')
        archive.writestr("xl/styles.xml", _STYLES)
        root = f'<Relationship Id="r" Type="{_DOCUMENT}/officeDocument" Target="xl/workbook.xml"/>'
        archive.writestr("_rels/.rels", f'<Relationships xmlns="{_PACKAGE}/relationships">{root}</Relationships>')
        archive.writestr(
            "xl/workbook.xml", f'<workbook xmlns="{_MAIN}" xmlns:r="{_DOCUMENT}"><sheets>{entries}</sheets></workbook>'
        )
        archive.writestr(
            "xl/_rels/workbook.xml.rels",
            f'<Relationships xmlns="{_PACKAGE}/relationships">{links}{styles}</Relationships>',
        )
        for i, name in enumerate(names, 1):
            rows = "".join(_row(number, cells) for number, cells in enumerate(sheets[name], 1))
            archive.writestr(
                f"xl/worksheets/sheet{i}.xml", f'<worksheet xmlns="{_MAIN}"><sheetData>{rows}</sheetData></worksheet>'
            )
    return path


def _row(number: int, cells: Sequence[Cell]) -> str:
    inner = "".join(_cell(f"{chr(65 + i)}{number}", cell) for i, cell in enumerate(cells) if cell is not None)
    return f'<row r="{number}">{inner}</row>'


def _cell(place: str, cell: Cell) -> str:
    if isinstance(cell, bool):
        return f'<c r="{place}" t="b"><v>{int(cell)}</v></c>'
    if isinstance(cell, date):  # a datetime is one
        is_time = isinstance(cell, datetime)
        days = cell - datetime.combine(_FIRST, time()) if isinstance(cell, datetime) else cell - _FIRST
        return f'<c r="{place}" s="{2 if is_time else 1}"><v>{days.total_seconds() / 86400!r}</v></c>'
    if isinstance(cell, int | float):
        return f'<c r="{place}"><v>{cell!r}</v></c>'
    if cell is not None and cell.startswith("#") and cell.endswith(("!", "A")):
        return f'<c r="{place}" t="e"><v>{cell}</v></c>'
    return f'<c r="{place}" t="inlineStr"><is><t xml:space="preserve">{escape(cell or "")}</t></is></c>'

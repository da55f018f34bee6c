"""Any of the formats, from files to definitions."""

from __future__ import annotations

from collections.abc import Sequence

from metricloop.define.imports.blocks import Block, root
from metricloop.define.imports.cube import import_cube
from metricloop.define.imports.dbt import import_dbt
from metricloop.define.imports.lightdash import import_lightdash
from metricloop.define.imports.model import ForeignFile, Format, Imported, Unmapped
from metricloop.define.imports.ossie import import_ossie
from metricloop.define.imports.report import Report
from metricloop.define.imports.settling import settle
from metricloop.define.imports.sheet import Sheet
from metricloop.define.imports.tables import SOURCE
from metricloop.define.model import Document
from metricloop.define.shape_issues import shape
from metricloop.kernel.errors import InvalidInput

_SEVERAL = {Format.CUBE: import_cube, Format.OSSIE: import_ossie, Format.LIGHTDASH: import_lightdash}


def import_files(form: Format, files: Sequence[ForeignFile], *, source: str | None = None) -> Imported:
    """Datasets and metrics in our words, and what did not come over. source: which of our sources holds the tables.

    Raises InvalidInput when no file is of the format; whatever is wrong inside is a finding. Reads nothing, checks
    nothing against a project or a source.
    """
    report, sheet = Report(), Sheet()
    found = _roots(files, report)
    if not found:
        fix = "name a file of the format that you import"
        raise InvalidInput("no file holds a set of keys", where=files[0].name if files else "", fix=fix)
    try:
        if form is Format.DBT:
            for one in found:
                import_dbt(one, sheet, report, source or SOURCE)
        else:
            _SEVERAL[form](found, sheet, report, source or SOURCE)
    except Unmapped as reason:
        raise InvalidInput(reason.problem, where=files[0].name if files else "", fix=reason.fix) from reason
    settle(sheet, report)
    documents = [one for one in sheet.documents() if _fits(one, report)]
    return Imported(tuple(documents), report.findings())


def _fits(document: Document, report: Report) -> bool:
    """Whether a definition is one that can be read back; what a file carries in our own words need not be."""
    _, wrong = shape(document)
    for one in wrong:
        report.left_out(one.where, f"{document.kind} {document.name}", Unmapped(one.problem, one.fix))
    return not wrong


def _roots(files: Sequence[ForeignFile], report: Report) -> list[Block]:
    found = []
    for file in files:
        try:
            found.append(root(file, report))
        except Unmapped as reason:
            report.left_out(file.name, "file", reason)
    return found

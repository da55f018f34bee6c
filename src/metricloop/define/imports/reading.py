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
from metricloop.define.model import Document, Kind
from metricloop.define.shape_issues import shape
from metricloop.define.sql_select import check_select
from metricloop.define.sql_text import Refused
from metricloop.kernel.errors import InvalidInput

_SEVERAL = {Format.CUBE: import_cube, Format.OSSIE: import_ossie, Format.LIGHTDASH: import_lightdash}
_DIALECTS = ("postgres", "duckdb", "mysql", "snowflake", "bigquery")


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
    return Imported(_complete(documents, report), report.findings())


def _complete(documents: Sequence[Document], report: Report) -> tuple[Document, ...]:
    """Without metrics whose dataset or inputs were left out: they would be about nothing."""
    names = {kind: {one.name for one in documents if one.kind is kind} for kind in (Kind.DATASET, Kind.METRIC)}
    kept: list[Document] = []
    for one in documents:
        needs = {str(one.body["dataset"])} if one.kind is Kind.METRIC and "dataset" in one.body else set()
        inputs = {str(other["name"]) for other in one.body.get("input_metrics", [])}
        missing = sorted((needs - names[Kind.DATASET]) | (inputs - names[Kind.METRIC]))
        if missing:
            reason = Unmapped(f"it needs {', '.join(missing)}, which is left out", "see there")
            report.left_out("", f"{one.kind} {one.name}", reason)
        else:
            kept.append(one)
    return tuple(kept) if len(kept) == len(documents) else _complete(kept, report)


def _fits(document: Document, report: Report) -> bool:
    """Whether a definition is one that can be read back; what a file carries in our own words need not be."""
    about = f"{document.kind} {document.name}"
    _, wrong = shape(document)
    for one in wrong:
        report.left_out(one.where, about, Unmapped(one.problem, one.fix))
    refused = _refused(document.body.get("sql")) if document.kind is Kind.DATASET else None
    if refused is not None:
        report.left_out("", about, Unmapped(f"its sql: {refused.problem}", refused.fix))
    return not wrong and refused is None


def _refused(sql: object) -> Refused | None:
    """Why a query may not be a dataset. Its source is not known yet: one dialect that takes it is enough, for it is
    looked at again before it is sent."""
    reason = None
    for dialect in _DIALECTS if isinstance(sql, str) else ():
        try:
            check_select(str(sql), dialect)
        except Refused as error:
            reason = reason or error
        else:
            return None
    return reason


def _roots(files: Sequence[ForeignFile], report: Report) -> list[Block]:
    found = []
    for file in files:
        try:
            found.append(root(file, report))
        except Unmapped as reason:
            report.left_out(file.name, "file", reason)
    return found

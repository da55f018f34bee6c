"""Setup: from new data to first definitions. Nothing goes live here; that is what publishing definitions is for."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.concurrency import run_in_threadpool

from metricloop.api.auth import Running, Steward
from metricloop.api.edits import sent
from metricloop.api.reads.viewpoint import look
from metricloop.api.schemas.definitions import IssueRow
from metricloop.api.schemas.setup import (
    FirstNumbers,
    FirstNumbersBody,
    SetupSourceAnswer,
    SetupSourceBody,
    SourceForm,
    SuggestBody,
    Suggestion,
)
from metricloop.api.schemas.sources import SourceBody
from metricloop.api.views.answers import metric_answer
from metricloop.api.views.setup import form, source_body, suggestion
from metricloop.define import use_cases as define
from metricloop.define.model import Document, Kind, Source
from metricloop.define.shape_issues import shape
from metricloop.define.starter import starter_for
from metricloop.define.starter_columns import free_name
from metricloop.kernel.errors import InvalidInput, InvalidProject, SourceFailed
from metricloop.kernel.message import Text

router = APIRouter(prefix="/setup", tags=["setup"])

IN_MEMORY = 8 * 1_048_576
_FILE = {"requestBody": {"required": True, "content": {"application/octet-stream": {"schema": {"type": "string"}}}}}


@router.get("/forms")
def forms(caller: Steward, system: Running) -> list[SourceForm]:
    """Databases that can be added, and the fields of each."""
    return [form(name, summary, fields) for name, (summary, fields) in system.setup.forms().items()]


@router.post("/sources")
def try_source(body: SetupSourceBody, caller: Steward, system: Running) -> SetupSourceAnswer:
    """Test a connection. What was typed as a secret is kept on the server, in a file that only it reads."""
    unknown = set(body.secrets) & set(body.options)
    if unknown:
        raise InvalidInput(f"{min(unknown)} is given twice", fix="send it either as an option or as a secret")
    kept = {name: system.setup.keep_secret(f"{body.name}.{name}", text) for name, text in body.secrets.items()}
    source = _source(SourceBody(name=body.name, plugin=body.plugin, options={**body.options, **kept}))
    try:
        return SetupSourceAnswer(ok=True, source=source_body(source), tables=list(system.setup.tables(source)))
    except SourceFailed as error:
        return SetupSourceAnswer(ok=False, source=source_body(source), problem=error.problem, fix=error.fix)


@router.post("/uploads", openapi_extra=_FILE)
async def upload(
    request: Request, name: Annotated[str, Query(min_length=1, max_length=200)], caller: Steward, system: Running
) -> SetupSourceAnswer:
    """Keep a file, of at most 100 MB, on the server. What it is, is told by its content and not by its name."""
    with tempfile.SpooledTemporaryFile(IN_MEMORY) as file:
        async for block in request.stream():
            await run_in_threadpool(file.write, block)
        file.seek(0)
        source = await run_in_threadpool(system.setup.keep_upload, name, file)
    return SetupSourceAnswer(ok=True, source=source_body(source), tables=list(source.options["tables"]))


@router.post("/suggest")
def suggest(body: SuggestBody, caller: Steward, system: Running) -> Suggestion:
    """First definitions for a table, each with its reason. They propose; a person decides."""
    source, table = system.setup.look(_source(body.source), body.table)
    if not table.rows:
        raise InvalidInput(f"the table {body.table} has no rows", fix="choose a table, or a file, that has rows")
    project = system.project()
    known = project.sources.get(source.name)
    if known is not None and (known.plugin, known.options) != (source.plugin, source.options):
        source = replace(source, name=free_name(source.name, project.sources))
    starter = starter_for(
        body.table,
        table.columns,
        table.rows,
        source=source.name,
        owner=caller.person.id,
        zone=body.timezone or project.timezone.key,
        time=body.time,
        currency=body.currency,
        taken={*project.datasets, *project.metrics},
    )
    return suggestion(source, starter, table)


@router.post("/preview")
def preview(body: FirstNumbersBody, caller: Steward, system: Running) -> FirstNumbers:
    """The last numbers of these metrics as they will be collected, before anything is published."""
    found = sent(body.edits)
    with look(system, caller) as (unit, _):
        documents = () if found.issues else define.with_edits(unit, found.edits)
    checked = define.check_documents(documents, plugins=system.workshop.plugins())
    issues: list[IssueRow] = [*found.issues, *([] if found.issues else map(found.row, checked.issues))]
    if issues or checked.project is None:
        return FirstNumbers(issues=issues, numbers={})
    project = checked.project
    names = [edit.name for edit in found.edits if edit.kind is Kind.METRIC and edit.body is not None]
    answers = system.setup.numbers(project, names)
    shown = {name: one and metric_answer(one, project.metric(name)) for name, one in answers.items()}
    return FirstNumbers(issues=[], numbers=shown)


def _source(body: SourceBody) -> Source:
    written = {"name": body.name, "plugin": body.plugin, "options": body.options}
    _, issues = shape(Document(Kind.SOURCE, body.name, written, where=f"source {body.name}"))
    if issues:
        raise InvalidProject(issues)
    return Source(body.name, body.plugin, Text(), body.options)

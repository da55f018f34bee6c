"""Sources: are their data there in time, what have they to read from, would a new one answer."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query

from metricloop.api.auth import Reader, Running, Steward
from metricloop.api.reads import loop as reads
from metricloop.api.reads.viewpoint import look
from metricloop.api.schemas.loop import SourceRow
from metricloop.api.schemas.sources import (
    ColumnRow,
    ColumnsAnswer,
    SourceBody,
    SourcePage,
    TablesAnswer,
    TrialAnswer,
)
from metricloop.api.views.collection import source_page, source_row
from metricloop.define.model import Document, Kind, Source
from metricloop.define.project import Project
from metricloop.define.shape_issues import shape
from metricloop.kernel.errors import InvalidProject, NotFound, SourceFailed
from metricloop.kernel.message import Text

router = APIRouter(prefix="/sources", tags=["sources"])

Name = Annotated[str, Path(max_length=200)]


@router.get("")
def sources(caller: Reader, system: Running) -> list[SourceRow]:
    """Where data come from, and whether they arrive in time."""
    with look(system, caller) as (unit, view):
        states = reads.source_states(unit, view.project, view.now)
    return [source_row(state, view) for state in states]


@router.post("/test")
def test_source(body: SourceBody, caller: Steward, system: Running) -> TrialAnswer:
    """Open a source as it would be defined, ask what it has, and close it again. Nothing is kept."""
    written = {"name": body.name, "plugin": body.plugin, "options": body.options}
    _, issues = shape(Document(Kind.SOURCE, body.name, written, where=f"source {body.name}"))
    if issues:
        raise InvalidProject(issues)
    source = Source(body.name, body.plugin, Text(), body.options)
    try:
        return TrialAnswer(ok=True, tables=list(system.workshop.try_out(source)))
    except SourceFailed as error:
        return TrialAnswer(ok=False, problem=error.problem, fix=error.fix)


@router.get("/{name}")
def source(name: Name, caller: Reader, system: Running) -> SourcePage:
    """One source: its health, its datasets, and how it is written."""
    with look(system, caller) as (unit, view):
        _known(view.project, name)
        [state] = [each for each in reads.source_states(unit, view.project, view.now) if each.source.name == name]
        live = unit.definitions.newest(Kind.SOURCE, name)
        return source_page(state, live.body if live else {}, view)


@router.get("/{name}/tables")
def source_tables(name: Name, caller: Reader, system: Running) -> TablesAnswer:
    """What it has to read from, asked of the source itself; none where its plugin cannot tell."""
    found = _known(system.project(), name)
    return TablesAnswer(tables=list(system.workshop.tables(found)))


@router.get("/{name}/columns")
def source_columns(
    name: Name, table: Annotated[str, Query(min_length=1, max_length=300)], caller: Reader, system: Running
) -> ColumnsAnswer:
    """The columns of one table with their types, in the source's own words."""
    found = _known(system.project(), name)
    columns = system.workshop.columns(found, table)
    return ColumnsAnswer(table=table, columns=[ColumnRow(name=column, type=type_) for column, type_ in columns.items()])


def _known(project: Project, name: str) -> Source:
    found = project.sources.get(name)
    if found is None:
        raise NotFound(f"there is no source {name!r}", fix=f"known: {', '.join(sorted(project.sources)) or 'none'}")
    return found

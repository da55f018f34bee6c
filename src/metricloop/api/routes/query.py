"""Questions to metrics, answered from their sources now; and the tree of what drives a metric."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query, Response

from metricloop.access.model import Caller
from metricloop.api.auth import Reader, Running
from metricloop.api.ports import System
from metricloop.api.schemas.metrics import Grain as GrainWord
from metricloop.api.schemas.query import MetricAnswer, MetricTree, QueryBody, SentQuery
from metricloop.api.schemas.shared import Line
from metricloop.api.views.answers import as_csv, metric_answer, metric_tree
from metricloop.collect.query import answer, statements
from metricloop.collect.query_defaults import Written, query_of
from metricloop.collect.tree import read_tree
from metricloop.define.sight import Sight
from metricloop.kernel.grain import Grain

router = APIRouter(prefix="/metrics", tags=["metrics"])

MOST_ROWS = 100_000  # in one answer; more are refused, never cut

Name = Annotated[str, Path(max_length=200)]
Form = Annotated[Literal["json", "csv", "sql"], Query(description="csv: a table; sql: what would be sent, unsent")]
By = Annotated[list[Line] | None, Query(description="dimensions to split by")]
Where = Annotated[str | None, Query(max_length=2000, description="only rows for which this holds: region = 'East'")]
From = Annotated[Line | None, Query(alias="from", description="date or time; without an offset in the metric's zone")]
To = Annotated[Line | None, Query(alias="to", description="not included; by default the bucket that is running")]
GrainText = Annotated[Line | None, Query(description="hour, day, week, month, quarter or year")]


@router.get("/{name}/query", response_model=MetricAnswer | list[SentQuery])
def query(
    name: Name,
    caller: Reader,
    system: Running,
    by: By = None,
    where: Where = None,
    start: From = None,
    end: To = None,
    grain: GrainText = None,
    format: Form = "json",
) -> MetricAnswer | list[SentQuery] | Response:
    """The metric from its sources, now: the last 14 days by default. `format`: json, csv, or the sql that is sent."""
    return _answered(system, caller, Written(name, tuple(by or ()), where, start, end, grain), format)


@router.post("/{name}/query", response_model=MetricAnswer | list[SentQuery])
def ask(
    name: Name, body: QueryBody, caller: Reader, system: Running, format: Form = "json"
) -> MetricAnswer | list[SentQuery] | Response:
    """The same with the question in the body, for long predicates."""
    return _answered(
        system, caller, Written(name, tuple(body.by), body.where, body.start, body.end, body.grain), format
    )


@router.get("/{name}/tree")
def tree(name: Name, caller: Reader, system: Running, grain: GrainWord | None = None) -> MetricTree:
    """What drives the metric, level by level: values now and before, and by how much each formula misses its metric."""
    project = system.project()
    metric, sight = project.metric(name), Sight(project, caller.person)
    step = Grain(grain) if grain else None
    found = read_tree(system.sources, project, metric, system.clock.now(), step, sight)
    return metric_tree(found, project)


def _answered(system: System, caller: Caller, written: Written, form: str) -> MetricAnswer | list[SentQuery] | Response:
    """Everything is narrowed to the rows that the caller may see, totals included."""
    project = system.project()
    metric = project.metric(written.metric)
    rows = Sight(project, caller.person).rows(metric.name)
    restriction = rows.predicate() if rows else None
    asked = query_of(project, written, system.clock.now(), MOST_ROWS)
    if form == "sql":
        sent = statements(system.sources, project, asked, restriction)
        return [SentQuery(source=one.source, dialect=one.dialect, sql=one.sql) for one in sent]
    found = answer(system.sources, project, asked, restriction)
    if form == "csv":
        name = f'attachment; filename="{metric.name}.csv"'
        return Response(as_csv(found), media_type="text/csv; charset=utf-8", headers={"Content-Disposition": name})
    return metric_answer(found, metric)

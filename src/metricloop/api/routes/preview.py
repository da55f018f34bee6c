"""The numbers of a metric as it would be defined, before it is published."""

from __future__ import annotations

from fastapi import APIRouter

from metricloop.api.auth import Editor, Running
from metricloop.api.edits import sent
from metricloop.api.reads.viewpoint import look
from metricloop.api.schemas.preview import PreviewAnswer, PreviewBody
from metricloop.api.views.answers import metric_answer
from metricloop.collect.query import answer, statements
from metricloop.collect.query_defaults import Written, query_of
from metricloop.define import use_cases as define
from metricloop.define.publishing import Publisher, require_publisher
from metricloop.define.rules import read_project
from metricloop.define.sight import Sight
from metricloop.kernel.errors import SourceFailed

router = APIRouter(prefix="/definitions", tags=["definitions"])

MOST_ROWS = 5_000


@router.post("/preview")
def preview(body: PreviewBody, caller: Editor, system: Running) -> PreviewAnswer:
    """What `metric` would read if these were published: the last 14 days, from the source, now. Keeps nothing.

    Who may not publish them may not read by them either, and sees no more rows than after publishing.
    """
    found = sent(body.edits)
    if found.issues:
        return PreviewAnswer(issues=found.issues)
    plugins = system.workshop.plugins()
    with look(system, caller) as (unit, _):
        documents = define.with_edits(unit, found.edits)
        issues = define.check_documents(documents, plugins=plugins).issues
        if issues:
            return PreviewAnswer(issues=[found.row(each) for each in issues])
        told = define.plan_edits(unit, found.edits, publisher=Publisher(caller.person, caller.roles), plugins=plugins)
        require_publisher(told.refusals, define.current_project(unit))
    project = read_project(documents, plugins=plugins)
    metric = project.metric(body.metric)
    rows = Sight(project, caller.person).rows(metric.name)
    restriction = rows.predicate() if rows else None
    query = query_of(project, Written(metric.name, grain=body.grain), system.clock.now(), MOST_ROWS)
    try:
        sql = [each.sql for each in statements(system.sources, project, query, restriction)]
        numbers = answer(system.sources, project, query, restriction)
    except SourceFailed as error:
        return PreviewAnswer(problem=error.problem, fix=error.fix)
    return PreviewAnswer(numbers=metric_answer(numbers, metric), sql=sql)

"""Ask a metric, now, from its sources."""

from __future__ import annotations

from metricloop.collect.evaluate import Answer, evaluate
from metricloop.collect.ports import SourceReader
from metricloop.collect.query_plan import Query, plan_query
from metricloop.define.project import Project


def answer(reader: SourceReader, project: Project, query: Query, restriction: str | None = None) -> Answer:
    """The metric's numbers. Writes nothing; keep it out of a transaction, for a source may be slow.

    restriction: a predicate over dimensions beyond which the asker may see no row; totals are narrowed by it, too.
    Raises InvalidInput, NotFound, SourceFailed.
    """
    plan = plan_query(project, query, restriction)
    return evaluate(plan, [reader.read(reading) for reading in plan.readings])

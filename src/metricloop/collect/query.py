"""Ask a metric, now, from its sources; or only say what they would be asked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from metricloop.collect.evaluate import Answer, evaluate
from metricloop.collect.model import Reading
from metricloop.collect.ports import SourceReader
from metricloop.collect.query_plan import Query, plan_query
from metricloop.define.project import Project


@dataclass(frozen=True, slots=True)
class Sent:
    """What is sent to one source: a statement in its own dialect."""

    source: str
    dialect: str
    sql: str


class Compiler(Protocol):
    """Knows each source's dialect."""

    def compiled(self, reading: Reading) -> tuple[str, str]:
        """(dialect, statement), exactly as `read` would send it. Raises SourceFailed."""
        ...


class Askable(SourceReader, Compiler, Protocol):
    """Sources that can be asked, and that can say what they would be asked."""


def answer(reader: SourceReader, project: Project, query: Query, restriction: str | None = None) -> Answer:
    """The metric's numbers. Writes nothing; keep it out of a transaction, for a source may be slow.

    restriction: a predicate over dimensions beyond which the asker may see no row; totals are narrowed by it, too.
    Raises InvalidInput, NotFound, SourceFailed.
    """
    plan = plan_query(project, query, restriction)
    return evaluate(plan, [reader.read(reading) for reading in plan.readings])


def statements(compiler: Compiler, project: Project, query: Query, restriction: str | None = None) -> list[Sent]:
    """What `answer` would send, in its order. Sends nothing."""
    plan = plan_query(project, query, restriction)
    return [Sent(reading.source.name, *compiler.compiled(reading)) for reading in plan.readings]

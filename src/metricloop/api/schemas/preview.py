"""A look at the numbers of a metric before it is published."""

from __future__ import annotations

from metricloop.api.schemas.definitions import EditsBody, IssueRow
from metricloop.api.schemas.query import MetricAnswer
from metricloop.api.schemas.shared import Line, Shape


class PreviewBody(EditsBody):
    """Definitions as they would be, and the metric among them whose numbers are wanted."""

    metric: Line
    grain: Line | None = None


class PreviewAnswer(Shape):
    """numbers: null with issues, or where the source did not answer: then `problem` and `fix` are its own words."""

    issues: list[IssueRow] = []
    numbers: MetricAnswer | None = None
    sql: list[str] = []
    problem: str = ""
    fix: str = ""

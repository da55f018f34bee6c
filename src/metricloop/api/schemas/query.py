"""Answers of metrics to questions, and the tree of what drives them."""

from __future__ import annotations

from datetime import datetime

from metricloop.api.schemas.shared import Line, LocalText, Shape, SliceMap, Unit


class AnswerRow(Shape):
    """One bucket of one slice: its begin and end in the metric's zone. value: null where nobody can tell.

    numerator and denominator are those of a ratio, else null.
    """

    bucket: datetime
    end: datetime
    slice: SliceMap
    value: float | None
    numerator: float | None = None
    denominator: float | None = None


class MetricAnswer(Shape):
    """Rows by bucket, then by dimension values in the order of `by`."""

    metric: str
    grain: str
    timezone: str
    unit: Unit
    currency: str | None
    by: list[str]
    rows: list[AnswerRow]


class QueryBody(Shape):
    """A question. start, end: ISO 8601; dates and times without an offset are the metric's own."""

    by: list[Line] = []
    where: str | None = None
    start: Line | None = None
    end: Line | None = None
    grain: Line | None = None


class SentQuery(Shape):
    """What is sent to one source."""

    source: str
    dialect: str
    sql: str


class TreeNode(Shape):
    """A metric and what drives it. value: of the newest whole bucket; before: of the one that it is compared with.

    drivers: the formula over `nodes`. error: |formula - metric| over the metric, all buckets of the window together;
    worst and worst_bucket: of its worst bucket. null: nobody can tell.
    """

    metric: str
    label: LocalText
    unit: Unit
    value: float | None
    before: float | None
    drivers: str | None
    error: float | None
    worst: float | None
    worst_bucket: datetime | None
    nodes: list[TreeNode]


class MetricTree(Shape):
    """The tree of a metric at one grain: `bucket` is the newest whole one, `compared` the one before it that is like
    it (a week earlier for days and hours, the one before for longer grains)."""

    grain: str
    timezone: str
    bucket: datetime
    compared: datetime
    root: TreeNode

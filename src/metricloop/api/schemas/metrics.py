"""Metrics, their series with bands, and the monitors on them."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from metricloop.api.schemas.shared import LocalText, Message, PersonRef, Shape, SliceMap, Unit

Grain = Literal["hour", "day"]
AnyGrain = Literal["hour", "day", "week", "month", "quarter", "year"]
Status = Literal["draft", "certified", "deprecated"]


class SparkPoint(Shape):
    t: datetime
    value: float | None
    lower: float | None = None
    upper: float | None = None
    anomaly: bool = False


class MetricRow(Shape):
    """access: whether the caller sees its numbers, some of its rows alone, or none; then `value` is null."""

    name: str
    label: LocalText
    type: Literal["simple", "ratio", "derived", "cumulative"]
    status: Status
    successor: str | None
    synonyms: dict[str, list[str]]
    access: Literal["all", "rows", "none"]
    teams: list[str]  # that may see it; none: everybody
    dataset: str
    unit: Unit
    level: str
    good_direction: Literal["up", "down", "none"]
    owner: PersonRef | None
    description: LocalText
    value: float | None
    expected: float | None
    at: datetime | None
    spark: list[SparkPoint]
    incidents_open: int


class VersionRow(Shape):
    version: int
    hash: str
    at: datetime
    by: str
    origin: Literal["file", "ui", "proposal", "import"]


class MonitorRow(Shape):
    name: str
    metric: str
    grain: Grain
    slices: list[str]  # dimensions watched; "" is the total
    version: int
    severity: str
    incidents_total: int
    false_alarms: int


class MonitorPage(MonitorRow):
    definition: str  # YAML
    notices: list[Message]
    versions: list[VersionRow]
    proposals: list[str]


class PartRow(Shape):
    """One measure that the metric is made of, as SQL would write it."""

    measure: str
    agg: str
    expr: str
    filter: str | None
    percentile: float | None


class InputRow(Shape):
    """One metric that a derived one reckons with."""

    metric: str
    label: LocalText
    alias: str
    offset: str | None
    offset_to_grain: str | None
    filter: str | None


class DimensionRow(Shape):
    name: str
    label: LocalText
    synonyms: dict[str, list[str]]


class MetricPage(MetricRow):
    formula: LocalText
    words: list[Message]  # the definition in words
    notices: list[Message]  # nothing wrong, but worth knowing: it stands on what is deprecated, who still uses it
    definition: str  # YAML
    hash: str  # what an edit of it names as its parent
    may_publish: bool
    publishers: list[PersonRef]
    expr: str | None  # the formula of a derived one
    drivers: str | None  # the formula of its tree
    parts: list[PartRow]
    inputs: list[InputRow]
    dimensions: list[str]
    dimension_rows: list[DimensionRow]
    rows: list[dict[str, list[str]]]  # to which the caller is narrowed, any of them; none: all
    grains: list[AnyGrain]
    timezone: str
    lateness_s: float
    collected_until: datetime | None
    rereading: bool  # its definition changed, and its history is being read again
    source: str | None
    versions: list[VersionRow]
    monitors: list[MonitorRow]


class NodeRow(Shape):
    id: str
    role: Literal["source", "dataset", "column", "measure", "metric", "monitor", "playbook"]
    name: str
    label: LocalText


class EdgeRow(Shape):
    """An arrow the way the data go: from what is read to what is made of it."""

    start: str
    end: str
    relation: Literal["read", "counted", "filtered", "split", "part", "drives", "watched", "handled"]


class LineagePage(Shape):
    metric: str
    nodes: list[NodeRow]
    edges: list[EdgeRow]


class SeriesPoint(Shape):
    t: datetime
    end: datetime
    value: float | None
    numerator: float | None
    denominator: float | None
    expected: float | None
    lower: float | None
    upper: float | None
    score: float | None
    anomaly: bool


class SpanRow(Shape):
    start: datetime
    end: datetime
    kind: Literal["planned", "incident", "label"]
    text: str


class Series(Shape):
    metric: str
    slice: SliceMap
    grain: AnyGrain
    unit: Unit
    timezone: str
    coverage: float | None
    data_until: datetime | None
    points: list[SeriesPoint]
    spans: list[SpanRow]


class SliceRow(Shape):
    slice: SliceMap
    value: float | None
    expected: float | None
    difference: float | None
    better: bool | None
    anomaly: bool
    spark: list[SparkPoint]

"""Metrics, their series with bands, and the monitors on them."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from metricloop.api.schemas.shared import LocalText, PersonRef, Shape, SliceMap, Unit

Grain = Literal["hour", "day"]


class SparkPoint(Shape):
    t: datetime
    value: float | None
    lower: float | None = None
    upper: float | None = None
    anomaly: bool = False


class MetricRow(Shape):
    name: str
    label: LocalText
    type: Literal["simple", "ratio"]
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
    versions: list[VersionRow]
    proposals: list[str]


class MetricPage(MetricRow):
    formula: LocalText
    definition: str  # YAML
    dimensions: list[str]
    grains: list[Grain]
    timezone: str
    lateness_s: float
    versions: list[VersionRow]
    monitors: list[MonitorRow]


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
    grain: Grain
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

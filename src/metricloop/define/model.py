"""Sources, datasets, measures, metrics, and the versions of every kind of definition."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from metricloop.kernel.grain import Grain
from metricloop.kernel.message import Text


class Kind(StrEnum):
    """The kinds of definition that have versions."""

    PROJECT = "project"
    SOURCE = "source"
    DATASET = "dataset"
    METRIC = "metric"
    MONITOR = "monitor"
    PLAYBOOK = "playbook"
    PERSON = "person"
    ASSIGNMENT = "assignment"
    CHANNEL = "channel"


class Origin(StrEnum):
    """Where a version came from."""

    FILE = "file"
    UI = "ui"
    PROPOSAL = "proposal"
    IMPORT = "import"


@dataclass(frozen=True, slots=True)
class Document:
    """One definition as written: its kind, name, plain body, and where it stands (`metrics.yml:12`).

    places: path in the body (`governance.level`) -> where that stands. parent: the hash of the version that it was
    made from, when the file names it. Both are no part of the definition.
    """

    kind: Kind
    name: str
    body: Mapping[str, Any]
    where: str
    places: Mapping[str, str] = field(default_factory=dict, compare=False, repr=False)
    parent: str | None = None

    def at(self, path: str = "") -> str:
        """Where `path` stands, or the nearest part around it whose place is known."""
        while path and path not in self.places:
            path = path.rpartition(".")[0]
        return self.places.get(path, self.where)


@dataclass(frozen=True, slots=True)
class Version:
    """One version of one definition. `hash` is of the content; `parent` is the hash of the version it replaced."""

    kind: Kind
    name: str
    number: int
    hash: str
    parent: str | None
    origin: Origin
    by: str
    at: datetime
    body: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Source:
    """A place points come from. `plugin` names the source plugin; `options` are its config, checked by the plugin."""

    name: str
    plugin: str
    label: Text
    options: Mapping[str, Any] = field(default_factory=dict)


class Agg(StrEnum):
    COUNT = "count"
    SUM = "sum"


@dataclass(frozen=True, slots=True)
class Measure:
    """One aggregated column of a dataset; `filter` is a SQL predicate over the dataset's columns, or None."""

    name: str
    agg: Agg
    expr: str = "1"
    filter: str | None = None


@dataclass(frozen=True, slots=True)
class Dataset:
    """A table of a source with its time column, dimensions and lateness.

    lateness: how long after a bucket's end its rows are all there. Hours only are read; days are rolled up by zone.
    """

    name: str
    source: str
    table: str
    time_column: str
    timezone: ZoneInfo
    lateness: timedelta
    dimensions: tuple[str, ...]
    measures: tuple[Measure, ...]

    def measure(self, name: str) -> Measure | None:
        return next((m for m in self.measures if m.name == name), None)


class MetricType(StrEnum):
    SIMPLE = "simple"
    RATIO = "ratio"


class Direction(StrEnum):
    """The good direction of a metric: more is better, less is better, or neither."""

    UP = "up"
    DOWN = "down"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Governance:
    """What is ours beyond the formula."""

    owner: str
    level: str
    unit: str
    good_direction: Direction
    minimum_denominator: float = 1.0
    value_of_one: float | None = None  # money per unit of impact, when the team knows it
    currency: str | None = None


@dataclass(frozen=True, slots=True)
class Metric:
    """A named business formula over measures of one dataset.

    simple: `numerator` is the measure, `denominator` is None.
    ratio: numerator / denominator, divided here, never in the source.
    """

    name: str
    type: MetricType
    dataset: str
    numerator: str
    denominator: str | None
    label: Text
    description: Text
    grains: tuple[Grain, ...]
    governance: Governance

    @property
    def is_ratio(self) -> bool:
        return self.type is MetricType.RATIO

"""Sources, metrics, and the versions of every kind of definition. Datasets and measures stand in `dataset`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from metricloop.kernel.grain import Grain
from metricloop.kernel.message import Text
from metricloop.kernel.periods import Period


class Kind(StrEnum):
    """The kinds of definition that have versions."""

    PROJECT = "project"
    SOURCE = "source"
    DATASET = "dataset"
    METRIC = "metric"
    MONITOR = "monitor"
    PLAYBOOK = "playbook"
    PERSON = "person"
    TEAM = "team"
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


class MetricType(StrEnum):
    SIMPLE = "simple"
    RATIO = "ratio"
    DERIVED = "derived"
    CUMULATIVE = "cumulative"


class Direction(StrEnum):
    """The good direction of a metric: more is better, less is better, or neither."""

    UP = "up"
    DOWN = "down"
    NONE = "none"


class Status(StrEnum):
    """How far a definition may be relied on. A deprecated one names its successor, where there is one."""

    DRAFT = "draft"
    CERTIFIED = "certified"
    DEPRECATED = "deprecated"


@dataclass(frozen=True, slots=True)
class Governance:
    """What is ours beyond the formula.

    calendar: a country of the `holidays` library, for days that are unlike others. lateness: how long after a bucket's
    end this metric may be judged, where that is longer than its dataset's. access: teams that may see it; empty: all.
    synonyms: other words that people use for it, by language.
    """

    owner: str
    level: str
    unit: str
    good_direction: Direction
    minimum_denominator: float = 1.0
    value_of_one: float | None = None  # money per unit of impact, when the team knows it
    currency: str | None = None
    calendar: str | None = None
    lateness: timedelta | None = None
    access: tuple[str, ...] = ()
    status: Status = Status.DRAFT
    successor: str | None = None
    synonyms: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class InputMetric:
    """A metric that a derived one reckons with, called `alias` in its formula.

    offset: so long ago ("vs last week"); offset_to_grain: at the start of the day, week or month around.
    filter: a SQL predicate, AND-ed to the input's own.
    """

    name: str
    alias: str
    offset: Period | None = None
    offset_to_grain: Grain | None = None
    filter: str | None = None


@dataclass(frozen=True, slots=True)
class Metric:
    """A named business formula.

    simple: `numerator` names a measure of `dataset`; where its aggregate is an average there is a `denominator` too.
    ratio: numerator / denominator, measures of one dataset, divided here, never in the source.
    derived: `expr` over `inputs`, which may belong to several datasets; `dataset` is the first one's.
    cumulative: measure `numerator` over `window` up to each bucket's end, or since the start of its `grain_to_date`.
    filter: already part of the measures that it names. drivers: a formula over other metrics that gives this one (the
    metric tree). dimensions: the ways to split it.
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
    dimensions: tuple[str, ...] = ()
    expr: str | None = None
    inputs: tuple[InputMetric, ...] = ()
    window: Period | None = None
    grain_to_date: Grain | None = None
    drivers: str | None = None
    additive: bool = True

    @property
    def is_ratio(self) -> bool:
        """Whether its points are a numerator and a denominator that add up, and a rate when divided."""
        return self.denominator is not None

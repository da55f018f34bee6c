"""Datasets: a table, or one SELECT, of a source with its time column, joins, dimensions and measures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from metricloop.kernel.grain import MONDAY, Grain
from metricloop.kernel.message import Text

UTC_ZONE = ZoneInfo("UTC")


class Agg(StrEnum):
    """How a measure makes one number of many rows."""

    COUNT = "count"
    SUM = "sum"
    COUNT_DISTINCT = "count_distinct"
    MIN = "min"
    MAX = "max"
    AVERAGE = "average"
    MEDIAN = "median"
    PERCENTILE = "percentile"

    @property
    def additive(self) -> bool:
        """Whether the numbers of parts may be added to that of the whole. Anything else is asked for anew."""
        return self in (Agg.COUNT, Agg.SUM)


@dataclass(frozen=True, slots=True)
class Measure:
    """One aggregated column of a dataset; `filter` is a SQL predicate over the dataset's columns, or None.

    percentile: 0 to 1, for agg percentile alone; continuous, between two rows. implied: made of a metric's words.
    """

    name: str
    agg: Agg
    expr: str = "1"
    filter: str | None = None
    percentile: float | None = None
    implied: bool = False


@dataclass(frozen=True, slots=True)
class Join:
    """A table beside the fact table, many to one: each row of the fact has at most one partner.

    on: column of the fact table -> column of the joined one, which together are unique there. A row without partner
    keeps its place, with NULL in the joined columns.
    """

    name: str
    table: str
    on: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Dimension:
    """A way to split a dataset: a column of the fact table, of a joined table, or an expression over the fact table."""

    name: str
    column: str | None = None
    join: str | None = None
    expr: str | None = None
    label: Text = Text()
    synonyms: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Quality:
    """What stops a verdict on unready data. freshness: how old the newest row may be; None: learnt, never below a day.

    The others switch a check off. `key` of the dataset must be known for duplicates.
    """

    freshness: timedelta | None = None
    completeness: bool = True
    drift: bool = True
    nulls: bool = True
    duplicates: bool = True


@dataclass(frozen=True, slots=True)
class Dataset:
    """A table (or `sql`, one SELECT) of a source with its time column, dimensions and lateness.

    grain: the finest step of its rows. lateness: how long after a bucket's end its rows are all there. overlap: how far
    before the watermark is read again each time. time_column_zone: the zone of times that carry none. `dimensions` are
    names; `dimension` says what is behind one. owner: who answers for the data; None: the project's fallback.
    """

    name: str
    source: str
    table: str
    time_column: str
    timezone: ZoneInfo
    lateness: timedelta
    dimensions: tuple[str, ...]
    measures: tuple[Measure, ...]
    sql: str | None = None
    label: Text = Text()
    description: Text = Text()
    owner: str | None = None
    time_column_zone: ZoneInfo = UTC_ZONE
    week_start: int = MONDAY
    grain: Grain = Grain.HOUR
    overlap: timedelta = timedelta(0)
    updated_column: str | None = None
    key: tuple[str, ...] = ()
    joins: tuple[Join, ...] = ()
    details: tuple[Dimension, ...] = ()
    quality: Quality = Quality()

    def measure(self, name: str) -> Measure | None:
        return next((m for m in self.measures if m.name == name), None)

    def dimension(self, name: str) -> Dimension | None:
        """What is behind a dimension: a plain column of the fact table where nothing else is said."""
        if name not in self.dimensions:
            return None
        return next((d for d in self.details if d.name == name), Dimension(name, column=name))

    def join(self, name: str) -> Join | None:
        return next((j for j in self.joins if j.name == name), None)

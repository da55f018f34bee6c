"""Times that carry no zone: what a clock on a wall showed, and the instants that it showed them at.

When clocks are put back, one hour is shown twice, and the rows of both stand at the first of the two; the second has
none. When they are put forward, an hour is never shown; rows that claim it stand in the hour after it. So every row is
in exactly one hour, and local days, weeks and months are not touched.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from metricloop.kernel.clock import utc
from metricloop.kernel.grain import HOUR, Grain, floor, hour_offset

_SECOND = timedelta(seconds=1)


@lru_cache(maxsize=65536)
def wall_bound(at: datetime, zone: ZoneInfo) -> datetime:
    """The naive time in `zone` from which rows belong to the instant `at` or later. Never goes back as `at` goes on."""
    at = utc(at)
    local = at.astimezone(zone)
    if local.fold:
        return _latest_shown(at, zone)
    before = (at - _SECOND).astimezone(zone)
    skipped = (local.utcoffset() or timedelta()) - (before.utcoffset() or timedelta())
    wall = local.replace(tzinfo=None)
    return wall - skipped if skipped > timedelta() else wall


def early_wall(at: datetime, zone: ZoneInfo) -> datetime:
    """A naive time in `zone` that is not after any of those at which rows of `at` or later may stand."""
    return min(wall_bound(at, zone), at.astimezone(zone).replace(tzinfo=None))


def hour_of_wall(wall: datetime, zone: ZoneInfo, days: ZoneInfo) -> datetime:
    """The hour, as `days` counts hours, in which a row with this naive time of `zone` belongs."""
    return floor(wall.replace(tzinfo=zone), Grain.HOUR, days)


def instant_of(at: datetime, zone: ZoneInfo) -> datetime:
    """A time as a source has it, in UTC: one without a zone is a time of `zone`."""
    return utc(at if at.tzinfo is not None else at.replace(tzinfo=zone))


def shifts(start: datetime, end: datetime, zone: ZoneInfo, days: ZoneInfo) -> frozenset[timedelta]:
    """How long after the full hours of `zone`'s clock those of `days` begin, within [start, end).

    More than one where a clock is moved by half an hour (Australia/Lord_Howe).
    """
    found = set()
    at = utc(start)
    while at <= utc(end):
        offset = at.astimezone(zone).utcoffset() or timedelta()
        found.add((hour_offset(days) + offset) % HOUR)
        at += timedelta(days=1)
    return frozenset(found)


def _latest_shown(at: datetime, zone: ZoneInfo) -> datetime:
    """The end of the hour that is shown twice, when `at` lies in its second showing."""
    after = at.astimezone(zone).utcoffset() or timedelta()
    last, first = at, at - timedelta(hours=24)  # the clocks were put back in (first, last]
    while last - first > _SECOND:
        middle = first + (last - first) // 2
        if (middle.astimezone(zone).utcoffset() or timedelta()) == after:
            last = middle
        else:
            first = middle
    before = first.astimezone(zone).utcoffset() or timedelta()
    moment = last.replace(microsecond=0, tzinfo=UTC)
    return (moment + before).replace(tzinfo=None)

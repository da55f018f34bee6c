"""Time steps: hours in UTC, everything longer by the calendar of a zone (a day may have 23 or 25 hours).

Does not know holidays or fiscal years.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from functools import cache
from zoneinfo import ZoneInfo

from metricloop.kernel.clock import utc
from metricloop.kernel.errors import InvalidInput

HOUR = timedelta(hours=1)
MONDAY = 0


class Grain(StrEnum):
    """The step at which a metric's values mean something, from the shortest to the longest."""

    HOUR = "hour"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"

    @property
    def rank(self) -> int:
        return _ORDER[self]


_ORDER = {grain: at for at, grain in enumerate(Grain)}
_MONTHS = {Grain.MONTH: 1, Grain.QUARTER: 3, Grain.YEAR: 12}


@cache
def hour_offset(zone: ZoneInfo) -> timedelta:
    """How long after UTC's the zone's full hours begin: 30 minutes in Asia/Kolkata, 15 in Asia/Kathmandu, mostly 0.

    Where a zone moves its clocks by half an hour (Australia/Lord_Howe), January's; half its days no full hours fill.
    """
    offset = datetime(2026, 1, 1, tzinfo=zone).utcoffset() or timedelta()
    return -offset % HOUR


def floor(at: datetime, grain: Grain, zone: ZoneInfo, week_start: int = MONDAY) -> datetime:
    """Start, in UTC, of the bucket that holds `at`. week_start: 0 is Monday, 6 Sunday. Hours are the zone's own."""
    if grain is Grain.HOUR:
        offset = hour_offset(zone)
        return (utc(at) - offset).replace(minute=0, second=0, microsecond=0) + offset
    return _midnight(_first_day(at.astimezone(zone).date(), grain, week_start), zone)


def after(start: datetime, grain: Grain, zone: ZoneInfo, week_start: int = MONDAY) -> datetime:
    """Start, in UTC, of the bucket after the one that holds `start`."""
    if grain is Grain.HOUR:
        return floor(start, grain, zone) + HOUR
    day = _first_day(start.astimezone(zone).date(), grain, week_start)
    return _midnight(_next_first_day(day, grain), zone)


def before(start: datetime, grain: Grain, zone: ZoneInfo, week_start: int = MONDAY) -> datetime:
    """Start, in UTC, of the bucket before the one that starts at `start`."""
    return floor(utc(start) - timedelta(seconds=1), grain, zone, week_start)


def buckets(start: datetime, end: datetime, grain: Grain, zone: ZoneInfo, week_start: int = MONDAY) -> list[datetime]:
    """Starts of all buckets that begin in [start, end), oldest first."""
    found: list[datetime] = []
    at = floor(start, grain, zone, week_start)
    if at < utc(start):
        at = after(at, grain, zone, week_start)
    while at < utc(end):
        found.append(at)
        at = after(at, grain, zone, week_start)
    return found


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC)


def _first_day(day: date, grain: Grain, week_start: int) -> date:
    if grain is Grain.WEEK:
        return day - timedelta(days=(day.weekday() - week_start) % 7)
    if grain in _MONTHS:
        months = _MONTHS[grain]
        return day.replace(month=(day.month - 1) // months * months + 1, day=1)
    return day


def _next_first_day(first: date, grain: Grain) -> date:
    if grain in _MONTHS:
        return months_after(first, _MONTHS[grain])
    return first + timedelta(days=7 if grain is Grain.WEEK else 1)


def months_after(day: date, months: int) -> date:
    """The same day of another month; the last one where that month is shorter. `months` may be negative."""
    index = day.year * 12 + day.month - 1 + months
    first = date(index // 12, index % 12 + 1, 1)
    following = date((index + 1) // 12, (index + 1) % 12 + 1, 1)
    return min(first.replace(day=1) + timedelta(days=day.day - 1), following - timedelta(days=1))


_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}
_LONGEST = timedelta(days=36_525)  # a calendar ends somewhere: now plus this can still be reckoned with


def duration(text: str) -> timedelta:
    """`"8h"`, `"90m"`, `"2d"` -> timedelta, at most a hundred years. Raises InvalidInput on anything else."""
    match = re.fullmatch(r"(\d{1,12})\s*([smhdw])", text.strip())
    seconds = int(match[1]) * _UNITS[match[2]] if match else None
    if seconds is None or seconds > _LONGEST.total_seconds():
        raise InvalidInput(f"{text!r} is not a duration", fix="write a number and s, m, h, d or w, such as 8h")
    return timedelta(seconds=seconds)

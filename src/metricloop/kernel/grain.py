"""Time steps: hours in UTC, days by the calendar of a zone (a day may have 23 or 25 hours).

Does not know holidays or business weeks.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from metricloop.kernel.clock import utc
from metricloop.kernel.errors import InvalidInput

HOUR = timedelta(hours=1)


class Grain(StrEnum):
    """The step at which a metric's values mean something."""

    HOUR = "hour"
    DAY = "day"


def floor(at: datetime, grain: Grain, zone: ZoneInfo) -> datetime:
    """Start, in UTC, of the bucket that holds `at`."""
    if grain is Grain.HOUR:
        return utc(at).replace(minute=0, second=0, microsecond=0)
    local = at.astimezone(zone)
    return datetime(local.year, local.month, local.day, tzinfo=zone).astimezone(UTC)


def after(start: datetime, grain: Grain, zone: ZoneInfo) -> datetime:
    """Start, in UTC, of the bucket after the one that starts at `start`."""
    if grain is Grain.HOUR:
        return utc(start) + HOUR
    day = start.astimezone(zone).date() + timedelta(days=1)
    return datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC)


def before(start: datetime, grain: Grain, zone: ZoneInfo) -> datetime:
    """Start, in UTC, of the bucket before the one that starts at `start`."""
    return floor(utc(start) - timedelta(seconds=1), grain, zone)


def buckets(start: datetime, end: datetime, grain: Grain, zone: ZoneInfo) -> list[datetime]:
    """Starts of all buckets that begin in [start, end), oldest first."""
    found: list[datetime] = []
    at = floor(start, grain, zone)
    if at < utc(start):
        at = after(at, grain, zone)
    while at < utc(end):
        found.append(at)
        at = after(at, grain, zone)
    return found


_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}
_LONGEST = timedelta(days=36_525)  # a calendar ends somewhere: now plus this can still be reckoned with


def duration(text: str) -> timedelta:
    """`"8h"`, `"90m"`, `"2d"` -> timedelta, at most a hundred years. Raises InvalidInput on anything else."""
    match = re.fullmatch(r"(\d{1,12})\s*([smhdw])", text.strip())
    seconds = int(match[1]) * _UNITS[match[2]] if match else None
    if seconds is None or seconds > _LONGEST.total_seconds():
        raise InvalidInput(f"{text!r} is not a duration", fix="write a number and s, m, h, d or w, such as 8h")
    return timedelta(seconds=seconds)

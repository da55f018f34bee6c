"""Seasonal slots: which place in the week a bucket has, in the local time of its metric.

An hourly bucket has one of 168 slots (hour of week), a daily one of 7 (weekday, Monday 0). A slot belongs to one cell
of each tier, from coarse to fine: hour of day then hour of week; weekday alone for days. Shifts of daylight saving
time follow the local clock: the doubled hour is seen twice, the missing one not at all.
Does not do: holidays, campaigns, months, years; grains other than hour and day.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, tzinfo

from metricloop.kernel.grain import Grain

BUCKETS_PER_WEEK = {Grain.HOUR: 168, Grain.DAY: 7}
TIER_SIZES = {Grain.HOUR: (24, 168), Grain.DAY: (7,)}


def slot_of(grain: Grain, start: datetime, zone: tzinfo) -> int:
    """The slot of the bucket that starts at the aware instant `start`, by the clock of `zone`."""
    if start.tzinfo is None:
        raise ValueError(f"slot_of: {start.isoformat()} has no time zone; give an aware instant, such as one in UTC")
    local = start.astimezone(zone)
    return local.weekday() * 24 + local.hour if grain is Grain.HOUR else local.weekday()


def slots_of(grain: Grain, starts: Iterable[datetime], zone: tzinfo) -> list[int]:
    """`slot_of` for many buckets, in order."""
    return [slot_of(grain, start, zone) for start in starts]


def tier_cells(grain: Grain, slot: int) -> tuple[int, ...]:
    """The cell of each tier of `TIER_SIZES` that a slot belongs to."""
    if not 0 <= slot < BUCKETS_PER_WEEK[grain]:
        raise ValueError(f"slot {slot} is outside 0..{BUCKETS_PER_WEEK[grain] - 1} of grain {grain}")
    return (slot % 24, slot) if grain is Grain.HOUR else (slot,)

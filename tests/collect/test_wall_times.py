from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from metricloop.collect.wall_times import early_wall, hour_of_wall, instant_of, shifts, wall_bound
from metricloop.kernel.grain import HOUR

NEW_YORK = ZoneInfo("America/New_York")
ZONES = (
    "America/New_York", "Australia/Lord_Howe", "America/Santiago", "America/Havana", "Asia/Beirut", "UTC",
    "Asia/Kolkata", "Asia/Shanghai", "Africa/Casablanca", "Europe/Dublin",
)  # fmt: skip
YEAR = datetime(2026, 1, 1, tzinfo=UTC)
QUARTER = timedelta(minutes=15)
STEP = timedelta(minutes=45)


def wall(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-{text}")


@pytest.mark.parametrize("name", ZONES)
def test_the_bound_never_goes_back(name: str) -> None:
    zone = ZoneInfo(name)
    bounds = [wall_bound(YEAR + i * STEP, zone) for i in range(32 * 365)]
    assert bounds == sorted(bounds)


@pytest.mark.parametrize("name", ZONES)
def test_every_time_stands_in_exactly_one_hour(name: str) -> None:
    zone = ZoneInfo(name)
    for i in range(32 * 360):
        shown = wall("01-01 00:07:00") + i * STEP
        hour = hour_of_wall(shown, zone, zone)
        assert wall_bound(hour, zone) <= shown < wall_bound(hour + HOUR, zone), shown


def test_an_hour_shown_twice_counts_in_the_first() -> None:
    first = datetime(2026, 11, 1, 5, tzinfo=UTC)
    assert wall_bound(first, NEW_YORK) == wall("11-01 01:00:00")
    assert wall_bound(first + HOUR, NEW_YORK) == wall_bound(first + 2 * HOUR, NEW_YORK) == wall("11-01 02:00:00")
    assert hour_of_wall(wall("11-01 01:59:00"), NEW_YORK, NEW_YORK) == first
    # Half past one is shown twice, too; nothing that changed since then may be missed.
    assert early_wall(first + HOUR + 2 * QUARTER, NEW_YORK) == wall("11-01 01:30:00")


def test_an_hour_never_shown_counts_in_the_one_after() -> None:
    seven = datetime(2026, 3, 8, 7, tzinfo=UTC)
    assert wall_bound(seven, NEW_YORK) == wall("03-08 02:00:00")
    assert wall_bound(seven + QUARTER, NEW_YORK) == wall("03-08 03:15:00")
    assert hour_of_wall(wall("03-08 02:59:00"), NEW_YORK, NEW_YORK) == seven
    assert hour_of_wall(wall("03-08 03:59:00"), NEW_YORK, NEW_YORK) == seven


def test_hours_begin_late_by_both_zones() -> None:
    day, utc, kolkata = timedelta(days=1), ZoneInfo("UTC"), ZoneInfo("Asia/Kolkata")
    assert shifts(YEAR, YEAR + day, utc, NEW_YORK) == {timedelta()}
    assert shifts(YEAR, YEAR + day, utc, kolkata) == {timedelta(minutes=30)}
    assert shifts(YEAR, YEAR + day, kolkata, kolkata) == {timedelta()}
    assert shifts(YEAR, YEAR + day, utc, ZoneInfo("Asia/Kathmandu")) == {timedelta(minutes=15)}
    howe = ZoneInfo("Australia/Lord_Howe")
    assert len(shifts(YEAR, YEAR + 365 * day, howe, howe)) == 2


def test_an_instant_is_what_it_says_and_else_of_the_zone() -> None:
    assert instant_of(YEAR, NEW_YORK) == YEAR
    assert instant_of(wall("01-01 00:00:00"), NEW_YORK) == YEAR + 5 * HOUR

"""Hours in UTC, days by the clock of a zone."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metricloop.kernel.errors import Bug, InvalidInput
from metricloop.kernel.grain import HOUR, Grain, after, before, buckets, duration, floor

NEW_YORK = ZoneInfo("America/New_York")
ZONES = [
    ZoneInfo(name)
    for name in (
        "UTC",
        "Asia/Shanghai",
        "America/New_York",
        "Europe/Berlin",
        "America/Sao_Paulo",  # its spring day had no midnight
        "Africa/Cairo",  # the same
        "America/Havana",  # its autumn day had midnight twice
        "Asia/Beirut",  # its clock went back at midnight
        "Australia/Lord_Howe",  # half an hour of daylight saving
        "Asia/Kathmandu",  # 5:45 from UTC
        "Pacific/Apia",  # left out a whole day in 2011
    )
]
instants = st.integers(0, 25 * 365 * 86_400).map(lambda s: datetime(2005, 1, 1, tzinfo=UTC) + timedelta(seconds=s))
zones = st.sampled_from(ZONES)
grains = st.sampled_from(Grain)


def local_midnight(year: int, month: int, day: int, zone: ZoneInfo) -> datetime:
    return datetime(year, month, day, tzinfo=zone).astimezone(UTC)


@pytest.mark.parametrize(
    ("day", "hours"), [(date(2013, 3, 9), 24), (date(2013, 3, 10), 23), (date(2013, 11, 3), 25), (date(2013, 7, 4), 24)]
)
def test_a_local_day_has_as_many_hours_as_its_clock_says(day: date, hours: int) -> None:
    start = local_midnight(day.year, day.month, day.day, NEW_YORK)
    end = after(start, Grain.DAY, NEW_YORK)
    assert end - start == hours * HOUR
    assert len(buckets(start, end, Grain.HOUR, NEW_YORK)) == hours


@pytest.mark.parametrize(("zone", "offset"), [("Asia/Shanghai", 16), ("America/New_York", 5), ("UTC", 0)])
def test_a_day_begins_at_midnight_of_its_zone(zone: str, offset: int) -> None:
    start = floor(datetime(2013, 1, 15, 18, 30, tzinfo=UTC), Grain.DAY, ZoneInfo(zone))
    assert start.hour == offset
    assert start.tzinfo is UTC


def test_a_day_without_midnight_begins_at_its_first_hour() -> None:
    zone = ZoneInfo("America/Sao_Paulo")
    start = floor(datetime(2018, 11, 4, 12, tzinfo=UTC), Grain.DAY, zone)
    assert start.astimezone(zone).isoformat() == "2018-11-04T01:00:00-02:00"
    assert after(start, Grain.DAY, zone) - start == 23 * HOUR


def test_a_day_with_two_midnights_begins_at_the_first_one() -> None:
    zone = ZoneInfo("America/Havana")
    start = floor(datetime(2018, 11, 4, 20, tzinfo=UTC), Grain.DAY, zone)
    assert after(start, Grain.DAY, zone) - start == 25 * HOUR


def test_hours_are_utc_s_but_for_zones_between_two() -> None:
    at = datetime(2013, 3, 10, 6, 59, 59, tzinfo=UTC)
    assert floor(at, Grain.HOUR, NEW_YORK) == datetime(2013, 3, 10, 6, tzinfo=UTC)
    assert floor(at, Grain.HOUR, ZoneInfo("Asia/Kolkata")) == datetime(2013, 3, 10, 6, 30, tzinfo=UTC)
    assert floor(at, Grain.HOUR, ZoneInfo("Asia/Kathmandu")) == datetime(2013, 3, 10, 6, 15, tzinfo=UTC)


def test_weeks_begin_where_they_are_said_to() -> None:
    at = datetime(2026, 11, 22, 12, tzinfo=UTC)  # a Sunday
    assert floor(at, Grain.WEEK, ZoneInfo("UTC")) == datetime(2026, 11, 16, tzinfo=UTC)
    assert floor(at, Grain.WEEK, ZoneInfo("UTC"), week_start=6) == datetime(2026, 11, 22, tzinfo=UTC)


def test_quarters_and_years_are_months_in_a_row() -> None:
    at = datetime(2026, 11, 22, 12, tzinfo=UTC)
    assert floor(at, Grain.QUARTER, NEW_YORK) == local_midnight(2026, 10, 1, NEW_YORK)
    assert after(at, Grain.QUARTER, NEW_YORK) == local_midnight(2027, 1, 1, NEW_YORK)
    assert before(floor(at, Grain.YEAR, NEW_YORK), Grain.YEAR, NEW_YORK) == local_midnight(2025, 1, 1, NEW_YORK)


def test_a_week_in_which_clocks_change_has_167_hours() -> None:
    start = floor(datetime(2026, 3, 8, 12, tzinfo=UTC), Grain.WEEK, NEW_YORK)
    assert after(start, Grain.WEEK, NEW_YORK) - start == 167 * HOUR


@given(instants, grains, zones)
def test_an_instant_lies_in_its_bucket(at: datetime, grain: Grain, zone: ZoneInfo) -> None:
    start = floor(at, grain, zone)
    assert start <= at < after(start, grain, zone)
    assert floor(start, grain, zone) == start


@given(instants, grains, zones)
def test_before_undoes_after(at: datetime, grain: Grain, zone: ZoneInfo) -> None:
    start = floor(at, grain, zone)
    assert before(after(start, grain, zone), grain, zone) == start


@given(instants, st.integers(0, 200), grains, zones)
def test_buckets_follow_each_other_without_gap(at: datetime, hours: int, grain: Grain, zone: ZoneInfo) -> None:
    end = at + hours * HOUR
    found = buckets(at, end, grain, zone)
    assert all(at <= start < end for start in found)
    assert [after(start, grain, zone) for start in found[:-1]] == found[1:]
    if found:
        assert before(found[0], grain, zone) < at
        assert after(found[-1], grain, zone) >= end


def test_an_empty_stretch_has_no_buckets() -> None:
    at = datetime(2013, 3, 10, 5, tzinfo=UTC)
    assert buckets(at, at, Grain.HOUR, NEW_YORK) == []


def test_a_time_without_zone_is_refused() -> None:
    with pytest.raises(Bug, match="without zone"):
        floor(datetime.fromisoformat("2013-01-01T00:00"), Grain.HOUR, NEW_YORK)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("8h", timedelta(hours=8)),
        ("90m", timedelta(minutes=90)),
        ("2d", timedelta(days=2)),
        (" 1 w ", timedelta(weeks=1)),
        ("0s", timedelta(0)),
    ],
)
def test_durations_are_a_number_and_a_unit(text: str, expected: timedelta) -> None:
    assert duration(text) == expected


@pytest.mark.parametrize("text", ["", "8", "h", "-8h", "1.5h", "8 hours", "8h30m", "٨x"])
def test_what_is_no_duration_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        duration(text)
    assert "8h" in refused.value.fix


@pytest.mark.parametrize("text", ["99999999999999w", "99999999d", "36526d"])
def test_a_duration_that_no_calendar_holds_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput):
        duration(text)

"""When buckets close, which are alike, and when rows usually are there."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from metricloop.collect.arrival import (
    buckets_of,
    closed_until,
    kin,
    longest_gap,
    next_close,
    quiet_after,
    read_again,
    usual_share,
    whole_buckets,
)
from metricloop.collect.model import Tally
from metricloop.collect.rules import Window
from metricloop.kernel.grain import Grain
from tests.collect.flights import FLIGHTS, NEW_YORK, hour

H = timedelta(hours=1)
KOLKATA, SHANGHAI = ZoneInfo("Asia/Kolkata"), ZoneInfo("Asia/Shanghai")
HOURLY = replace(FLIGHTS, lateness=2 * H)
DAILY = replace(FLIGHTS, lateness=6 * H, grain=Grain.DAY)


def tally(start: datetime, rows: int, first: int | None = None, again: timedelta = timedelta(days=3)) -> Tally:
    read = start + 3 * H
    return Tally("flights", start, rows, read + again, rows if first is None else first, read)


def test_an_hour_closes_its_lateness_after_its_end() -> None:
    assert closed_until(hour(3, 1, 17), HOURLY) == hour(3, 1, 15)
    assert closed_until(hour(3, 1, 17) - timedelta(seconds=1), HOURLY) == hour(3, 1, 14)
    assert next_close(hour(3, 1, 15), HOURLY) == hour(3, 1, 18)


def test_hours_of_a_half_hour_zone_close_at_their_own_minute() -> None:
    half = replace(HOURLY, timezone=KOLKATA)
    assert closed_until(hour(3, 1, 17), half) == hour(3, 1, 14) + timedelta(minutes=30)
    assert next_close(hour(3, 1, 14) + timedelta(minutes=30), half) == hour(3, 1, 17) + timedelta(minutes=30)


def test_days_close_whole_by_the_calendar_of_their_zone() -> None:
    spring = datetime(2013, 3, 10, tzinfo=NEW_YORK).astimezone(UTC)
    assert closed_until(spring + 23 * H + 6 * H, DAILY) == spring + 23 * H
    assert closed_until(spring + 23 * H + 6 * H - timedelta(seconds=1), DAILY) == spring
    assert next_close(spring, DAILY) == spring + 29 * H


def test_weeks_close_by_the_day_they_start_on() -> None:
    weekly = replace(HOURLY, grain=Grain.WEEK, timezone=SHANGHAI, week_start=6)
    assert closed_until(datetime(2026, 3, 4, 12, tzinfo=SHANGHAI), weekly) == datetime(2026, 3, 1, tzinfo=SHANGHAI)


def test_the_overlap_is_read_again_in_whole_buckets_and_not_before_the_first_point() -> None:
    twice = replace(HOURLY, overlap=2 * H + timedelta(minutes=30))
    assert read_again(hour(3, 1, 9), twice, hour(1, 1)) == Window(hour(3, 1, 6), hour(3, 1, 9))
    assert read_again(hour(3, 1, 9), twice, hour(3, 1, 8)) == Window(hour(3, 1, 8), hour(3, 1, 9))
    assert read_again(hour(3, 1, 9), twice, hour(3, 1, 9)) is None
    assert read_again(hour(3, 1, 9), HOURLY, hour(1, 1)) is None
    daily = replace(DAILY, overlap=H)
    midnight = datetime(2013, 6, 2, tzinfo=NEW_YORK).astimezone(UTC)
    assert read_again(midnight, daily, hour(1, 1)) == Window(midnight - 24 * H, midnight)


def test_changed_hours_become_whole_buckets_as_few_as_may_be() -> None:
    hours = [hour(3, 1, 3), hour(3, 1, 4), hour(3, 1, 4), hour(3, 2, 9)]
    assert whole_buckets(hours, HOURLY) == [Window(hour(3, 1, 3), hour(3, 1, 5)), Window(hour(3, 2, 9), hour(3, 2, 10))]
    days = replace(DAILY, timezone=SHANGHAI)
    assert whole_buckets(hours, days) == [Window(hour(2, 28, 16), hour(3, 2, 16))]
    many = [hour(1, 1) + 5 * i * H for i in range(300)]
    joined = whole_buckets(many, HOURLY)
    assert len(joined) <= 40
    assert (joined[0].start, joined[-1].end) == (many[0], many[-1] + H)
    assert whole_buckets([], HOURLY) == []


def test_a_window_falls_into_the_buckets_of_its_dataset() -> None:
    assert len(buckets_of(Window(hour(3, 1), hour(3, 2)), HOURLY)) == 24
    midnight = datetime(2013, 3, 10, tzinfo=NEW_YORK).astimezone(UTC)
    assert buckets_of(Window(midnight, midnight + 23 * H), DAILY) == [Window(midnight, midnight + 23 * H)]


def test_like_hours_are_those_of_the_same_local_time_of_weeks_before() -> None:
    after_change = datetime(2013, 3, 12, 9, tzinfo=NEW_YORK)
    local = [at.astimezone(NEW_YORK) for at in kin(after_change.astimezone(UTC), HOURLY, 2)]
    assert [(at.day, at.hour) for at in local] == [(5, 9), (26, 9)]


def test_like_months_are_those_before() -> None:
    monthly = replace(HOURLY, grain=Grain.MONTH, timezone=SHANGHAI)
    found = kin(datetime(2026, 3, 1, tzinfo=SHANGHAI), monthly, 2)
    assert [at.astimezone(SHANGHAI).month for at in found] == [2, 1]


def test_the_usual_share_is_learnt_from_what_was_read_again() -> None:
    seen = [tally(hour(1, 1) + i * H, 100, first=60) for i in range(30)]
    assert usual_share(seen, 2 * H, H) == 0.6
    assert usual_share(seen[:10], 2 * H, H) is None
    assert usual_share([tally(hour(1, 1) + i * H, 100, 60, again=H) for i in range(30)], 2 * H, H) is None
    assert usual_share([], 2 * H, H) is None


def test_the_longest_gap_lies_between_two_busy_buckets() -> None:
    seen = [tally(hour(1, 1), 5), tally(hour(1, 1, 1), 0), tally(hour(1, 1, 4), 5), tally(hour(1, 1, 9), 0)]
    assert longest_gap(seen, H) == 3 * H
    assert longest_gap([], H) == timedelta(0)


@pytest.mark.parametrize(("at", "day"), [(2, 5), (3, 6), (23, 6)])
def test_it_is_quiet_at_three_in_the_morning_where_the_data_are(at: int, day: int) -> None:
    found = quiet_after(datetime(2026, 3, 5, at, tzinfo=SHANGHAI), SHANGHAI)
    assert found == datetime(2026, 3, day, 3, tzinfo=SHANGHAI)

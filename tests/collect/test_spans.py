"""Spans move by the calendar: weeks over changes of the clocks, months of other lengths, windows that overlap."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from metricloop.collect.spans import Span, joined, shifted, steps, to_grain
from metricloop.kernel.clock import utc
from metricloop.kernel.grain import MONDAY, Grain, after
from metricloop.kernel.periods import Period

BERLIN = ZoneInfo("Europe/Berlin")
WEEK = Period.parse("7d")


def at(month: int, day: int, hour: int = 0, *, fold: int = 0) -> datetime:
    return utc(datetime(2026, month, day, hour, tzinfo=BERLIN, fold=fold))


def day(month: int, number: int) -> Span:
    return at(month, number), after(at(month, number), Grain.DAY, BERLIN)


def moved(span: Span, period: str, grain: Grain) -> Span:
    return shifted(span, Period.parse(period), grain, BERLIN, MONDAY)


@pytest.mark.parametrize(("month", "number"), [(4, 5), (3, 29), (10, 25), (11, 1)])
def test_a_day_a_week_ago_is_a_day_however_long_both_are(month: int, number: int) -> None:
    before = date(2026, month, number) - timedelta(days=7)
    assert moved(day(month, number), "7d", Grain.DAY) == day(before.month, before.day)


def test_the_hour_that_was_skipped_a_week_ago_is_the_one_after_it() -> None:
    hour = at(4, 5, 2), at(4, 5, 3)
    assert moved(hour, "7d", Grain.HOUR) == (at(3, 29, 3), at(3, 29, 4))


def test_the_hour_that_was_there_twice_is_its_first() -> None:
    hour = at(11, 1, 2), at(11, 1, 3)
    assert moved(hour, "7d", Grain.HOUR) == (at(10, 25, 2), at(10, 25, 2, fold=1))


@pytest.mark.parametrize("number", [29, 30, 31])
def test_a_month_before_the_last_days_of_march_is_the_last_of_february(number: int) -> None:
    assert moved(day(3, number), "1 month", Grain.DAY) == day(2, 28)


def test_a_month_before_a_month_is_the_whole_month() -> None:
    assert moved((at(3, 1), at(4, 1)), "1 month", Grain.MONTH) == (at(2, 1), at(3, 1))


def test_seven_days_before_a_month_are_as_many_days() -> None:
    assert moved((at(4, 1), at(5, 1)), "7d", Grain.MONTH) == (at(3, 25), at(4, 24))


def test_the_bucket_with_which_a_month_begins() -> None:
    assert to_grain(day(3, 17), Grain.MONTH, Grain.DAY, BERLIN, MONDAY) == day(3, 1)
    week = at(3, 16), at(3, 23)
    assert to_grain(week, Grain.MONTH, Grain.WEEK, BERLIN, MONDAY) == (at(2, 23), at(3, 2))


def test_overlapping_spans_are_one_and_steps_go_from_edge_to_edge() -> None:
    spans = [(at(3, 1), at(3, 4)), (at(3, 2), at(3, 5)), (at(3, 10), at(3, 11))]
    assert joined(spans) == [(at(3, 1), at(3, 5)), (at(3, 10), at(3, 11))]
    edges = [(1, 2), (2, 4), (4, 5), (10, 11)]
    assert steps(spans) == [(at(3, first), at(3, last)) for first, last in edges]


def test_an_empty_span_covers_nothing() -> None:
    assert joined([(at(3, 1), at(3, 1))]) == []
    assert steps([(at(3, 1), at(3, 1))]) == []

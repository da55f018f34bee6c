"""Calendar time: the same local time, so long ago."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from metricloop.kernel.errors import InvalidInput
from metricloop.kernel.grain import Grain
from metricloop.kernel.periods import Period

NEW_YORK = ZoneInfo("America/New_York")


@pytest.mark.parametrize(
    ("text", "count", "unit"),
    [
        ("7 days", 7, Grain.DAY),
        ("7d", 7, Grain.DAY),
        ("1 week", 1, Grain.WEEK),
        ("24h", 24, Grain.HOUR),
        ("1 month", 1, Grain.MONTH),
    ],
)
def test_a_period_is_a_number_and_a_step(text: str, count: int, unit: Grain) -> None:
    assert Period.parse(text) == Period(count, unit)


@pytest.mark.parametrize("text", ["", "7", "0 days", "-1d", "1 fortnight", "1.5d", "9999999d", "90m"])
def test_anything_else_is_refused_with_a_fix(text: str) -> None:
    with pytest.raises(InvalidInput, match="is not a period"):
        Period.parse(text)


def test_a_week_ago_is_the_same_local_time_across_a_clock_change() -> None:
    after_change = datetime(2026, 3, 10, 9, tzinfo=NEW_YORK)
    week_ago = Period.parse("1 week").before(after_change, NEW_YORK)
    assert week_ago.astimezone(NEW_YORK).isoformat() == "2026-03-03T09:00:00-05:00"
    assert Period.parse("168h").before(after_change, NEW_YORK).astimezone(NEW_YORK).hour == 8


def test_a_month_ago_ends_with_the_month() -> None:
    assert Period.parse("1 month").before(datetime(2026, 3, 31, tzinfo=UTC), ZoneInfo("UTC")).day == 28


def test_a_period_is_written_as_it_is_read() -> None:
    for text in ("7d", "1w", "3 months", "1 year"):
        assert str(Period.parse(text)) == text

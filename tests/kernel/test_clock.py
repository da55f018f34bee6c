"""The simulated clock stands still until it is moved, and never goes back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metricloop.kernel.clock import SimulatedClock, utc
from metricloop.kernel.errors import Bug

START = datetime(2013, 2, 1, tzinfo=UTC)


def test_it_stands_still() -> None:
    clock = SimulatedClock(START)
    assert clock.now() == clock.now() == START


@given(st.lists(st.integers(-1000, 1000)))
def test_it_never_moves_backwards(minutes: list[int]) -> None:
    clock = SimulatedClock(START)
    last = START
    for minute in minutes:
        at = clock.reach(START + timedelta(minutes=minute))
        assert at == clock.now() == max(last, START + timedelta(minutes=minute))
        last = at


def test_times_are_utc_inside() -> None:
    assert utc(datetime(2013, 2, 1, 8, tzinfo=timezone(timedelta(hours=8)))) == START
    with pytest.raises(Bug):
        utc(datetime.fromisoformat("2013-02-01T00:00"))

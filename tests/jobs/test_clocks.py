from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from metricloop.jobs.clocks import DemoClock, SystemClock
from metricloop.kernel.errors import InvalidInput

START = datetime(2013, 12, 1, tzinfo=UTC)
END = datetime(2014, 1, 1, tzinfo=UTC)
HOUR_IN_5_SECONDS = 720.0


class Seconds:
    """A monotonic time that tests move."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def seconds() -> Seconds:
    return Seconds()


def clock(seconds: Seconds, saved: list[datetime] | None = None, speed: float = HOUR_IN_5_SECONDS) -> DemoClock:
    save = (saved if saved is not None else []).append
    return DemoClock(START, speed=speed, end=END, save=save, monotonic=seconds)


def test_the_demo_starts_at_its_anchor(seconds: Seconds) -> None:
    assert clock(seconds).now() == START


def test_five_seconds_are_an_hour(seconds: Seconds) -> None:
    demo = clock(seconds)
    seconds.now += 5
    assert demo.now() == START + timedelta(hours=1)


def test_a_change_of_speed_makes_no_jump(seconds: Seconds) -> None:
    demo = clock(seconds)
    seconds.now += 5
    demo.set_speed(1)
    assert demo.now() == START + timedelta(hours=1)
    seconds.now += 60
    assert demo.now() == START + timedelta(hours=1, seconds=60)


def test_speed_nought_stops_time_until_it_runs_again(seconds: Seconds) -> None:
    demo = clock(seconds)
    demo.set_speed(0)
    seconds.now += 100
    assert demo.now() == START
    demo.set_speed(HOUR_IN_5_SECONDS)
    seconds.now += 5
    assert demo.now() == START + timedelta(hours=1)


def test_the_demo_never_goes_beyond_its_end(seconds: Seconds) -> None:
    demo = clock(seconds)
    seconds.now += 1e9
    assert demo.now() == END
    demo.set_speed(1)
    seconds.now += 5
    assert demo.now() == END


@pytest.mark.parametrize("speed", [-1.0, float("nan"), float("inf")])
def test_a_senseless_speed_is_refused_and_changes_nothing(seconds: Seconds, speed: float) -> None:
    demo = clock(seconds)
    with pytest.raises(InvalidInput):
        demo.set_speed(speed)
    seconds.now += 5
    assert demo.now() == START + timedelta(hours=1)


def test_caught_up_work_is_dated_when_it_was_due(seconds: Seconds) -> None:
    demo = clock(seconds)
    seconds.now += 50
    assert demo.reach(START + timedelta(hours=2)) == START + timedelta(hours=2)
    assert demo.reach(START + timedelta(hours=1)) == START + timedelta(hours=2)
    assert demo.now() == START + timedelta(hours=10)


def test_work_left_behind_by_an_earlier_process_is_dated_when_it_was_due(seconds: Seconds) -> None:
    done, overdue = START - timedelta(hours=3), START - timedelta(hours=2)
    later = DemoClock(START, speed=1, end=END, reached=done, monotonic=seconds)
    assert later.reach(done - timedelta(hours=1)) == done
    assert later.reach(overdue) == overdue
    assert clock(seconds).reach(overdue) == START


def test_the_stamp_tells_time_kind_and_speed(seconds: Seconds) -> None:
    assert clock(seconds).stamp() == (START, "demo", HOUR_IN_5_SECONDS)


def test_the_position_is_kept_every_few_seconds_and_at_the_stop(seconds: Seconds) -> None:
    saved: list[datetime] = []
    demo = clock(seconds, saved)
    demo.keep()
    assert saved == []
    seconds.now += 5
    demo.keep()
    demo.keep()
    assert saved == [START + timedelta(hours=1)]
    seconds.now += 1
    demo.stop()
    seconds.now += 100
    assert saved[1:] == [demo.now()] == [START + timedelta(hours=1, minutes=12)]


def test_a_restart_continues_where_the_demo_stopped(seconds: Seconds) -> None:
    saved: list[datetime] = []
    first = clock(seconds, saved)
    seconds.now += 5
    first.stop()
    seconds.now += 86_400
    second = DemoClock(saved[-1], speed=HOUR_IN_5_SECONDS, end=END, monotonic=seconds)
    assert second.now() == START + timedelta(hours=1)


def test_the_system_clock_says_now_whatever_was_due() -> None:
    system = SystemClock()
    before = system.now()
    assert system.reach(START) >= before
    assert system.stamp().kind == "live"

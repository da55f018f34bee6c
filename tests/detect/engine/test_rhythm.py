from __future__ import annotations

import numpy as np
import pytest

from metricloop.detect.engine.rhythm import Rhythm, places_of, step_of
from metricloop.detect.engine.working_days import WorkingDays
from metricloop.kernel.errors import InvalidInput
from tests.detect.engine.simulated import MONDAY


@pytest.mark.parametrize("step", [60, 300, 3600, 86400, 604800])
def test_the_step_is_found_from_the_first_rows_alone(step: int) -> None:
    seconds = np.arange(40, dtype=np.int64) * step
    seconds[20:] += 7 * step
    assert step_of(seconds) == step_of(seconds[:13]) == step


def test_a_gap_among_the_first_rows_is_no_step() -> None:
    assert step_of(np.array([0, 3600, 7200, 90000, 93600], dtype=np.int64)) == 3600


def test_rows_know_their_slot_of_the_day_and_of_the_week() -> None:
    places = places_of(np.array([MONDAY, MONDAY + 26 * 3600], dtype=np.int64), 24)
    assert places.day.tolist() == [0, 2] and places.week.tolist() == [0, 26] and places.hour.tolist() == [0, 2]
    assert Rhythm.of([300.0, 604800.0]).slots.tolist() == [288, 1]


def test_holidays_and_made_up_workdays_take_another_days_place() -> None:
    days = np.array(["2026-02-14", "2026-02-17", "2026-03-03"], dtype="datetime64[s]").astype(np.int64)
    told = WorkingDays("cn")(days)
    assert told.tolist() == [1, -1, 0]
    assert places_of(days, 1, told).week.tolist() == [4, 6, 1]


def test_an_unknown_country_is_refused() -> None:
    with pytest.raises(InvalidInput, match="no calendar"):
        WorkingDays("XX")

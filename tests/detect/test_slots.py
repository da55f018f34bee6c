"""Slots follow the local clock."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from metricloop.detect.slots import slot_of, slots_of, tier_cells
from metricloop.kernel.grain import Grain

NEW_YORK = ZoneInfo("America/New_York")


def test_an_hour_has_its_place_in_the_local_week() -> None:
    assert slot_of(Grain.HOUR, datetime(2013, 1, 7, 5, tzinfo=UTC), NEW_YORK) == 0  # Monday, midnight
    assert slot_of(Grain.HOUR, datetime(2013, 1, 7, 4, tzinfo=UTC), NEW_YORK) == 167


def test_a_day_has_the_weekday_of_its_local_date() -> None:
    assert slot_of(Grain.DAY, datetime(2013, 7, 6, 4, tzinfo=UTC), NEW_YORK) == 5


def test_the_doubled_hour_of_autumn_is_one_slot() -> None:
    hours = [datetime(2013, 11, 3, 5, tzinfo=UTC), datetime(2013, 11, 3, 6, tzinfo=UTC)]
    assert slots_of(Grain.HOUR, hours, NEW_YORK) == [6 * 24 + 1, 6 * 24 + 1]


def test_an_instant_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        slot_of(Grain.DAY, datetime.fromisoformat("2013-07-06"), NEW_YORK)


def test_a_slot_belongs_to_one_cell_of_each_tier() -> None:
    assert tier_cells(Grain.HOUR, 25) == (1, 25)
    assert tier_cells(Grain.DAY, 6) == (6,)
    with pytest.raises(ValueError, match=r"outside 0\.\.6"):
        tier_cells(Grain.DAY, 7)

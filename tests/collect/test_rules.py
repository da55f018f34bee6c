from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from metricloop.collect.coarser import to_longer
from metricloop.collect.model import Row
from metricloop.collect.rules import (
    Cube,
    Window,
    chunks,
    differing,
    hours_of,
    panel_of,
    part_of,
    roll_up,
    window_due,
    without_lead,
)
from metricloop.kernel.errors import InvalidInput
from metricloop.kernel.grain import Grain, buckets
from metricloop.kernel.series import Panel
from metricloop.kernel.slices import TOTAL, Slice
from tests.collect.flights import NEW_YORK, hour, metric

H = timedelta(hours=1)
AA, MQ = Slice.of({"carrier": "AA"}), Slice.of({"carrier": "MQ"})


def test_the_next_window_starts_at_the_watermark() -> None:
    assert window_due(hour(3, 1, 5), hour(3, 1, 9), hour(1, 1)) == Window(hour(3, 1, 5), hour(3, 1, 9))


def test_nothing_is_due_before_the_next_hour_closes() -> None:
    assert window_due(hour(3, 1, 9), hour(3, 1, 9), hour(1, 1)) is None
    assert window_due(hour(3, 1, 10), hour(3, 1, 9), hour(1, 1)) is None


def test_without_a_watermark_the_beginning_is_said() -> None:
    assert window_due(None, hour(3, 1), hour(2, 1)) == Window(hour(2, 1), hour(3, 1))
    assert window_due(hour(2, 20), hour(3, 1), hour(2, 1)) == Window(hour(2, 20), hour(3, 1))


def test_a_long_window_is_read_in_chunks_without_gap_or_overlap() -> None:
    parts = chunks(Window(hour(1, 1), hour(2, 1, 5)), timedelta(days=14))
    assert [part.start for part in parts] == [hour(1, 1), hour(1, 15), hour(1, 29)]
    assert [part.end for part in parts] == [hour(1, 15), hour(1, 29), hour(2, 1, 5)]


WINDOW = Window(hour(3, 1, 5), hour(3, 1, 8))
READINGS: dict[tuple[str, ...], list[Row]] = {
    (): [Row(hour(3, 1, 5), (), (10.0, 7.0)), Row(hour(3, 1, 7), (), (4.0, 4.0))],
    ("carrier",): [
        Row(hour(3, 1, 5), ("AA",), (6.0, 3.0)),
        Row(hour(3, 1, 5), ("MQ",), (4.0, 4.0)),
        Row(hour(3, 1, 7), ("MQ",), (4.0, 4.0)),
    ],
}


def test_hours_and_slices_without_rows_are_zero() -> None:
    cube = roll_up(WINDOW, ("scheduled", "on_time"), READINGS)
    assert cube.slices == (TOTAL, AA, MQ)
    assert cube.hours == hours_of(WINDOW)
    assert cube.values[:, :, 0].tolist() == [[10, 6, 4], [0, 0, 0], [4, 0, 4]]
    assert cube.values[:, :, 1].tolist() == [[7, 3, 4], [0, 0, 0], [4, 0, 4]]


def test_known_slices_keep_their_columns_and_new_ones_follow() -> None:
    gone = Slice.of({"carrier": "XX"})
    cube = roll_up(WINDOW, ("scheduled", "on_time"), READINGS, known=(TOTAL, gone, MQ))
    assert cube.slices == (TOTAL, gone, MQ, AA)
    assert cube.values[0, :, 0].tolist() == [10, 0, 4, 6]


def test_a_window_without_any_row_is_a_zero_total_and_not_a_gap() -> None:
    cube = roll_up(WINDOW, ("scheduled",), {(): [], ("carrier",): []})
    assert cube.slices == (TOTAL,)
    assert cube.values.tolist() == [[[0.0]]] * 3


def test_a_ratio_keeps_both_parts_and_a_count_has_denominator_one() -> None:
    cube = roll_up(WINDOW, ("scheduled", "on_time"), READINGS)
    rate = panel_of(cube, metric("rate", "on_time", "scheduled"), hour(3, 1, 17))
    count = panel_of(cube, metric("flights", "scheduled"), hour(3, 1, 17))
    assert rate.values()[0].tolist() == [0.7, 0.5, 1.0]
    assert np.isnan(rate.values()[1]).all()
    assert count.values().tolist() == [[10, 6, 4], [0, 0, 0], [4, 0, 4]]
    assert set(rate.collected_at) == {hour(3, 1, 17)}


def test_a_window_read_at_once_gives_the_points_of_its_hours_read_one_by_one() -> None:
    count, at = metric("flights", "scheduled"), hour(3, 1, 17)
    readings = {(): READINGS[()], ("carrier",): [*READINGS["carrier",], Row(hour(3, 1, 6), ("UA",), (2.0, 1.0))]}
    whole = panel_of(roll_up(WINDOW, ("scheduled", "on_time"), readings, known=(TOTAL, AA)), count, at)
    known: tuple[Slice, ...] = (TOTAL, AA)
    for row, start in enumerate(whole.starts):
        rows = {by: [r for r in found if r.bucket == start] for by, found in readings.items()}
        cube = roll_up(Window(start, start + H), ("scheduled", "on_time"), rows, known)
        known, one = cube.slices, panel_of(cube, count, at)
        unseen = dict.fromkeys(whole.slices, (0.0, 0.0))
        parts = zip(one.numerator[0].tolist(), one.denominator[0].tolist(), strict=True)
        alone = unseen | dict(zip(one.slices, parts, strict=True))
        together = zip(whole.numerator[row].tolist(), whole.denominator[row].tolist(), strict=True)
        assert dict(zip(whole.slices, together, strict=True)) == alone


def test_slices_known_since_later_begin_in_what_is_read_again_with_their_first_row() -> None:
    cube = roll_up(WINDOW, ("scheduled", "on_time"), READINGS, known=(TOTAL, MQ, AA), since=hour(3, 1, 7))
    late = roll_up(WINDOW, ("scheduled",), {(): [], ("carrier",): []}, known=(TOTAL, MQ), since=hour(3, 1, 6))
    assert cube.begun.tolist() == [[True, True, True]] * 3
    assert late.begun.tolist() == [[True, False], [True, True], [True, True]]
    assert part_of(cube, Window(hour(3, 1, 6), hour(3, 1, 8))).hours == (hour(3, 1, 6), hour(3, 1, 7))


def test_only_what_differs_is_put_again() -> None:
    at, count = hour(3, 1, 17), metric("flights", "scheduled")
    stored = panel_of(roll_up(WINDOW, ("scheduled", "on_time"), READINGS), count, at)
    assert differing(stored, replace(stored, collected_at=(at + H,) * 3), ratio=False).starts == ()
    more = replace(
        stored, numerator=stored.numerator + np.array([[0, 0, 0], [0, 0, 0], [0, 0, 1]]), collected_at=(at + H,) * 3
    )
    changed = differing(stored, more, ratio=False)
    assert changed.starts == (hour(3, 1, 7),)
    assert changed.numerator.tolist() == [[4, 0, 5]]
    assert changed.collected_at == (at + H,)


def test_a_newer_stored_reading_stands() -> None:
    at, count = hour(3, 1, 17), metric("flights", "scheduled")
    stored = panel_of(roll_up(WINDOW, ("scheduled", "on_time"), READINGS), count, at)
    older = replace(stored, numerator=stored.numerator + 1, collected_at=(at - H,) * 3)
    assert differing(stored, older, ratio=False).starts == ()


def test_hours_that_were_never_stored_are_put_when_something_happened_in_them() -> None:
    at, count = hour(3, 1, 17), metric("flights", "scheduled")
    fresh = panel_of(roll_up(WINDOW, ("scheduled", "on_time"), READINGS), count, at)
    nothing = Panel(fresh.slices, (), fresh.numerator[:0], fresh.denominator[:0], ())
    assert differing(nothing, fresh, ratio=False).starts == (hour(3, 1, 5), hour(3, 1, 7))


def test_the_order_in_which_an_engine_adds_is_no_change() -> None:
    at, rate = hour(3, 1, 17), metric("rate", "on_time", "scheduled")
    stored = panel_of(roll_up(WINDOW, ("scheduled", "on_time"), READINGS), rate, at)
    almost = replace(stored, numerator=stored.numerator * (1 + 1e-13))
    assert differing(stored, almost, ratio=True).starts == ()


def hourly(start: datetime, end: datetime, missing: frozenset[datetime] = frozenset()) -> Panel:
    starts = tuple(at for at in buckets(start, end, Grain.HOUR, ZoneInfo("UTC")) if at not in missing)
    numbers = np.arange(1.0, 2 * len(starts) + 1).reshape(len(starts), 2)
    return Panel((TOTAL, AA), starts, numbers, numbers + 1, tuple(at + 9 * H for at in starts))


@pytest.mark.parametrize(("month", "day", "length"), [(3, 9, 24), (3, 10, 23), (11, 3, 25)])
def test_a_local_day_has_as_many_hours_as_its_clock(month: int, day: int, length: int) -> None:
    first = datetime(2013, month, day, tzinfo=NEW_YORK).astimezone(UTC)
    panel = hourly(first, first + length * H)
    days = to_longer(panel, Grain.DAY, NEW_YORK, ratio=True)
    assert days.starts == (first,)
    assert days.numerator.tolist() == [panel.numerator.sum(axis=0).tolist()]
    assert days.denominator.tolist() == [panel.denominator.sum(axis=0).tolist()]
    assert days.collected_at == (max(panel.collected_at),)
    assert to_longer(hourly(first, first + (length - 1) * H), Grain.DAY, NEW_YORK, ratio=True).starts == ()
    assert to_longer(hourly(first + H, first + (length + 1) * H), Grain.DAY, NEW_YORK, ratio=True).starts == ()


def test_a_count_of_a_day_is_the_sum_of_its_hours() -> None:
    days = to_longer(hourly(hour(7, 1, 4), hour(7, 2, 4)), Grain.DAY, NEW_YORK, ratio=False)
    assert days.values().tolist() == [[sum(range(1, 48, 2)), sum(range(2, 49, 2))]]


def test_a_day_with_an_hour_missing_is_not_there() -> None:
    panel = hourly(hour(7, 1, 4), hour(7, 4, 4), missing=frozenset({hour(7, 2, 12)}))
    assert to_longer(panel, Grain.DAY, NEW_YORK, ratio=True).starts == (hour(7, 1, 4), hour(7, 3, 4))


def test_a_day_with_a_missing_value_is_missing() -> None:
    panel = hourly(hour(7, 1, 4), hour(7, 2, 4))
    panel.numerator[3, 1] = np.nan
    total, aa = to_longer(panel, Grain.DAY, NEW_YORK, ratio=True).numerator[0]
    assert not np.isnan(total)
    assert np.isnan(aa)


def test_no_hours_give_no_days() -> None:
    assert to_longer(hourly(hour(7, 1), hour(7, 1)), Grain.DAY, NEW_YORK, ratio=True).numerator.shape == (0, 2)


def test_a_zone_whose_midnight_is_inside_an_hour_is_refused() -> None:
    with pytest.raises(InvalidInput, match="midnight in Asia/Kolkata"):
        to_longer(hourly(hour(7, 1), hour(7, 3)), Grain.DAY, ZoneInfo("Asia/Kolkata"), ratio=True)


@settings(max_examples=40, deadline=None)
@given(
    st.integers(0, 365 * 24),
    st.integers(0, 24 * 9),
    st.sampled_from(["America/New_York", "Asia/Shanghai", "UTC", "Europe/Berlin", "Pacific/Auckland"]),
)
def test_days_never_lose_or_double_an_hour(first: int, count: int, name: str) -> None:
    zone = ZoneInfo(name)
    start = hour(1, 1) + first * H
    panel = hourly(start, start + count * H)
    days = to_longer(panel, Grain.DAY, zone, ratio=True)
    every = buckets(start, start + (count + 30) * H, Grain.DAY, zone)
    whole = [(day, after) for day, after in pairwise(every) if after <= start + count * H]
    assert list(days.starts) == [day for day, _ in whole]
    inside = [i for i, at in enumerate(panel.starts) if whole and whole[0][0] <= at < whole[-1][1]]
    assert days.numerator.sum() == panel.numerator[inside].sum()


def test_hours_before_the_first_row_are_no_zeros() -> None:
    start = datetime(2024, 1, 1, tzinfo=UTC)
    hours = tuple(start + timedelta(hours=i) for i in range(3))
    empty = Cube(hours, (TOTAL,), ("orders",), np.zeros((3, 1, 1)), np.ones((3, 1), dtype=bool))
    begun = Cube(hours, (TOTAL,), ("orders",), np.array([0.0, 5.0, 0.0]).reshape(3, 1, 1), empty.begun)
    kept = without_lead([empty, begun, empty])
    assert [cube.hours for cube in kept] == [hours[1:], hours]
    assert without_lead([empty]) == []

"""Packed points: what was read comes back, revised or not, packed by the day or not, and as it was known then."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from metricloop.collect.model import Collection
from metricloop.kernel.message import Message
from metricloop.kernel.series import Floats, Panel
from metricloop.kernel.slices import TOTAL, Slice
from metricloop.store import Store

HOUR = timedelta(hours=1)
START = datetime(2013, 4, 15, 22, tzinfo=UTC)
DAY = date(2013, 4, 16)
AA, MQ, B6 = (Slice.of({"carrier": carrier}) for carrier in ("AA", "MQ", "B6"))
METRIC = "on_time_rate"


def panel(numerator: list[list[float]], slices: tuple[Slice, ...], start: datetime = START, late: int = 8) -> Panel:
    """Hours from `start` on, read `late` hours after their beginning; the denominator is the numerator plus one."""
    values = np.array(numerator, dtype=np.float64)
    starts = tuple(start + at * HOUR for at in range(len(numerator)))
    return Panel(slices, starts, values, values + 1, tuple(begin + late * HOUR for begin in starts))


def put(store: Store, *panels: Panel) -> None:
    for each in panels:
        with store.unit() as unit:
            unit.points.put(METRIC, each)


def read(store: Store, known_at: datetime | None = None, slices: tuple[Slice, ...] | None = None) -> Panel:
    with store.unit(write=False) as unit:
        return unit.points.read(METRIC, START, START + 100 * HOUR, slices, known_at)


def assert_equal(found: Floats, wanted: list[list[float]]) -> None:
    np.testing.assert_array_equal(found, np.array(wanted, dtype=np.float64))


def test_points_come_back_as_they_were_put(store: Store) -> None:
    given_points = panel([[1, 0.1], [float("nan"), 1e300]], (TOTAL, AA))
    put(store, given_points)
    back = read(store)
    assert (back.slices, back.starts, back.collected_at) == (
        given_points.slices, given_points.starts, given_points.collected_at,
    )  # fmt: skip
    np.testing.assert_array_equal(back.numerator, given_points.numerator)
    np.testing.assert_array_equal(back.denominator, given_points.denominator)


def test_a_slice_seen_later_was_nothing_of_nothing_before(store: Store) -> None:
    put(store, panel([[5, 2]], (TOTAL, AA)), panel([[6, 3, 1]], (TOTAL, MQ, AA), START + HOUR))
    back = read(store)
    assert back.slices == (TOTAL, AA, MQ)
    assert_equal(back.numerator, [[5, 2, 0], [6, 1, 3]])
    assert_equal(back.denominator, [[6, 3, 0], [7, 2, 4]])


def test_named_slices_come_in_the_order_named_also_unknown_ones(store: Store) -> None:
    put(store, panel([[5, 2]], (TOTAL, AA)))
    back = read(store, slices=(B6, AA))
    assert back.slices == (B6, AA)
    assert_equal(back.numerator, [[0, 2]])
    assert read(store, slices=()).numerator.shape == (1, 0)


def test_an_hour_nobody_has_read_is_absent(store: Store) -> None:
    put(store, panel([[1]], (TOTAL,)), panel([[2]], (TOTAL,), START + 5 * HOUR))
    assert read(store).starts == (START, START + 5 * HOUR)


def test_a_metric_nobody_has_read_is_empty(store: Store) -> None:
    back = read(store)
    assert (back.slices, back.starts, back.numerator.shape) == ((), (), (0, 0))
    with store.unit(write=False) as unit:
        assert unit.points.span(METRIC) is None
        assert unit.points.axis(METRIC) == ()


def test_a_newer_reading_wins_and_the_older_one_stays_as_history(store: Store) -> None:
    put(store, panel([[1], [2]], (TOTAL,)), panel([[10]], (TOTAL,), START + HOUR, late=20))
    assert_equal(read(store).numerator, [[1], [10]])
    assert_equal(read(store, known_at=START + 15 * HOUR).numerator, [[1], [2]])
    assert read(store, known_at=START + 8 * HOUR).starts == (START,)


def test_a_reading_that_arrives_out_of_order_does_not_win(store: Store) -> None:
    put(store, panel([[10]], (TOTAL,), late=20), panel([[1]], (TOTAL,)))
    assert_equal(read(store).numerator, [[10]])
    assert_equal(read(store, known_at=START + 9 * HOUR).numerator, [[1]])
    assert store.compact(START + 50 * HOUR) == 1
    assert store.compact(START + 50 * HOUR) == 0, "a packed day is packed once"
    assert_equal(read(store, known_at=START + 9 * HOUR).numerator, [[1]])


def test_the_same_reading_again_changes_nothing(store: Store) -> None:
    put(store, *[panel([[1]], (TOTAL,))] * 2)
    assert_equal(read(store).numerator, [[1]])


def test_a_packed_day_reads_as_before(store: Store) -> None:
    put(
        store, panel([[float(at), 0.5] for at in range(30)], (TOTAL, AA)), panel([[99]], (TOTAL,), START + 3 * HOUR, 20)
    )
    before, known = read(store), read(store, known_at=START + 12 * HOUR)
    assert store.compact(START + 30 * HOUR) == 2
    for old, new in ((before, read(store)), (known, read(store, known_at=START + 12 * HOUR))):
        assert (old.slices, old.starts, old.collected_at) == (new.slices, new.starts, new.collected_at)
        np.testing.assert_array_equal(old.numerator, new.numerator)
    with store.unit(write=False) as unit:
        assert unit.points.span(METRIC) == (START, START + 30 * HOUR)
        assert unit.points.uncompacted(START + 30 * HOUR) == []


def test_a_day_that_is_not_over_is_not_packed(store: Store) -> None:
    put(store, panel([[1]] * 10, (TOTAL,)))
    assert store.compact(START + 10 * HOUR) == 1
    with store.unit(write=False) as unit:
        assert unit.points.uncompacted(START + 30 * HOUR) == [(METRIC, DAY)]


def test_a_packed_day_takes_revisions_and_packs_again(store: Store) -> None:
    put(store, panel([[1], [2], [3]], (TOTAL,)))
    store.compact(START + 100 * HOUR)
    put(store, panel([[20, 7]], (TOTAL, AA), START + HOUR, late=30))
    revised = read(store)
    assert_equal(revised.numerator, [[1, 0], [20, 7], [3, 0]])
    store.compact(START + 100 * HOUR)
    assert_equal(read(store).numerator, [[1, 0], [20, 7], [3, 0]])
    assert_equal(read(store, known_at=START + 12 * HOUR).numerator, [[1, 0], [2, 0], [3, 0]])


@given(
    readings=st.lists(st.tuples(st.integers(0, 30), st.integers(1, 50), st.integers(0, 5)), min_size=1, max_size=12),
    packs=st.sets(st.integers(0, 12), max_size=3),
    known=st.integers(0, 80),
)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_history_of_readings_is_read_as_it_was_known(
    store: Store, readings: list[tuple[int, int, int]], packs: set[int], known: int
) -> None:
    name = f"{METRIC}-{abs(hash((tuple(readings), frozenset(packs))))}"
    expected: dict[int, tuple[int, int]] = {}
    expected_then: dict[int, tuple[int, int]] = {}
    for step, (hour, collected, value) in enumerate(readings):
        begin = START + hour * HOUR
        one = Panel((TOTAL,), (begin,), np.array([[value]], float), np.ones((1, 1)), (START + collected * HOUR,))
        with store.unit() as unit:
            unit.points.put(name, one)
        expected[hour] = max(expected.get(hour, (-1, 0)), (collected, step))
        if collected <= known:
            expected_then[hour] = max(expected_then.get(hour, (-1, 0)), (collected, step))
        if step in packs:
            store.compact(START + 100 * HOUR)
    with store.unit(write=False) as unit:
        now = unit.points.read(name, START, START + 100 * HOUR)
        then = unit.points.read(name, START, START + 100 * HOUR, known_at=START + known * HOUR)
    for found, wanted in ((now, expected), (then, expected_then)):
        assert list(found.starts) == [START + hour * HOUR for hour in sorted(wanted)]
        assert [row[0] for row in found.numerator] == [readings[wanted[hour][1]][2] for hour in sorted(wanted)]


def test_columns_appended_by_another_process_are_seen(store: Store) -> None:
    put(store, panel([[1, 2]], (TOTAL, AA)))
    other = type(store)(store._url, scratch=True)
    put(other, panel([[3, 4, 5]], (TOTAL, AA, MQ), START + HOUR))
    with store.unit(write=False) as unit:
        assert unit.points.axis(METRIC) == (TOTAL, AA, MQ)
    put(store, panel([[6, 7]], (TOTAL, B6), START + 2 * HOUR))
    assert read(other).slices == (TOTAL, AA, MQ, B6)
    assert_equal(read(other).numerator, [[1, 2, 0, 0], [3, 4, 5, 0], [6, 0, 0, 7]])
    other.close()


def test_columns_of_a_unit_that_failed_are_not_remembered(store: Store) -> None:
    put(store, panel([[1, 2]], (TOTAL, AA)))
    with pytest.raises(ZeroDivisionError), store.unit() as unit:
        unit.points.put(METRIC, panel([[1, 9]], (TOTAL, MQ), START + HOUR))
        raise ZeroDivisionError
    put(store, panel([[3, 4]], (TOTAL, B6), START + HOUR))
    assert read(store).slices == (TOTAL, AA, B6)
    assert_equal(read(store).numerator, [[1, 2, 0], [3, 0, 4]])


def test_how_far_a_dataset_was_collected_is_kept(store: Store) -> None:
    failed = Collection("flights", START, START + HOUR, START + HOUR, Message("source.failed", {"why": "gone"}))
    with store.unit() as unit:
        assert unit.collections.get("flights") is None
        unit.collections.put(Collection("flights", None))
        unit.collections.put(failed)
        assert unit.collections.get("flights") == failed

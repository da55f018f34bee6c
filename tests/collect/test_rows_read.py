from __future__ import annotations

import gc
import math
from contextlib import nullcontext
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from metricloop.collect.model import Reading, Row
from metricloop.collect.rows_read import rows_of, time_read
from metricloop.define.dataset import Agg, Measure
from metricloop.kernel.errors import SourceFailed
from tests.collect.flights import FLIGHTS, hour, reading

MEASURES = (Measure("n", Agg.COUNT), Measure("most", Agg.MAX, "distance"))
DATASET = replace(FLIGHTS, measures=MEASURES)
BUCKETS = ((hour(3, 1), hour(3, 3)), (hour(3, 1), hour(3, 2)), (hour(3, 2), hour(3, 3)))


def asked(by: tuple[str, ...] = ("carrier",)) -> Reading:
    plain = reading(hour(3, 1), hour(3, 3), by, measures=("n", "most"))
    return replace(plain, dataset=DATASET, buckets=BUCKETS)


def test_buckets_are_told_by_start_and_end() -> None:
    rows = rows_of(asked(), [(2, "b", 1, 5), (0, "b", 2, 5), (1, "a", 3, None), (0, "a", 4, 7)])
    assert [(row.bucket, row.end, row.values) for row in rows] == [
        (hour(3, 1), hour(3, 2), ("a",)),
        (hour(3, 1), hour(3, 3), ("a",)),
        (hour(3, 1), hour(3, 3), ("b",)),
        (hour(3, 2), hour(3, 3), ("b",)),
    ]
    assert rows[0].measures[0] == 3 and math.isnan(rows[0].measures[1])


def test_bytes_are_texts() -> None:
    (row,) = rows_of(asked(), [(0, "顺丰 ".encode(), 1, 5)])
    assert row.values == ("顺丰 ",)


@pytest.mark.parametrize("cell", [3, -1, "0", None])
def test_a_bucket_that_was_not_asked_for_is_one_clear_error(cell: object) -> None:
    with pytest.raises(SourceFailed, match="bucket came back"):
        rows_of(asked(), [(cell, "a", 1, 1)])


def test_rows_of_an_hour_that_never_was_are_added_to_the_next() -> None:
    plain = reading(hour(3, 10), hour(3, 11), ("carrier",), measures=("scheduled",))
    naive = replace(plain, dataset=replace(FLIGHTS, time_column_zone=FLIGHTS.timezone))
    raw = [("2013-03-10 03:00:00", "a", 2), ("2013-03-10 02:00:00", "a", 1), ("2013-03-10 02:00:00", "b", 5)]
    assert rows_of(naive, raw) == [Row(hour(3, 10, 7), ("a",), (3.0,)), Row(hour(3, 10, 7), ("b",), (5.0,))]


def test_hours_may_come_as_numbers() -> None:
    plain = reading(hour(3, 1), hour(3, 2), measures=("scheduled",))
    since = (hour(3, 1, 5).replace(tzinfo=None) - datetime.fromisoformat("1900-01-01")) // timedelta(hours=1)
    assert rows_of(plain, [(since, 7)]) == [Row(hour(3, 1, 5), (), (7.0,))]


def test_dates_texts_and_times_are_times() -> None:
    assert time_read(date(2013, 3, 1)) == time_read("2013-03-01") == datetime.fromisoformat("2013-03-01 00:00:00")
    assert time_read(hour(3, 1)) == datetime(2013, 3, 1, tzinfo=UTC)


@pytest.mark.parametrize("collecting", [True, False])
@pytest.mark.parametrize("cell", [0, "never"])
def test_whether_garbage_is_searched_for_is_as_before_also_after_an_error(cell: object, collecting: bool) -> None:
    was = gc.isenabled()
    (gc.enable if collecting else gc.disable)()
    try:
        with nullcontext() if cell == 0 else pytest.raises(SourceFailed):
            rows_of(asked(), [(cell, "a", 1, 1)])
        assert gc.isenabled() is collecting
    finally:
        (gc.enable if was else gc.disable)()

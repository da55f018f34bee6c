from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from metricloop.collect.day_cache import DayCache
from metricloop.kernel.errors import SourceFailed
from metricloop.plugins.sources import Sources
from tests.collect.flights import FLIGHTS, hour, open_sources, reading
from tests.collect.test_prefetch import Counting

H = timedelta(hours=1)
LEAVES = ("carrier", "origin", "dest")


@pytest.fixture(scope="module")
def sources() -> Iterator[Sources]:
    with open_sources() as opened:
        yield opened


@pytest.mark.parametrize(("start", "hours"), [(0, 24), (5, 3), (20, 9), (-30, 100), (7, 0), (23, 2)])
def test_cached_days_give_the_same_rows_as_the_source(sources: Sources, start: int, hours: int) -> None:
    cache = DayCache(sources)
    asked = reading(hour(3, 7) + start * H, hour(3, 7) + (start + hours) * H, LEAVES)
    for _ in range(2):
        assert list(cache.read(asked)) == list(sources.read(asked))


def test_a_day_is_read_once_however_often_it_is_asked(sources: Sources) -> None:
    counting = Counting(sources)
    cache = DayCache(counting)
    for i in range(20):
        cache.read(reading(hour(3, 7, i), hour(3, 9, i), LEAVES))
    assert [(asked.start, asked.end) for asked in counting.asked] == [
        (hour(3, 7), hour(3, 9)),
        (hour(3, 9), hour(3, 10)),
    ]


def test_days_that_are_missing_in_a_row_are_read_at_once(sources: Sources) -> None:
    counting = Counting(sources)
    cache = DayCache(counting)
    cache.read(reading(hour(3, 9), hour(3, 10)))
    cache.read(reading(hour(3, 5), hour(3, 12)))
    assert [(asked.start.day, asked.end.day) for asked in counting.asked] == [(9, 10), (5, 9), (10, 12)]


def test_days_that_are_too_much_at_once_are_read_in_parts(sources: Sources) -> None:
    asked = replace(reading(hour(3, 7), hour(3, 12), LEAVES), limit=1000)
    with pytest.raises(SourceFailed):
        sources.read(asked)
    assert list(DayCache(sources).read(asked)) == list(sources.read(replace(asked, limit=1_000_000)))


def test_a_day_that_alone_is_too_much_fails_as_the_source_does(sources: Sources) -> None:
    with pytest.raises(SourceFailed, match="more than 10 rows"):
        DayCache(sources).read(replace(reading(hour(3, 7), hour(3, 12), LEAVES), limit=10))


def test_the_days_not_used_for_longest_go_first(sources: Sources) -> None:
    counting = Counting(sources)
    cache = DayCache(counting, days=2)
    for day in (7, 8, 7, 9, 7, 8):
        cache.read(reading(hour(3, day), hour(3, day + 1)))
    assert [asked.start.day for asked in counting.asked] == [7, 8, 9, 8]


def test_other_buckets_and_conditions_are_not_mixed_with_hours() -> None:
    with open_sources() as sources:
        cache = DayCache(sources)
        plain = reading(hour(3, 1), hour(3, 3), ("carrier",), measures=("scheduled",))
        narrowed = replace(plain, where="carrier = 'AA'")
        days = replace(plain, buckets=((hour(3, 1), hour(3, 2)), (hour(3, 1), hour(3, 3))))
        for _ in range(2):
            for asked in (plain, narrowed, days):
                assert list(cache.read(asked)) == list(sources.read(asked))


def test_days_begin_with_an_hour_of_the_dataset() -> None:
    half = timedelta(minutes=30)
    plain = reading(hour(3, 1, 5) + half, hour(3, 3, 2) + half, measures=("scheduled",))
    asked = replace(plain, dataset=replace(FLIGHTS, timezone=ZoneInfo("Asia/Kolkata")))
    with open_sources() as sources:
        assert list(DayCache(sources).read(asked)) == list(sources.read(asked))

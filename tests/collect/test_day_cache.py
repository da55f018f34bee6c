from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from metricloop.collect.day_cache import DayCache
from metricloop.plugins.sources import Sources
from tests.collect.flights import hour, open_sources, reading
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
    assert [asked.start for asked in counting.asked] == [hour(3, 7), hour(3, 8), hour(3, 9)]


def test_the_days_not_used_for_longest_go_first(sources: Sources) -> None:
    counting = Counting(sources)
    cache = DayCache(counting, days=2)
    for day in (7, 8, 7, 9, 7, 8):
        cache.read(reading(hour(3, day), hour(3, day + 1)))
    assert [asked.start.day for asked in counting.asked] == [7, 8, 9, 8]

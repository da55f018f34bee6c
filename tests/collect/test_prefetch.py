from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from metricloop.collect.model import Checked, Reading, Row
from metricloop.collect.ports import SourceReader
from metricloop.collect.prefetch import PrefetchingReader
from metricloop.define.dataset import Agg, Dataset, Measure
from metricloop.define.model import Source
from metricloop.kernel.errors import SourceFailed
from metricloop.plugins.sources import Sources
from tests.collect.flights import FILES, FLIGHTS, hour, open_sources, reading

H = timedelta(hours=1)


class Counting:
    """A real reader that counts what it is asked."""

    def __init__(self, reader: SourceReader) -> None:
        self._reader = reader
        self.asked: list[Reading] = []

    def read(self, asked: Reading) -> Sequence[Row]:
        self.asked.append(asked)
        return self._reader.read(asked)

    def check(self, source: Source, dataset: Dataset) -> Checked:
        return self._reader.check(source, dataset)


@pytest.fixture(scope="module")
def sources() -> Iterator[Sources]:
    with open_sources() as opened:
        yield opened


@pytest.mark.parametrize("by", [(), ("carrier",), ("carrier", "origin", "dest")], ids=str)
def test_reading_ahead_gives_the_same_rows_as_asking_hour_by_hour(sources: Sources, by: tuple[str, ...]) -> None:
    ahead = PrefetchingReader(sources, timedelta(hours=11))
    for i in range(30):
        asked = reading(hour(3, 7) + i * H, hour(3, 7) + (i + 1) * H, by)
        assert list(ahead.read(asked)) == list(sources.read(asked))


def test_windows_of_any_length_and_order_are_answered_exactly(sources: Sources) -> None:
    ahead = PrefetchingReader(sources, timedelta(hours=31))
    for start, length in ((0, 5), (3, 2), (40, 31), (40, 32), (1, 1), (28, 10), (500, 1), (0, 100)):
        asked = reading(hour(3, 7) + start * H, hour(3, 7) + (start + length) * H, ("origin",))
        assert list(ahead.read(asked)) == list(sources.read(asked))


def test_no_row_later_than_the_window_comes_out(sources: Sources) -> None:
    ahead = PrefetchingReader(sources)
    rows = ahead.read(reading(hour(3, 7, 12), hour(3, 7, 13), ("carrier",)))
    assert {row.bucket for row in rows} == {hour(3, 7, 12)}


def test_the_source_is_asked_once_per_chunk_and_grouping(sources: Sources) -> None:
    counting = Counting(sources)
    ahead = PrefetchingReader(counting, timedelta(days=2))
    for i in range(24 * 6):
        for by in ((), ("carrier",)):
            ahead.read(reading(hour(3, 7) + i * H, hour(3, 7) + (i + 1) * H, by))
    assert len(counting.asked) == 3 * 2


def test_a_changed_definition_is_never_answered_from_the_old_one(sources: Sources) -> None:
    ahead = PrefetchingReader(sources)
    asked = reading(hour(3, 7, 12), hour(3, 7, 13), measures=("on_time",))
    late = replace(FLIGHTS, measures=(Measure("on_time", Agg.COUNT, filter="arr_delay <= 60"),))
    changed = replace(asked, dataset=late)
    assert list(ahead.read(asked)) != list(ahead.read(changed))
    assert list(ahead.read(changed)) == list(sources.read(changed))


def test_a_chunk_too_big_for_the_limit_is_asked_hour_by_hour(sources: Sources) -> None:
    counting = Counting(sources)
    ahead = PrefetchingReader(counting)
    for i in range(10, 20):
        asked = reading(hour(3, 7, i), hour(3, 7, i + 1), ("carrier",), limit=20)
        assert list(ahead.read(asked)) == list(sources.read(asked))
    assert len(counting.asked) == 1 + 10


def test_an_hour_too_big_for_the_limit_fails_as_without_reading_ahead(sources: Sources) -> None:
    ahead = PrefetchingReader(sources)
    with pytest.raises(SourceFailed, match="more than 2 rows"):
        ahead.read(reading(hour(3, 7, 12), hour(3, 7, 13), ("carrier",), limit=2))


def test_checking_goes_straight_through(sources: Sources) -> None:
    assert PrefetchingReader(sources).check(FILES, FLIGHTS) == sources.check(FILES, FLIGHTS)


def test_other_buckets_and_conditions_are_not_mixed_with_hours() -> None:
    with open_sources() as sources:
        ahead = PrefetchingReader(sources)
        plain = reading(hour(3, 1), hour(3, 3), ("carrier",), measures=("scheduled",))
        narrowed = replace(plain, where="carrier = 'AA'")
        days = replace(plain, buckets=((hour(3, 1), hour(3, 2)), (hour(3, 1), hour(3, 3))))
        for asked in (plain, narrowed, days):
            assert list(ahead.read(asked)) == list(sources.read(asked))

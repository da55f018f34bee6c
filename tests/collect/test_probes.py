"""Questions about rows: the same answers from every engine, and digests that see every change."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from metricloop.collect.compile import DIALECTS
from metricloop.collect.model import Checksum, Profile, Reading
from metricloop.collect.probes import compile_changed, digests_of
from metricloop.define.dataset import Agg, Dataset, Measure
from metricloop.define.model import Source
from metricloop.kernel.errors import InvalidInput, SourceFailed
from metricloop.plugins.sources import Sources
from tests.collect.engines import ENGINES, Cells
from tests.collect.flights import FLIGHTS, hour, open_sources

SEEN: Dataset = replace(
    FLIGHTS,
    updated_column="time_hour",
    key=("carrier", "dest"),
    measures=(Measure("late", Agg.COUNT, filter="arr_delay > 15"), Measure("miles", Agg.SUM, "distance")),
)
ROWS: list[list[str | None]] = [
    ["2013-02-03T10:15:00Z", "AA", "JFK", "BOS", "1", "5", "10"],
    ["2013-02-03T10:25:00Z", "AA", "JFK", "BOS", "2", "5", None],
    ["2013-02-03T10:35:00Z", None, "JFK", "BOS", None, "50", "7"],
    ["2013-02-03T12:00:00Z", "", "LGA", "ORD", "1", "50", "7"],
]


@pytest.fixture(scope="module")
def sources() -> Iterator[Sources]:
    with open_sources() as opened:
        yield opened


def digests(sources: Sources, name: str, folder: Path, rows: Cells) -> list[Checksum]:
    folder.mkdir()
    with ENGINES[name](folder, rows) as source:
        return list(sources.digest(asked(replace(source, name=folder.name))))


def asked(source: Source) -> Reading:
    return Reading(source, SEEN, ("late", "miles"), (), hour(2, 3), hour(2, 4))


@pytest.mark.parametrize("name", sorted(ENGINES))
def test_a_digest_sees_every_change_and_no_order(name: str, tmp_path: Path, sources: Sources) -> None:
    first = digests(sources, name, tmp_path / "first", ROWS)
    assert [(one.bucket, one.rows) for one in first] == [(hour(2, 3, 10), 3), (hour(2, 3, 12), 1)]
    assert digests(sources, name, tmp_path / "turned", ROWS[::-1]) == first
    for row, column, value in [(0, 1, "aa"), (1, 6, "0"), (2, 1, ""), (2, 5, "51"), (2, 0, "2013-02-03T10:36:00Z")]:
        changed = [list(one) for one in ROWS]
        changed[row][column] = value
        found = digests(sources, name, tmp_path / f"{row}-{column}-{value[-6:-4]}", changed)
        assert found[0].digest != first[0].digest, (row, column, value)
        assert found[1] == first[1]
    assert digests(sources, name, tmp_path / "fewer", ROWS[1:])[0].rows == 2


@pytest.mark.parametrize("name", sorted(ENGINES))
def test_a_profile_counts_rows_nulls_and_repeated_keys(name: str, tmp_path: Path, sources: Sources) -> None:
    with ENGINES[name](tmp_path, ROWS) as source:
        found = sources.profile(asked(replace(source, name="profiled")))
    assert list(found) == [
        Profile(hour(2, 3, 10), 3, {"carrier": 1, "origin": 0, "dest": 0, "distance": 1}, 1),
        Profile(hour(2, 3, 12), 1, {"carrier": 0, "origin": 0, "dest": 0, "distance": 0}, 0),
    ]


@pytest.mark.parametrize("name", sorted(ENGINES))
def test_changed_hours_and_the_newest_row(name: str, tmp_path: Path, sources: Sources) -> None:
    with ENGINES[name](tmp_path, ROWS) as given:
        source = replace(given, name="changing")
        assert sources.changed(source, SEEN, hour(2, 3, 10) + timedelta(minutes=26)) == [hour(2, 3, 10), hour(2, 3, 12)]
        assert sources.changed(source, SEEN, hour(2, 3, 11)) == [hour(2, 3, 12)]
        assert sources.changed(source, SEEN, hour(2, 3, 13)) == []
        assert sources.changed(source, FLIGHTS, hour(2, 3)) is None
        assert sources.newest(source, SEEN, hour(2, 4)) == hour(2, 3, 12)
        assert sources.newest(source, SEEN, hour(2, 3, 12)) == hour(2, 3, 12)
        assert sources.newest(source, SEEN, hour(2, 3, 11)) == hour(2, 3, 10) + timedelta(minutes=35)
        assert sources.newest(source, SEEN, hour(2, 2)) is None


@pytest.mark.parametrize("dialect", DIALECTS)
def test_what_cannot_tell_updates_is_not_asked_for_them(dialect: str) -> None:
    with pytest.raises(InvalidInput, match="updated_column"):
        compile_changed(FLIGHTS, hour(2, 3), dialect)


def test_an_hour_that_clocks_skipped_adds_up_with_the_one_it_counts_in() -> None:
    dataset = replace(SEEN, time_column_zone=FLIGHTS.timezone)
    reading = replace(asked(Source("s", "p", FLIGHTS.label)), dataset=dataset, start=hour(3, 10), end=hour(3, 11))
    found = digests_of(reading, [("2013-03-10 02:00:00", 1, 5), ("2013-03-10 03:00:00", 2, 7)])
    assert found == [Checksum(hour(3, 10, 7), 3, "12")]


def test_more_buckets_than_the_limit_raise() -> None:
    reading = replace(asked(Source("s", "p", FLIGHTS.label)), limit=1)
    with pytest.raises(SourceFailed, match="more than 1 rows"):
        digests_of(reading, [("2013-02-03 02:00:00", 1, 5), ("2013-02-03 03:00:00", 2, 7)])

"""One definition gives the same rows, cell by cell, on every engine."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from metricloop.collect.use_cases import check_dataset
from metricloop.define.dataset import Agg, Measure
from metricloop.define.model import Source
from metricloop.plugins.sources import Sources
from tests.collect.engines import ENGINES, Cells, flights_of
from tests.collect.flights import FILES, FLIGHTS, hour, open_sources, reading

GROUPINGS: list[tuple[str, ...]] = [(), ("carrier",), ("origin",), ("dest",), ("carrier", "origin", "dest")]


@pytest.fixture(scope="module")
def february() -> Cells:
    return flights_of(2)


@pytest.fixture(scope="module")
def sources() -> Iterator[Sources]:
    with open_sources() as opened:
        yield opened


@pytest.fixture(scope="module", params=sorted(ENGINES))
def engine(
    request: pytest.FixtureRequest, february: Cells, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Source]:
    with ENGINES[request.param](tmp_path_factory.mktemp(request.param), february) as source:
        yield source


@pytest.mark.parametrize("by", GROUPINGS, ids=lambda by: "-".join(by) or "total")
def test_a_month_of_flights_reads_the_same_from_every_engine(
    sources: Sources, engine: Source, by: tuple[str, ...]
) -> None:
    # 2 February on: local days of February hold no flight of January's UTC hours and miss none.
    start, end = hour(2, 2), hour(2, 28)
    expected = sources.read(reading(start, end, by))
    found = sources.read(reading(start, end, by, source=replace(engine, name="other")))
    assert len(expected) > 400
    assert list(found) == list(expected)


def test_every_engine_agrees_that_the_dataset_fits(sources: Sources, engine: Source) -> None:
    assert check_dataset(sources, FILES, FLIGHTS) == []
    assert check_dataset(sources, replace(engine, name="other"), FLIGHTS) == []


AT = "2013-02-03T10:15:00Z"
ODD: Cells = [
    [AT, None, "JFK", "BOS", "1", "5", "10"],
    [AT, "(none)", "JFK", "BOS", "1", "5", "10"],
    [AT, "", "JFK", "BOS", "1", None, None],
    [AT, "é", "LGA", "b'o\"s", None, "20", "1"],
    [AT, "E", "LGA", "100%", "1", "5", "7"],
    [AT, "e", "LGA", "a_b", "1", "5", "7"],
    ["2013-02-03T10:59:59Z", "e", "LGA", "a_b", "1", "5", "7"],
    ["2013-02-03T11:00:00Z", "e", "LGA", "a_b", "1", "5", "7"],
    [None, "e", "LGA", "a_b", "1", "5", "7"],
]


@pytest.mark.parametrize("name", sorted(ENGINES))
def test_odd_values_read_the_same_from_every_engine(name: str, tmp_path: Path) -> None:
    measures = (
        Measure("n", Agg.COUNT),
        Measure("known", Agg.COUNT, "arr_delay"),
        Measure("lower", Agg.COUNT, filter="carrier LIKE 'e%' OR dest = '100%'"),
        Measure("nothing", Agg.SUM, "distance", "arr_delay > 1000"),
    )
    asked = replace(reading(hour(2, 3, 10), hour(2, 3, 11), ("carrier",)), measures=tuple(m.name for m in measures))
    asked = replace(asked, dataset=replace(FLIGHTS, measures=measures))
    with ENGINES[name](tmp_path, ODD) as source, open_sources() as sources:
        rows = sources.read(replace(asked, source=source))
    assert {row.bucket for row in rows} == {hour(2, 3, 10)}
    assert [(row.values[0], row.measures) for row in rows] == [
        ("", (1.0, 0.0, 0.0, 0.0)),
        ("(none)", (2.0, 2.0, 0.0, 0.0)),
        ("E", (1.0, 1.0, 1.0, 0.0)),
        ("e", (2.0, 2.0, 2.0, 0.0)),
        ("é", (1.0, 1.0, 0.0, 0.0)),
    ]


@pytest.mark.parametrize("name", sorted(ENGINES))
def test_the_window_is_half_open(name: str, tmp_path: Path) -> None:
    with ENGINES[name](tmp_path, ODD) as source, open_sources() as sources:
        both = sources.read(reading(hour(2, 3, 10), hour(2, 3, 12), measures=("scheduled",), source=source))
        none = sources.read(reading(hour(2, 3, 9), hour(2, 3, 10), measures=("scheduled",), source=source))
    assert [(row.bucket, row.measures) for row in both] == [(hour(2, 3, 10), (7.0,)), (hour(2, 3, 11), (1.0,))]
    assert both[1].bucket - both[0].bucket == timedelta(hours=1)
    assert list(none) == []

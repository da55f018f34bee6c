"""Collecting the real flights into a unit of work in memory."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import numpy as np
import pytest

from metricloop.collect.model import Checked, Reading, Row
from metricloop.collect.ports import SourceReader
from metricloop.collect.prefetch import PrefetchingReader
from metricloop.collect.restate import measures_of
from metricloop.collect.rules import Window
from metricloop.collect.use_cases import (
    Collected,
    check_dataset,
    collect_due,
    fetch,
    keep,
    look_for_due,
    read_leaves,
)
from metricloop.define.dataset import Agg, Dataset, Measure
from metricloop.define.model import Source
from metricloop.kernel.errors import Bug
from metricloop.kernel.message import Text
from metricloop.kernel.slices import TOTAL, Slice
from metricloop.plugins.sources import Sources
from tests.collect.engines import closed_port
from tests.collect.flights import FILES, FLIGHTS, METRICS, hour, metric, open_sources
from tests.collect.memory import MemoryUnit

H = timedelta(hours=1)


@pytest.fixture(scope="module")
def sources() -> Iterator[Sources]:
    with open_sources() as opened:
        yield opened


def dead_source() -> Source:
    """A PostgreSQL where nobody listens."""
    options = {"host": "127.0.0.1", "port": closed_port(), "database": "none", "connect_timeout_s": 2}
    return Source("unplugged", "postgres", Text(), options)


def collect(unit: MemoryUnit, reader: SourceReader, now: datetime, source: Source = FILES) -> Collected:
    with unit:
        return collect_due(unit, reader, FLIGHTS, source, METRICS, now, since=hour(4, 16))


def test_closed_hours_become_points_of_every_metric_and_slice(sources: Sources) -> None:
    unit = MemoryUnit()
    done = collect(unit, sources, hour(4, 18))
    assert done == Collected("flights", Window(hour(4, 16), hour(4, 17, 16)))
    rate = unit.points.read("on_time_rate", hour(4, 16, 4), hour(4, 17, 4))
    day = rate.numerator.sum(axis=0) / rate.denominator.sum(axis=0)
    shown = {str(s): round(float(day[i]), 2) for i, s in enumerate(rate.slices) if s.dimensions in ((), ("carrier",))}
    assert (shown["carrier=AA"], shown["carrier=MQ"]) == (0.38, 0.31)  # the computers of American Airlines were down
    assert shown["carrier=UA"] > 0.8
    assert rate.slices[0] == TOTAL
    assert set(rate.collected_at) == {hour(4, 18)}


def test_slices_of_a_dimension_sum_to_the_total(sources: Sources) -> None:
    unit = MemoryUnit()
    collect(unit, sources, hour(4, 18))
    for name in ("on_time_rate", "flights", "cancellations"):
        panel = unit.points.read(name, hour(4, 16), hour(4, 18))
        for dimension in FLIGHTS.dimensions:
            columns = [i for i, s in enumerate(panel.slices) if s.dimensions == (dimension,)]
            assert np.array_equal(panel.numerator[:, columns].sum(axis=1), panel.numerator[:, 0])


def test_the_watermark_moves_and_one_event_tells_the_span(sources: Sources) -> None:
    unit = MemoryUnit()
    collect(unit, sources, hour(4, 18))
    state = unit.collections.get("flights")
    assert state is not None
    assert (state.until, state.last_run_at, state.failure) == (hour(4, 17, 16), hour(4, 18), None)
    (event,) = unit.events.told
    assert (event.kind, event.subject, event.at) == ("points.collected", "flights", hour(4, 18))
    assert event.data == {
        "dataset": "flights",
        "from": "2013-04-16T00:00:00+00:00",
        "to": "2013-04-17T16:00:00+00:00",
    }


def test_the_same_hour_is_never_collected_twice(sources: Sources) -> None:
    unit = MemoryUnit()
    collect(unit, sources, hour(4, 18))
    told, kept = list(unit.events.told), len(unit.points.panels["flights"])
    assert collect(unit, sources, hour(4, 18) + timedelta(minutes=59)) == Collected("flights")
    assert (unit.events.told, len(unit.points.panels["flights"])) == (told, kept)
    assert collect(unit, sources, hour(4, 18, 1)).window == Window(hour(4, 17, 16), hour(4, 17, 17))


def test_hour_by_hour_gives_the_same_points_as_all_at_once(sources: Sources) -> None:
    once, often = MemoryUnit(), MemoryUnit()
    collect(once, sources, hour(4, 18))
    reader = PrefetchingReader(sources)
    now = hour(4, 16, 9)
    while now <= hour(4, 18):
        assert collect(often, reader, now).failure is None
        now += H
    for name in ("on_time_rate", "flights"):
        axis = sorted(once.points.axis(name))
        assert axis == sorted(often.points.axis(name))
        left = once.points.read(name, hour(4, 16), hour(4, 18), axis)
        right = often.points.read(name, hour(4, 16), hour(4, 18), axis)
        assert left.starts == right.starts
        assert np.array_equal(left.numerator, right.numerator)


def test_a_closed_hour_without_flights_is_zero_and_not_missing(sources: Sources) -> None:
    unit = MemoryUnit()
    collect(unit, sources, hour(4, 18))
    night = unit.points.read("flights", hour(4, 16, 7), hour(4, 16, 8))
    assert night.starts == (hour(4, 16, 7),)
    assert not night.numerator.any()


def test_metrics_of_other_datasets_are_left_alone(sources: Sources) -> None:
    unit = MemoryUnit()
    other = replace(metric("shop", "orders"), dataset="orders")
    assert collect_due(unit, sources, FLIGHTS, FILES, [other], hour(4, 18)) == Collected("flights")
    assert unit.collections.rows == {}


def test_a_dead_source_keeps_its_failure_and_is_told_once_per_outage(sources: Sources) -> None:
    unit, dead = MemoryUnit(), dead_source()
    collect(unit, sources, hour(4, 18))
    for i in range(3):
        failed = collect(unit, sources, hour(4, 19) + i * H, dead)
        assert failed.failure is not None
        assert failed.failure.code == "source.failed"
    state = unit.collections.get("flights")
    assert state is not None and state.failure is not None
    assert (state.until, state.failed_since, state.last_run_at) == (hour(4, 17, 16), hour(4, 19), hour(4, 19, 2))
    params = state.failure.params
    assert params["retryable"] is True
    assert all(params[name] for name in ("source", "where", "problem", "fix"))
    (event,) = unit.events.of_kind("source.failed")
    assert (event.subject, event.at, event.data["dataset"]) == ("unplugged", hour(4, 19), "flights")


def test_a_recovered_source_is_told_and_no_hour_is_lost(sources: Sources) -> None:
    unit = MemoryUnit()
    for now, source in ((hour(4, 18), FILES), (hour(4, 19), dead_source()), (hour(4, 20), FILES)):
        collect(unit, sources, now, source)
    (recovered,) = unit.events.of_kind("source.recovered")
    assert recovered.data == {"dataset": "flights", "failed_since": hour(4, 19).isoformat()}
    state = unit.collections.get("flights")
    assert state is not None
    assert (state.until, state.failed_since, state.failure) == (hour(4, 19, 16), None, None)
    points = unit.points.read("flights", hour(4, 16), hour(5, 1))
    assert points.starts == tuple(hour(4, 16) + i * H for i in range(24 * 3 + 16))


def test_a_second_outage_is_told_again(sources: Sources) -> None:
    unit, dead = MemoryUnit(), dead_source()
    for now, source in ((hour(4, 18), dead), (hour(4, 19), FILES), (hour(4, 20), dead), (hour(4, 21), FILES)):
        collect(unit, sources, now, source)
    assert [event.at for event in unit.events.of_kind("source.failed")] == [hour(4, 18), hour(4, 20)]
    assert [event.at for event in unit.events.of_kind("source.recovered")] == [hour(4, 19), hour(4, 21)]


class BreaksAt:
    """A reader over a real one whose source is unplugged from `at` on."""

    def __init__(self, reader: SourceReader, at: datetime) -> None:
        self._reader, self._at, self._dead = reader, at, dead_source()

    def read(self, reading: Reading) -> Sequence[Row]:
        return self._reader.read(replace(reading, source=self._dead) if reading.end > self._at else reading)

    def check(self, source: Source, dataset: Dataset) -> Checked:
        return self._reader.check(source, dataset)


def test_a_source_that_dies_half_way_leaves_no_half_window(sources: Sources) -> None:
    unit = MemoryUnit()
    failed = collect_due(unit, BreaksAt(sources, hour(4, 30)), FLIGHTS, FILES, METRICS, hour(6, 1), since=hour(4, 1))
    assert failed.failure is not None
    assert unit.points.panels == {}


def test_a_wrong_measure_is_a_failure_of_this_dataset_and_not_of_the_loop(sources: Sources) -> None:
    unit = MemoryUnit()
    wrong = replace(FLIGHTS, measures=(Measure("scheduled", Agg.COUNT, filter="nope > 1"),))
    done = collect_due(unit, sources, wrong, FILES, [metric("flights", "scheduled")], hour(4, 18), since=hour(4, 16))
    assert done.failure is not None
    assert "nope" in str(done.failure.params["problem"])
    assert done.failure.params["retryable"] is False


def test_a_bug_is_not_taken_for_a_failing_source(sources: Sources) -> None:
    class Wrong(BreaksAt):
        def read(self, reading: Reading) -> Sequence[Row]:
            return sources.read(replace(reading, end=reading.end + H))

    with pytest.raises(Bug):
        collect(MemoryUnit(), Wrong(sources, hour(4, 1)), hour(4, 16, 22))


def test_looking_fetching_and_keeping_apart_is_the_same_as_collecting(sources: Sources) -> None:
    whole, parts = MemoryUnit(), MemoryUnit()
    collect(whole, sources, hour(4, 18))
    due = look_for_due(parts, FLIGHTS, FILES, METRICS, hour(4, 18), since=hour(4, 16))
    assert due is not None
    fetched = fetch(sources, due)
    assert (parts.points.panels, parts.events.told, parts.collections.rows) == ({}, [], {})
    assert keep(parts, fetched).window == due.window
    assert parts.events.told == whole.events.told
    assert parts.collections.rows == whole.collections.rows
    assert look_for_due(parts, FLIGHTS, FILES, METRICS, hour(4, 18)) is None


@pytest.mark.parametrize("dead", [False, True])
def test_what_was_fetched_is_dropped_when_somebody_else_was_quicker(sources: Sources, dead: bool) -> None:
    unit = MemoryUnit()
    source = dead_source() if dead else FILES
    due = look_for_due(unit, FLIGHTS, source, METRICS, hour(4, 18), since=hour(4, 16))
    assert due is not None
    fetched = fetch(sources, due)
    collect(unit, sources, hour(4, 18, 1))
    told, kept = list(unit.events.told), dict(unit.collections.rows)
    assert keep(unit, fetched) == Collected("flights")
    assert (unit.events.told, unit.collections.rows) == (told, kept)


def test_every_measure_is_asked_for_once() -> None:
    assert measures_of(METRICS) == ("on_time", "scheduled", "cancelled")


def test_leaves_sum_to_the_total_of_their_hours(sources: Sources) -> None:
    leaves = read_leaves(sources, FLIGHTS, FILES, ("on_time", "scheduled"), hour(4, 16, 4), hour(4, 17, 4))
    total = read_leaves(sources, FLIGHTS, FILES, ("on_time", "scheduled"), hour(4, 16, 4), hour(4, 17, 4), ())
    assert len(leaves) > 800
    assert all(len(row.values) == 3 for row in leaves)
    for i in range(2):
        assert sum(row.measures[i] for row in leaves) == sum(row.measures[i] for row in total)


def test_checking_a_dataset_tells_what_its_source_contradicts(sources: Sources) -> None:
    assert check_dataset(sources, FILES, FLIGHTS) == []
    wrong = replace(FLIGHTS, dimensions=("carier",), table="flights")
    (issue,) = check_dataset(sources, FILES, wrong)
    assert "did you mean 'carrier'?" in str(issue)
    (issue,) = check_dataset(sources, FILES, replace(FLIGHTS, table="fights"))
    assert "fights" in issue.problem and "flights" in issue.fix
    (issue,) = check_dataset(sources, dead_source(), FLIGHTS)
    assert issue.where and issue.fix


def test_new_slices_extend_the_axis_behind_the_known_ones(sources: Sources) -> None:
    unit = MemoryUnit()
    collect(unit, sources, hour(4, 16, 22))
    before = unit.points.axis("flights")
    collect(unit, sources, hour(5, 16))
    after = unit.points.axis("flights")
    assert after[: len(before)] == before
    assert len(after) > len(before)
    assert all(isinstance(s, Slice) for s in after)


def test_nothing_is_kept_when_the_unit_of_work_fails(sources: Sources) -> None:
    unit = MemoryUnit()
    with pytest.raises(OSError, match="disk"), unit:
        collect_due(unit, sources, FLIGHTS, FILES, METRICS, hour(4, 18), since=hour(4, 16))
        raise OSError("disk full")
    assert (unit.points.panels, unit.events.told, unit.collections.rows) == ({}, [], {})

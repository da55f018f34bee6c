"""When a judged bucket starts, prolongs or ends an anomaly, and what a label does to learning."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from metricloop.define.monitors import Gates, Monitor
from metricloop.detect.model import Anomaly, AnomalyState, Verdict
from metricloop.detect.rules import (
    JudgedBucket,
    bucket_count,
    effects,
    groups_of,
    masked,
    masks,
    passes,
    raising,
    step,
    watched,
)
from metricloop.kernel.grain import Grain
from metricloop.kernel.slices import Slice
from tests.triage.nouns import AA, AT, HOUR, JFK, MQ, TOTAL, anomaly, label, monitor

SLICES = (TOTAL, AA, MQ)
OPEN_NOW = dict[Slice, Anomaly]


def bucket(
    start: datetime = AT, hit: tuple[Slice, ...] = (), silent: tuple[Slice, ...] = (), shortfall: float = -15.0
) -> JudgedBucket:
    """One hour: `hit` are outside their band, `silent` could not be judged, the others are normal."""
    return JudgedBucket(
        start=start,
        end=start + HOUR,
        slices=SLICES,
        judged=np.array([s not in silent for s in SLICES]),
        anomalous=np.array([s in hit for s in SLICES]),
        shortfall=np.full(len(SLICES), shortfall),
        score=np.array([0.9 if s in hit else 0.1 for s in SLICES]),
    )


def carried(watch: Monitor, buckets: list[JudgedBucket]) -> tuple[dict[str, Anomaly], list[str]]:
    """Every anomaly after all buckets, by id, and the ids in the order in which they were raised."""
    known: dict[str, Anomaly] = {}
    told: list[str] = []
    for each in buckets:
        open_now = {a.slice: a for a in known.values() if a.state is AnomalyState.OPEN}
        changed, raised = step(watch, 3, open_now, each)
        known |= {a.id: a for a in changed}
        told += [a.id for a in raised]
    return known, told


def hours(*hits: tuple[Slice, ...]) -> list[JudgedBucket]:
    return [bucket(AT + i * HOUR, hit) for i, hit in enumerate(hits)]


def test_a_bucket_outside_its_band_starts_an_anomaly() -> None:
    known, told = carried(monitor(), hours((AA,)))
    (found,) = known.values()
    assert (found.slice, found.started_at, found.ended_at) == (AA, AT, AT + HOUR)
    assert (found.points, found.impact, found.peak_score, found.raised_at) == (1, -15.0, 0.9, None)
    assert told == []


def test_it_is_raised_once_when_it_is_long_and_large_enough() -> None:
    known, told = carried(monitor(), hours((AA,), (AA,), (AA,)))
    (found,) = known.values()
    assert told == [found.id]
    assert found.raised_at == AT + 2 * HOUR
    assert (found.points, found.impact) == (3, -45.0)


@pytest.mark.parametrize(
    ("points", "impact", "through"),
    [(2, -20.0, True), (2, 20.0, True), (1, -500.0, False), (9, -19.9, False), (2, 0.0, False)],
)
def test_gates_want_length_and_size(points: int, impact: float, through: bool) -> None:
    assert passes(Gates(20.0, 2), anomaly(points=points, impact=impact)) == through


def test_normal_buckets_in_a_row_end_it() -> None:
    known, _ = carried(monitor(), hours((AA,), (AA,), (), (AA,), (), ()))
    (found,) = known.values()
    assert (found.state, found.points, found.ended_at) == (AnomalyState.ENDED, 3, AT + 4 * HOUR)
    assert found.normal_in_a_row == 2


def test_after_its_end_a_new_one_begins() -> None:
    known, told = carried(monitor(), hours((AA,), (AA,), (), (), (AA,), (AA,)))
    assert len(known) == len(told) == 2
    assert sorted(a.started_at for a in known.values()) == [AT, AT + 4 * HOUR]


def test_a_bucket_without_verdict_neither_prolongs_nor_ends() -> None:
    quiet = [bucket(AT + i * HOUR, silent=(AA,)) for i in range(2, 8)]
    known, _ = carried(monitor(), [*hours((AA,), (AA,)), *quiet])
    (found,) = known.values()
    assert (found.state, found.ended_at, found.normal_in_a_row) == (AnomalyState.OPEN, AT + 2 * HOUR, 0)


@pytest.mark.parametrize(("grain", "silence"), [(Grain.HOUR, timedelta(hours=24)), (Grain.DAY, timedelta(days=3))])
def test_after_a_long_silence_it_is_over(grain: Grain, silence: timedelta) -> None:
    watch = monitor(grain=grain)
    before = anomaly(grain=grain, ended_at=AT)
    still, _ = step(watch, 3, {AA: before}, replace(bucket(silent=SLICES), end=AT + silence - HOUR))
    assert still == []
    (over,), _ = step(watch, 3, {AA: before}, replace(bucket(silent=SLICES), end=AT + silence))
    assert over.state is AnomalyState.ENDED
    assert over.ended_at == AT


def test_a_slice_that_is_gone_is_silent() -> None:
    gone = anomaly(slice_=JFK, ended_at=AT)
    assert step(monitor(), 3, {JFK: gone}, bucket()) == ([], [])
    (over,), _ = step(monitor(), 3, {JFK: gone}, bucket(AT + 24 * HOUR))
    assert over.state is AnomalyState.ENDED


def test_what_was_not_judged_is_not_anomalous() -> None:
    assert step(monitor(), 3, {}, bucket(hit=(AA,), silent=(AA,))) == ([], [])


def test_the_total_raises_only_where_the_monitor_asks_for_it() -> None:
    parts = monitor(slices=("carrier",))
    known, _ = carried(parts, hours((TOTAL, AA), (TOTAL, AA)))
    assert {a.slice for a in known.values()} == {AA}
    assert raising(parts, SLICES).tolist() == [False, True, True]
    assert raising(monitor(), SLICES).tolist() == [True, True, True]


def test_what_never_passed_its_gates_ends_without_a_word() -> None:
    known, told = carried(monitor(), hours((AA,), (), ()))
    (found,) = known.values()
    assert (found.state, found.raised_at, told) == (AnomalyState.ENDED, None, [])


@given(st.lists(st.tuples(*[st.sampled_from(["hit", "normal", "silent"])] * 3), max_size=40))
def test_every_slice_has_one_open_anomaly_at_most_and_none_lost(drawn: list[tuple[str, str, str]]) -> None:
    buckets = [
        bucket(
            AT + i * HOUR,
            tuple(s for s, what in zip(SLICES, states, strict=True) if what == "hit"),
            tuple(s for s, what in zip(SLICES, states, strict=True) if what == "silent"),
        )
        for i, states in enumerate(drawn)
    ]
    known, told = carried(monitor(), buckets)
    open_slices = [a.slice for a in known.values() if a.state is AnomalyState.OPEN]
    assert len(open_slices) == len(set(open_slices))
    assert len(told) == len(set(told))
    assert sum(a.points for a in known.values()) == sum(what == "hit" for states in drawn for what in states)
    for found in known.values():
        assert (found.raised_at is not None) == (found.id in told) == passes(monitor().gates, found)
        assert found.started_at < found.ended_at
        assert found.impact == pytest.approx(-15.0 * found.points)


def test_the_same_bucket_judged_twice_by_two_processes_has_one_id() -> None:
    assert step(monitor(), 3, {}, bucket(hit=(AA,)))[0][0].id == step(monitor(), 4, {}, bucket(hit=(AA,)))[0][0].id


def test_watched_columns_are_the_total_and_single_values() -> None:
    axis = (AA, Slice.of({"carrier": "AA", "origin": "JFK"}), TOTAL, JFK, Slice.of({"dest": "SFO"}))
    assert watched(monitor(), axis) == (2, 0, 3)
    assert watched(monitor(slices=("dest",)), axis) == (2, 4)
    assert watched(monitor(), (AA, JFK)) == ()


def test_groups_are_the_total_then_each_dimension() -> None:
    assert groups_of(monitor(), (TOTAL, AA, JFK, MQ)) == [0, 1, 2, 1]


@pytest.mark.parametrize(
    ("why", "of", "expected"),
    [
        ("its own slice", label("x", Verdict.TRUE, masks=True), [False, True, False]),
        ("the total masks its parts", label("x", Verdict.TRUE, TOTAL, masks=True), [True, True, True]),
        ("it does not mask", label("x", Verdict.FALSE_ALARM), [False, False, False]),
        ("it was taken back", label("x", Verdict.TRUE, masks=True, withdrawn_at=AT), [False, False, False]),
        ("it ended before", label("x", Verdict.TRUE, first=-2, hours=2, masks=True), [False, False, False]),
        ("it begins after", label("x", Verdict.TRUE, first=1, masks=True), [False, False, False]),
        (
            "it covers a part of the hour",
            label("x", Verdict.TRUE, first=0.5, hours=0.1, masks=True),
            [False, True, False],
        ),
    ],
)
def test_a_label_keeps_its_span_out_of_learning(why: str, of: object, expected: list[bool]) -> None:
    assert isinstance(of, type(label("x", Verdict.TRUE)))
    assert masked([of], SLICES, AT, AT + HOUR).tolist() == expected, why


@pytest.mark.parametrize(
    ("verdict", "masking", "codes"),
    [
        (Verdict.TRUE, True, ["effect.masked"]),
        (Verdict.MISSED, True, ["effect.masked"]),
        (Verdict.EXPECTED, True, ["effect.masked", "effect.planned_event"]),
        (Verdict.FALSE_ALARM, False, ["effect.kept_in_learning", "effect.counts_towards_proposal"]),
        (Verdict.NEW_NORMAL, False, ["effect.learnt_as_normal"]),
    ],
)
def test_every_verdict_has_an_effect_that_can_be_seen(verdict: Verdict, masking: bool, codes: list[str]) -> None:
    told = effects(verdict, buckets=5, false_alarms=2, needed=3)
    assert masks(verdict) == masking
    assert [message.code for message in told] == codes


def test_the_way_to_a_proposal_is_counted() -> None:
    told = effects(Verdict.FALSE_ALARM, buckets=5, false_alarms=2, needed=3)
    assert told[1].params == {"have": 2, "needed": 3}


@pytest.mark.parametrize(("grain", "hours_", "count"), [(Grain.HOUR, 5, 5), (Grain.DAY, 47, 2), (Grain.DAY, 1, 1)])
def test_a_span_has_at_least_one_bucket(grain: Grain, hours_: int, count: int) -> None:
    assert bucket_count(grain, AT, AT + hours_ * HOUR) == count

"""A detector kept warm is only a cache: cold or warm, in one go or hour by hour, the verdicts are the same."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from metricloop.define.model import Direction
from metricloop.define.monitors import Gates, Monitor
from metricloop.detect import use_cases as detect
from metricloop.detect.judge import Judge, Watched, learns
from metricloop.detect.model import Anomaly, Label, Verdict
from metricloop.kernel.errors import Conflict, NotFound
from metricloop.kernel.grain import Grain
from metricloop.kernel.series import BandPanel, Panel
from metricloop.kernel.slices import TOTAL, Slice
from metricloop.store import Store, open_store
from tests.triage.nouns import incident, metric, monitor

HOUR = timedelta(hours=1)
START = datetime(2026, 1, 5, tzinfo=UTC)
WARM = START + 28 * 24 * HOUR
END = WARM + 7 * 24 * HOUR
AA, MQ, NEW = (Slice.of({"carrier": name}) for name in ("AA", "MQ", "ZZ"))
BAD = (WARM + 34 * HOUR, WARM + 40 * HOUR)
ZONE = ZoneInfo("America/New_York")
WATCH = Watched(monitor(slices=("", "carrier")), 1, metric(), ZONE)


def points(start: datetime, end: datetime, slices: tuple[Slice, ...] = (TOTAL, AA, MQ)) -> Panel:
    """Steady rates with a daily shape; American falls to half in BAD. An hour is the same whenever it is asked for."""
    hours = int((end - start) / HOUR)
    den, num = np.zeros((hours, len(slices))), np.zeros((hours, len(slices)))
    starts = tuple(start + i * HOUR for i in range(hours))
    for row, at in enumerate(starts):
        rng = np.random.default_rng(int(at.timestamp()))
        for column, slice_ in enumerate(slices):
            if not slice_:
                continue
            den[row, column] = rng.poisson(40 + 20 * np.sin(at.hour / 24 * 2 * np.pi))
            bad = slice_ == AA and BAD[0] <= at < BAD[1]
            num[row, column] = rng.binomial(int(den[row, column]), 0.45 if bad else 0.85)
    place = slices.index(TOTAL)
    den[:, place], num[:, place] = den.sum(axis=1), num.sum(axis=1)
    return Panel(slices, starts, num, den, starts)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = open_store(tmp_path / "state.db", scratch=True)
    opened.migrate()
    with opened.unit() as unit:
        unit.points.put("on_time_rate", points(START, WARM))
    yield opened
    opened.close()


def judge_until(store: Store, judge: Judge, until: datetime, watch: Watched = WATCH) -> None:
    with store.unit() as unit:
        detect.judge_until(unit, judge, watch, until=until, at=until)


def collect(store: Store, start: datetime, end: datetime, **given: Any) -> None:
    with store.unit() as unit:
        unit.points.put("on_time_rate", points(start, end, **given))


def verdicts(store: Store, watch: Watched = WATCH) -> BandPanel:
    with store.unit(write=False) as unit:
        return unit.bands.read(watch.monitor.name, START, END + HOUR)


def anomalies(store: Store) -> list[Anomaly]:
    with store.unit(write=False) as unit:
        return list(unit.anomalies.between("on_time_rate", START, END))


def same(one: BandPanel, other: BandPanel) -> bool:
    names = ("expected", "lower", "upper", "score", "anomalous")
    axes = (one.slices, one.starts) == (other.slices, other.starts)
    return axes and all(np.array_equal(getattr(one, n), getattr(other, n), equal_nan=n != "anomalous") for n in names)


def run(store: Store, *, judge: Judge | None = None, step: timedelta = HOUR, watch: Watched = WATCH) -> BandPanel:
    """Learn the past, then judge the week in steps; a `judge` of None is a new one for each step."""
    judge_until(store, judge or Judge(), WARM, watch)
    at = WARM
    while at < END:
        collect(store, at, min(at + step, END))
        at = min(at + step, END)
        judge_until(store, judge or Judge(), at, watch)
    return verdicts(store, watch)


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory) -> BandPanel:
    """The week judged hour by hour by one judge that stays warm."""
    opened = open_store(tmp_path_factory.mktemp("warm") / "state.db", scratch=True)
    opened.migrate()
    with opened.unit() as unit:
        unit.points.put("on_time_rate", points(START, WARM))
    found = run(opened, judge=Judge())
    opened.close()
    return found


def test_history_is_learnt_without_alarms(store: Store) -> None:
    judge_until(store, Judge(), WARM)
    assert (verdicts(store).starts, anomalies(store)) == ((), [])
    with store.unit(write=False) as unit:
        assert unit.bands.judged_until("on_time_hourly") == WARM


def test_a_real_drop_is_one_anomaly_of_its_slice(store: Store) -> None:
    run(store, judge=Judge(), step=6 * HOUR)
    raised = [a for a in anomalies(store) if a.raised_at is not None and a.slice == AA]
    assert len(raised) == 1
    assert BAD[0] <= raised[0].started_at < raised[0].ended_at <= BAD[1]
    assert raised[0].impact < -20


def test_cold_and_warm_judge_alike(store: Store, expected: BandPanel) -> None:
    assert same(run(store, judge=None, step=5 * HOUR), expected)


def test_one_big_step_judges_as_many_small_ones(store: Store, expected: BandPanel) -> None:
    assert same(run(store, judge=Judge(), step=END - WARM), expected)


def test_a_transaction_that_is_undone_leaves_nothing_in_memory(store: Store, expected: BandPanel) -> None:
    judge = Judge()
    judge_until(store, judge, WARM)
    collect(store, WARM, END)
    with pytest.raises(Conflict), store.unit() as unit:
        detect.judge_until(unit, judge, WATCH, until=WARM + 30 * HOUR, at=END)
        raise Conflict("undone")
    judge_until(store, judge, END)
    assert same(verdicts(store), expected)


def test_judging_twice_changes_nothing(store: Store) -> None:
    judge = Judge()
    first = run(store, judge=judge, step=12 * HOUR)
    before = anomalies(store)
    judge_until(store, judge, END)
    judge_until(store, Judge(), END)
    assert same(verdicts(store), first)
    assert anomalies(store) == before


def test_what_comes_later_does_not_change_a_verdict(store: Store, expected: BandPanel) -> None:
    judge_until(store, Judge(), WARM)
    collect(store, WARM, END)
    judge_until(store, Judge(), WARM + 48 * HOUR)
    found = verdicts(store)
    assert len(found.starts) == 48
    assert np.array_equal(found.score, expected.score[:48], equal_nan=True)


def test_a_new_version_that_only_raises_the_gates_judges_as_before(store: Store, expected: BandPanel) -> None:
    judge_until(store, Judge(), WARM)
    newer = replace(WATCH, monitor=replace(WATCH.monitor, gates=Gates(500.0, 9)), version=2)
    collect(store, WARM, END)
    judge_until(store, Judge(), END, newer)
    assert same(verdicts(store), expected)
    assert all(a.raised_at is None for a in anomalies(store))
    assert learns(newer) == learns(WATCH)


def other(**changes: Any) -> Monitor:
    return replace(WATCH.monitor, **changes)


@pytest.mark.parametrize(
    "changed",
    [
        replace(WATCH, version=2, monitor=other(slices=("",))),
        replace(WATCH, version=2, monitor=other(grain=Grain.DAY)),
        replace(WATCH, version=2, monitor=other(options={"budget": 0.5, "total_budget": 0.5})),
        replace(
            WATCH, metric=replace(WATCH.metric, governance=replace(WATCH.metric.governance, minimum_denominator=45))
        ),
        replace(
            WATCH,
            metric=replace(WATCH.metric, governance=replace(WATCH.metric.governance, good_direction=Direction.DOWN)),
        ),
    ],
    ids=["slices", "grain", "options", "minimum denominator", "good direction"],
)
def test_what_was_learnt_under_other_terms_is_not_used(store: Store, changed: Watched) -> None:
    """The same verdicts as if the new terms had been there from the beginning, in memory or from checkpoints."""
    warm = Judge()
    judge_until(store, warm, WARM)
    collect(store, WARM, END)
    with store.unit() as unit:
        fresh = Judge().next_buckets(unit, changed, WARM, END)
        again = warm.next_buckets(unit, changed, WARM, END)
        unit.connection.exec_driver_sql("DELETE FROM detector_states")
        scratch = Judge().next_buckets(unit, changed, WARM, END)
    assert len(fresh) == len(again) == len(scratch) > 0
    for (_, one), (_, two), (_, three) in zip(fresh, again, scratch, strict=True):
        assert same(one, three) and same(two, three)


def test_a_slice_that_appears_later_is_watched_from_then_on(store: Store) -> None:
    judge = Judge()
    judge_until(store, judge, WARM)
    collect(store, WARM, WARM + 24 * HOUR)
    judge_until(store, judge, WARM + 24 * HOUR)
    collect(store, WARM + 24 * HOUR, END, slices=(TOTAL, AA, MQ, NEW))
    judge_until(store, judge, END)
    warm = verdicts(store)
    assert NEW in warm.slices
    column = warm.expected[:, warm.slices.index(NEW)]
    assert np.isnan(column[:48]).all(), "nobody can judge what has no history"


def test_days_are_judged_once_they_are_whole(store: Store) -> None:
    daily = replace(WATCH, monitor=replace(WATCH.monitor, name="daily", grain=Grain.DAY))
    run(store, judge=Judge(), step=6 * HOUR, watch=daily)
    starts = verdicts(store, daily).starts
    assert {at.astimezone(ZONE).hour for at in starts} == {0}
    assert len(starts) in (6, 7)


def test_a_monitor_without_points_waits(store: Store) -> None:
    nothing = replace(WATCH, metric=metric("brand_new"), monitor=replace(WATCH.monitor, name="n", metric="brand_new"))
    judge_until(store, Judge(), END, nothing)
    with store.unit(write=False) as unit:
        assert unit.bands.judged_until("n") is None


def put_label(store: Store, verdict: Verdict, incident: int | None = None, hours: int = 6) -> Label:
    with store.unit() as unit:
        return detect.add_label(
            unit,
            incident=incident,
            metric="on_time_rate",
            slice_=AA,
            grain=Grain.HOUR,
            start=BAD[0],
            end=BAD[0] + hours * HOUR,
            verdict=verdict,
            note="",
            person="ada",
            at=END + hours * HOUR,
        )


def learnt(store: Store, at: datetime = END) -> BandPanel:
    """What would be expected of the next hour."""
    with store.unit() as unit:
        unit.points.put("on_time_rate", points(at, at + HOUR))
        ((_, band),) = Judge().next_buckets(unit, WATCH, at, at + HOUR)
    return band


def test_a_mask_takes_the_span_out_of_learning_and_withdrawing_puts_it_back(store: Store) -> None:
    run(store, judge=Judge(), step=12 * HOUR)
    plain = learnt(store)
    label = put_label(store, Verdict.TRUE)
    masked = learnt(store)
    assert not same(plain, masked)
    with store.unit() as unit:
        detect.withdraw_label(unit, label.id, person="ada", at=END)
    assert same(learnt(store), plain)
    with pytest.raises(Conflict, match="taken back already"), store.unit() as unit:
        detect.withdraw_label(unit, label.id, person="ada", at=END)
    with pytest.raises(NotFound), store.unit() as unit:
        detect.withdraw_label(unit, "gone", person="ada", at=END)


def test_a_verdict_that_replaces_another_undoes_its_mask(store: Store) -> None:
    run(store, judge=Judge(), step=12 * HOUR)
    plain = learnt(store)
    with store.unit() as unit:
        unit.incidents.add(incident(1))
    put_label(store, Verdict.TRUE, incident=1)
    put_label(store, Verdict.FALSE_ALARM, incident=1, hours=5)
    with store.unit(write=False) as unit:
        assert [x.verdict for x in unit.labels.of_metric("on_time_rate")] == [Verdict.FALSE_ALARM]
    assert same(learnt(store), plain)


def test_a_false_alarm_stays_in_learning(store: Store) -> None:
    run(store, judge=Judge(), step=12 * HOUR)
    plain = learnt(store)
    told = put_label(store, Verdict.FALSE_ALARM)
    assert [m.code for m in told.effects] == ["effect.kept_in_learning", "effect.counts_towards_proposal"]
    assert same(learnt(store), plain)


def test_the_effect_can_be_seen_before(store: Store) -> None:
    with store.unit(write=False) as unit:
        span = (BAD[0], BAD[1])
        before = detect.label_effects(unit, Verdict.FALSE_ALARM, "on_time_rate", Grain.HOUR, *span)
    assert put_label(store, Verdict.FALSE_ALARM).effects == before

"""Anomalies, labels, checkpoints."""

from __future__ import annotations

import dataclasses
from datetime import datetime

import numpy as np

from metricloop.detect.model import AnomalyState, DetectorState, Label, Verdict
from metricloop.kernel.grain import Grain
from metricloop.kernel.message import Message
from metricloop.kernel.slices import TOTAL, Slice
from metricloop.store import Store
from tests.store.nouns import AA, AT, HOUR, anomaly


def test_open_anomalies_of_a_monitor_come_by_slice(store: Store) -> None:
    total = anomaly("z", slice=TOTAL)
    mq = anomaly("b", slice=Slice.of({"carrier": "MQ"}))
    ended = anomaly("c", state=AnomalyState.ENDED)
    other = anomaly("d", monitor="daily")
    with store.unit() as unit:
        for each in (mq, anomaly("a"), total, ended, other):
            unit.anomalies.put(each)
        assert [each.id for each in unit.anomalies.open_of("on_time_hourly")] == ["z", "a", "b"]
        unit.anomalies.put(dataclasses.replace(mq, state=AnomalyState.ENDED, normal_in_a_row=2))
        assert [each.id for each in unit.anomalies.open_of("on_time_hourly")] == ["z", "a"]


def test_anomalies_come_in_the_order_of_the_ids_asked_for(store: Store) -> None:
    with store.unit() as unit:
        for id in "abc":
            unit.anomalies.put(anomaly(id))
        assert [each.id for each in unit.anomalies.of(["c", "nobody", "a"])] == ["c", "a"]
        assert unit.anomalies.of([]) == ()
        assert unit.anomalies.get("nobody") is None


def test_anomalies_between_share_an_instant_with_the_span(store: Store) -> None:
    with store.unit() as unit:
        unit.anomalies.put(anomaly("late", started_at=AT + HOUR))
        unit.anomalies.put(anomaly("early"))

        def between(start: datetime, end: datetime, metric: str = "on_time_rate") -> list[str]:
            return [each.id for each in unit.anomalies.between(metric, start, end)]

        assert between(AT - HOUR, AT) == []
        assert between(AT, AT + HOUR) == ["early"]
        assert between(AT + 2 * HOUR, AT + 9 * HOUR) == ["early", "late"]
        assert between(AT + 3 * HOUR, AT + 9 * HOUR) == []
        assert between(AT, AT + 9 * HOUR, "flights") == []


def test_withdrawn_labels_stay_without_being_counted(store: Store) -> None:
    label = Label(
        "l1", None, "on_time_rate", AA, Grain.HOUR, AT, AT + HOUR, Verdict.EXPECTED, "ann", AT, "雪", True,
        (Message("label.masked", {"buckets": 3}),),
    )  # fmt: skip
    second = dataclasses.replace(label, id="l0", at=AT + HOUR, effects=())
    with store.unit() as unit:
        unit.labels.put(second)
        unit.labels.put(label)
        assert unit.labels.of_metric("on_time_rate") == (label, second)
        withdrawn = dataclasses.replace(label, withdrawn_at=AT + HOUR)
        unit.labels.put(withdrawn)
        assert unit.labels.of_metric("on_time_rate") == (second,)
        assert unit.labels.get("l1") == withdrawn


def state(hours: int, monitor: str = "m", version: int = 1, metric: str = "on_time_rate") -> DetectorState:
    return DetectorState(monitor, metric, version, AT + hours * HOUR, (TOTAL,), {"seen": np.full(1, hours)}, {})


def test_the_newest_checkpoint_before_a_time_is_found(store: Store) -> None:
    with store.unit() as unit:
        for each in (state(1), state(5), state(9, version=2)):
            unit.states.put(each)

        def until(version: int, before: datetime | None = None) -> datetime | None:
            found = unit.states.latest("m", version, before)
            return None if found is None else found.until

        assert until(1) == AT + 5 * HOUR
        assert until(1, AT + 5 * HOUR) == AT + 5 * HOUR
        assert until(1, AT + 4 * HOUR) == AT + HOUR
        assert until(1, AT) is None
        assert until(2) == AT + 9 * HOUR
        assert until(3) is None


def test_checkpoints_that_learnt_from_what_has_changed_are_dropped(store: Store) -> None:
    with store.unit() as unit:
        for each in (state(1), state(5), state(5, "n"), state(5, "o", metric="flights")):
            unit.states.put(each)
        unit.states.drop_after_metric("on_time_rate", AT + HOUR)
        kept = {name: unit.states.latest(name, 1) for name in "mno"}
    assert {name: found and found.until for name, found in kept.items()} == {
        "m": AT + HOUR, "n": None, "o": AT + 5 * HOUR,
    }  # fmt: skip

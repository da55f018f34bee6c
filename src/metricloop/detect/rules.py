"""When a judged bucket starts, prolongs or ends an anomaly, and what a label does. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import numpy as np

from metricloop.define.monitors import Gates, Monitor
from metricloop.detect.model import Anomaly, AnomalyState, Label, Verdict
from metricloop.kernel.grain import HOUR, Grain
from metricloop.kernel.ids import derived_id
from metricloop.kernel.message import Message
from metricloop.kernel.series import Flags, Floats
from metricloop.kernel.slices import TOTAL, Slice

# Without a judged bucket for this long (nights, sparse slices) an anomaly is over: nobody can say it still lasts.
_SILENCE = {Grain.HOUR: timedelta(hours=24), Grain.DAY: timedelta(days=3)}


@dataclass(frozen=True, slots=True)
class JudgedBucket:
    """One bucket of all slices of a monitor: arrays of S. shortfall: observed minus expected in numerator units."""

    start: datetime
    end: datetime
    slices: tuple[Slice, ...]
    judged: Flags
    anomalous: Flags
    shortfall: Floats
    score: Floats


def watched(monitor: Monitor, axis: Sequence[Slice]) -> tuple[int, ...]:
    """Columns of a metric's axis that a monitor watches, the total first (it is always the frame for the others)."""
    dimensions = {d for d in monitor.slices if d}
    columns = [i for i, s in enumerate(axis) if len(s.pairs) == 1 and s.pairs[0][0] in dimensions]
    return (axis.index(TOTAL), *columns) if TOTAL in axis else ()


def groups_of(monitor: Monitor, slices: Sequence[Slice]) -> list[int]:
    """The detector's group of each watched slice: 0 the total, then one number per dimension."""
    numbers = {d: i + 1 for i, d in enumerate(d for d in monitor.slices if d)}
    return [numbers[s.pairs[0][0]] if s else 0 for s in slices]


def raising(monitor: Monitor, slices: Sequence[Slice]) -> Flags:
    """Which series may raise anomalies: the total only where the monitor asks for it."""
    return np.array([bool(s) or "" in monitor.slices for s in slices])


def step(
    monitor: Monitor, version: int, open_now: Mapping[Slice, Anomaly], bucket: JudgedBucket
) -> tuple[list[Anomaly], list[Anomaly]]:
    """Carry a monitor's anomalies over one bucket.

    Returns (changed, raised): every anomaly that is new or different, and those among them that pass their gates now
    for the first time. A bucket without verdict neither prolongs nor ends anything, until it has been silent too long.
    """
    changed: list[Anomaly] = []
    raised: list[Anomaly] = []
    hit = bucket.judged & bucket.anomalous & raising(monitor, bucket.slices)
    place = {s: i for i, s in enumerate(bucket.slices)}
    for i in np.flatnonzero(hit):
        slice_ = bucket.slices[i]
        before = open_now.get(slice_)
        after = _prolonged(before, bucket, int(i)) if before else _started(monitor, version, bucket, int(i))
        if after.raised_at is None and passes(monitor.gates, after):
            after = replace(after, raised_at=bucket.end)
            raised.append(after)
        changed.append(after)
    for slice_, anomaly in open_now.items():
        at = place.get(slice_)
        if at is None or not hit[at]:
            after = _quiet(anomaly, monitor, bucket, judged=at is not None and bool(bucket.judged[at]))
            if after != anomaly:
                changed.append(after)
    return changed, raised


def passes(gates: Gates, anomaly: Anomaly) -> bool:
    """Long enough and large enough to tell anybody."""
    return anomaly.points >= gates.minimum_buckets and abs(anomaly.impact) >= gates.minimum_impact


def _started(monitor: Monitor, version: int, bucket: JudgedBucket, i: int) -> Anomaly:
    return Anomaly(
        id=derived_id("anomaly", monitor.name, bucket.slices[i].key, bucket.start.isoformat()),
        monitor=monitor.name,
        monitor_version=version,
        metric=monitor.metric,
        slice=bucket.slices[i],
        grain=monitor.grain,
        started_at=bucket.start,
        ended_at=bucket.end,
        state=AnomalyState.OPEN,
        points=1,
        impact=float(bucket.shortfall[i]),
        peak_score=float(bucket.score[i]),
    )


def _prolonged(anomaly: Anomaly, bucket: JudgedBucket, i: int) -> Anomaly:
    return replace(
        anomaly,
        ended_at=bucket.end,
        points=anomaly.points + 1,
        impact=anomaly.impact + float(bucket.shortfall[i]),
        peak_score=max(anomaly.peak_score, float(bucket.score[i])),
        normal_in_a_row=0,
    )


def _quiet(anomaly: Anomaly, monitor: Monitor, bucket: JudgedBucket, *, judged: bool) -> Anomaly:
    normal = anomaly.normal_in_a_row + judged
    over = normal >= monitor.gates.recovery_buckets or bucket.end - anomaly.ended_at >= _SILENCE[monitor.grain]
    return replace(anomaly, normal_in_a_row=normal, state=AnomalyState.ENDED if over else AnomalyState.OPEN)


def masked(labels: Sequence[Label], slices: Sequence[Slice], start: datetime, end: datetime) -> Flags:
    """Which slices a label keeps out of learning in [start, end). A label on a slice masks its parts too."""
    out = np.zeros(len(slices), dtype=bool)
    for label in labels:
        if label.masks and label.withdrawn_at is None and label.start < end and start < label.end:
            out |= np.array([label.slice.contains(s) for s in slices])
    return out


_MASKING = {Verdict.TRUE, Verdict.EXPECTED, Verdict.MISSED}


def masks(verdict: Verdict) -> bool:
    """Real trouble and planned events are no example of normal; false alarms and a new normal are."""
    return verdict in _MASKING


def effects(verdict: Verdict, *, buckets: int, false_alarms: int, needed: int) -> tuple[Message, ...]:
    """What a label does, in messages, before and after it is given.

    buckets: how many buckets the span has. false_alarms: labels of that kind on the metric, this one included; `needed`
    of them lead to a proposal.
    """
    told: list[Message] = []
    if masks(verdict):
        told.append(Message("effect.masked", {"buckets": buckets}))
    if verdict is Verdict.FALSE_ALARM:
        told.append(Message("effect.kept_in_learning", {"buckets": buckets}))
        told.append(Message("effect.counts_towards_proposal", {"have": false_alarms, "needed": needed}))
    if verdict is Verdict.NEW_NORMAL:
        told.append(Message("effect.learnt_as_normal", {"buckets": buckets}))
    if verdict is Verdict.EXPECTED:
        told.append(Message("effect.planned_event", {}))
    return tuple(told)


def bucket_count(grain: Grain, start: datetime, end: datetime) -> int:
    """How many buckets a span has, near enough for a preview (a day is 24 h)."""
    return max(1, round((end - start) / (HOUR if grain is Grain.HOUR else 24 * HOUR)))

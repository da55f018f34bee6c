"""Judge fresh buckets; give and withdraw labels."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from metricloop.detect.judge import Judge, Watched
from metricloop.detect.model import Anomaly, AnomalyState, Label, Verdict
from metricloop.detect.ports import DetectUnit
from metricloop.detect.rules import bucket_count, effects, masks, step
from metricloop.kernel.errors import Conflict, NotFound
from metricloop.kernel.events import Event
from metricloop.kernel.grain import Grain, after
from metricloop.kernel.ids import derived_id
from metricloop.kernel.message import Message
from metricloop.kernel.slices import Slice

FALSE_ALARMS_FOR_PROPOSAL = 3


def judge_until(unit: DetectUnit, judge: Judge, watch: Watched, *, until: datetime, at: datetime) -> None:
    """Judge every whole bucket of a monitor that ended by `until` and was not judged yet.

    At first sight of a monitor its history is learnt without alarms. Tells anomaly.raised, anomaly.grew, anomaly.ended.
    """
    name = watch.monitor.name
    since = unit.bands.judged_until(name)
    if since is None:
        learnt = judge.learn_quietly(unit, watch, until)
        if learnt is not None:
            unit.bands.set_judged_until(name, learnt)
        return
    if after(since, watch.monitor.grain, watch.zone) > until:
        return  # no whole bucket yet: a day is judged once, not looked at 24 times
    for bucket, bands in judge.next_buckets(unit, watch, since, until):
        unit.bands.put(name, watch.version, bands)
        open_now = {a.slice: a for a in unit.anomalies.open_of(name)}
        changed, raised = step(watch.monitor, watch.version, open_now, bucket)
        for anomaly in changed:
            unit.anomalies.put(anomaly)
            _tell(unit, anomaly, open_now.get(anomaly.slice), at, fresh=anomaly in raised)
        unit.bands.set_judged_until(name, bucket.end)


def _tell(unit: DetectUnit, anomaly: Anomaly, before: Anomaly | None, at: datetime, *, fresh: bool) -> None:
    if anomaly.raised_at is None:
        return
    if fresh:
        unit.events.tell(Event(f"anomaly.raised:{anomaly.id}", "anomaly.raised", anomaly.id, at))
    elif anomaly.state is AnomalyState.ENDED:
        unit.events.tell(Event(f"anomaly.ended:{anomaly.id}", "anomaly.ended", anomaly.id, at))
    elif before is not None and anomaly.points > before.points:
        key = f"anomaly.grew:{anomaly.id}:{anomaly.points}"
        unit.events.tell(Event(key, "anomaly.grew", anomaly.id, at))


def label_effects(
    unit: DetectUnit, verdict: Verdict, metric: str, grain: Grain, start: datetime, end: datetime
) -> tuple[Message, ...]:
    """What a label would do if it were given now."""
    same = [x for x in unit.labels.of_metric(metric) if x.verdict is Verdict.FALSE_ALARM]
    return effects(
        verdict,
        buckets=bucket_count(grain, start, end),
        false_alarms=len(same) + 1,
        needed=FALSE_ALARMS_FOR_PROPOSAL,
    )


def add_label(
    unit: DetectUnit,
    *,
    incident: int | None,
    metric: str,
    slice_: Slice,
    grain: Grain,
    start: datetime,
    end: datetime,
    verdict: Verdict,
    note: str,
    person: str,
    at: datetime,
) -> Label:
    """Keep a person's verdict on a span. A second label on the same incident replaces the first one.

    Tells label.added; what was learnt from the span is learnt again with the mask.
    """
    for old in unit.labels.of_incident(incident) if incident is not None else ():
        if old.withdrawn_at is None:
            unit.labels.put(replace(old, withdrawn_at=at))
            _learn_again(unit, old)
    label = Label(
        id=derived_id("label", incident, metric, slice_.key, start.isoformat(), verdict, person, at.isoformat()),
        incident=incident,
        metric=metric,
        slice=slice_,
        grain=grain,
        start=start,
        end=end,
        verdict=verdict,
        by=person,
        at=at,
        note=note,
        masks=masks(verdict),
        effects=label_effects(unit, verdict, metric, grain, start, end),
    )
    unit.labels.put(label)
    _learn_again(unit, label)
    unit.audit.record(
        at=at, actor=person, action="label.add", subject_kind="label", subject_id=label.id, after=verdict.value
    )
    unit.events.tell(Event(f"label.added:{label.id}", "label.added", label.id, at))
    return label


def withdraw_label(unit: DetectUnit, label_id: str, *, person: str, at: datetime) -> None:
    """Take a label back: its effect ends, the record stays."""
    label = unit.labels.get(label_id)
    if label is None:
        raise NotFound(f"there is no label {label_id}", fix="reload the incident")
    if label.withdrawn_at is not None:
        raise Conflict("this label has been taken back already", fix="reload the incident")
    unit.labels.put(replace(label, withdrawn_at=at))
    _learn_again(unit, label)
    unit.audit.record(
        at=at, actor=person, action="label.withdraw", subject_kind="label", subject_id=label.id,
        before=label.verdict.value,
    )  # fmt: skip
    unit.events.tell(Event(f"label.withdrawn:{label.id}", "label.withdrawn", label.id, at, {"person": person}))


def _learn_again(unit: DetectUnit, label: Label) -> None:
    if label.masks:
        unit.states.drop_after_metric(label.metric, label.start)

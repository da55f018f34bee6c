"""How healthy the loop is: medians of the last 30 days beside the 30 days before."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from statistics import median

from metricloop.api.schemas.loop import HealthRow
from metricloop.api.views.words import Viewpoint
from metricloop.kernel.grain import Grain
from metricloop.triage.model import Incident, IncidentState, TimelineEntry

WINDOW = timedelta(days=30)
_DETECT_GRACE = timedelta(hours=2)
_TARGET_VERIFY = timedelta(days=2)
_TARGET_FALSE_ALARMS = 0.2
_TARGET_REOPENED = 0.1

_LENGTH = {Grain.HOUR: timedelta(hours=1), Grain.DAY: timedelta(days=1)}

Measure = Callable[[Sequence[Incident]], float | None]


def health(
    incidents: Sequence[Incident], timelines: Mapping[int, Sequence[TimelineEntry]], view: Viewpoint
) -> list[HealthRow]:
    """Six figures over incidents by when they were opened; None where there is nothing to measure."""
    now, table = view.now, view.project.assignment
    last = [i for i in incidents if now - WINDOW < i.opened_at <= now]
    before = [i for i in incidents if now - 2 * WINDOW < i.opened_at <= now - WINDOW]

    def first_action(found: Sequence[Incident]) -> float | None:
        return _median(found, lambda i: _first_action(i, timelines.get(i.number, ())))

    def to_detect(found: Sequence[Incident]) -> float | None:
        return _median(found, lambda i: i.opened_at - i.started_at)

    def to_acknowledge(found: Sequence[Incident]) -> float | None:
        return _median(found, lambda i: i.acknowledged_at - i.opened_at if i.acknowledged_at else None)

    def to_verify(found: Sequence[Incident]) -> float | None:
        return _median(found, lambda i: i.verified_at - i.resolved_at if i.verified_at and i.resolved_at else None)

    act_within = table.acknowledge_within + timedelta(hours=4)
    return [
        _row("time_to_detect", to_detect, last, before, _detectable(last or before, view)),
        _row("time_to_acknowledge", to_acknowledge, last, before, table.acknowledge_within.total_seconds()),
        _row("time_to_first_action", first_action, last, before, act_within.total_seconds()),
        _row("time_to_verify", to_verify, last, before, _TARGET_VERIFY.total_seconds()),
        _row("false_alarm_share", _false_alarms, last, before, _TARGET_FALSE_ALARMS),
        _row("reopen_share", _reopened, last, before, _TARGET_REOPENED),
    ]


def _row(code: str, measure: Measure, last: Sequence[Incident], before: Sequence[Incident], target: float) -> HealthRow:
    return HealthRow.model_validate(
        {"code": code, "value": measure(last), "target": target, "previous": measure(before)}
    )


def _median(found: Sequence[Incident], span: Callable[[Incident], timedelta | None]) -> float | None:
    spans = [each.total_seconds() for each in map(span, found) if each is not None]
    return median(spans) if spans else None


def _detectable(found: Sequence[Incident], view: Viewpoint) -> float:
    """The target for detection, in seconds: when the data of enough buckets could be there, and two hours.

    The median over these incidents, since a day is known later than an hour.
    """
    spans = []
    for incident in found:
        monitor, metric = view.project.monitors.get(incident.monitor), view.metric(incident.metric)
        dataset = view.project.datasets.get(metric.dataset) if metric else None
        if monitor is not None and dataset is not None:
            span = monitor.gates.minimum_buckets * _LENGTH[incident.grain] + dataset.lateness + _DETECT_GRACE
            spans.append(span.total_seconds())
    return median(spans) if spans else timedelta(hours=12).total_seconds()


def _first_action(incident: Incident, timeline: Sequence[TimelineEntry]) -> timedelta | None:
    """From opening to the first thing a person did in the handling."""
    acts = [entry.at for entry in timeline if entry.kind == "act" and entry.actor is not None]
    return min(acts) - incident.opened_at if acts else None


def _false_alarms(found: Sequence[Incident]) -> float | None:
    """Of the incidents that have ended, the share that people called false alarms."""
    ended = (IncidentState.CLOSED, IncidentState.FALSE_ALARM, IncidentState.EXPECTED)
    over = [each for each in found if each.state in ended]
    return sum(each.state is IncidentState.FALSE_ALARM for each in over) / len(over) if over else None


def _reopened(found: Sequence[Incident]) -> float | None:
    """Of the incidents that were resolved or reopened at least once, the share that was reopened."""
    tried = [each for each in found if each.resolved_at is not None or each.reopened > 0]
    return sum(each.reopened > 0 for each in tried) / len(tried) if tried else None


def since(now: datetime) -> datetime:
    """How far back incidents are needed."""
    return now - 2 * WINDOW

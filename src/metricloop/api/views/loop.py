"""The loop's overview: eight stations, what is stuck, what is off its path."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from metricloop.api.schemas import loop as shapes
from metricloop.api.schemas.shared import SliceMap
from metricloop.api.views.collection import DatasetState, SourceState
from metricloop.api.views.series import spark
from metricloop.api.views.track import Track
from metricloop.api.views.waiting import (
    ATTRIBUTE_WITHIN,
    DETECT_WITHIN,
    ENDED,
    FAILED_WITHIN,
    REVIEW_WITHIN,
    TUNE_WITHIN,
    VERIFY_WITHIN,
    Facts,
    Wait,
    wait_of,
)
from metricloop.api.views.words import Viewpoint, as_param, better, finite, local, seconds
from metricloop.define.monitors import Monitor
from metricloop.detect.model import Anomaly
from metricloop.kernel.message import Message
from metricloop.triage.model import Incident
from metricloop.tune.model import Proposal, ProposalState

DAY = timedelta(days=1)
MOST_ROWS = 20
_BY_INCIDENT: tuple[shapes.Station, ...] = ("attribute", "assign", "act", "verify", "review")


@dataclass(frozen=True, slots=True)
class LoopFacts:
    """What was read for the overview. `recent`: incidents of any state, newest first, reaching back 60 days.

    behind: monitors that have not judged what has been collected, and since when.
    open_anomalies: by monitor, raised or not. tracks: (metric, grain) -> the slices of raised open anomalies.
    """

    sources: Sequence[SourceState]
    hours_collected_24h: int
    live: Sequence[Facts]
    recent: Sequence[Incident]
    proposals: Sequence[Proposal]
    open_anomalies: Sequence[Anomaly]
    raised_24h: int
    behind: Sequence[tuple[Monitor, datetime]] = ()
    tracks: Mapping[tuple[str, str], Track] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Stay:
    """One thing at one station."""

    since: datetime
    due_at: datetime
    row: shapes.StuckRow


def stations(facts: LoopFacts, view: Viewpoint) -> tuple[list[shapes.StationRow], list[shapes.StuckRow]]:
    """The eight stations in order, and what is stuck, worst first."""
    stays = _stays(facts, view)
    rows = [_station(name, list(stays[name]), facts, view) for name in stays]
    stuck = [stay for found in stays.values() for stay in found if view.now > stay.due_at]
    stuck.sort(key=lambda stay: stay.row.age_s / max(stay.row.target_s, 1.0), reverse=True)
    return rows, [stay.row for stay in stuck[:MOST_ROWS]]


def _stays(facts: LoopFacts, view: Viewpoint) -> dict[shapes.Station, list[_Stay]]:
    waits = [(each, wait_of(each, view.project, view.now)) for each in facts.live]
    here: dict[shapes.Station, list[_Stay]] = {"collect": list(_late(facts.sources, view))}
    here["detect"] = list(_behind(facts.behind, view))
    for station in _BY_INCIDENT:
        here[station] = [_stay(f, wait, station, view) for f, wait in waits if wait and wait.station == station]
    here["tune"] = list(_proposals(facts.proposals, view))
    return here


def _station(station: shapes.Station, stays: Sequence[_Stay], facts: LoopFacts, view: Viewpoint) -> shapes.StationRow:
    count, of = len(stays), None
    if station == "collect":
        count, of = sum(s.on_time for s in facts.sources), len(facts.sources)
    elif station == "detect":
        count = sum(anomaly.raised_at is None for anomaly in facts.open_anomalies)
    return shapes.StationRow(
        station=station,
        count=count,
        of=of,
        stuck=sum(view.now > stay.due_at for stay in stays),
        oldest_age_s=max((seconds(view.now - stay.since) for stay in stays), default=None),
        target_s=seconds(_target(station, facts, view)),
        passed_24h=_passed(station, facts, view.now),
    )


def _target(station: shapes.Station, facts: LoopFacts, view: Viewpoint) -> timedelta:
    """The usual time at a station; each incident's own due time is in its row."""
    table = view.project.assignment
    targets: dict[shapes.Station, timedelta] = {
        "collect": max((s.target for s in facts.sources), default=timedelta(hours=2)),
        "detect": DETECT_WITHIN,
        "attribute": ATTRIBUTE_WITHIN,
        "assign": table.acknowledge_within,
        "act": table.resolve_within,
        "verify": VERIFY_WITHIN,
        "review": REVIEW_WITHIN,
        "tune": TUNE_WITHIN,
    }
    return targets[station]


def _passed(station: shapes.Station, facts: LoopFacts, now: datetime) -> int:
    """How much left the station in the last 24 hours: hours of data, anomalies raised, incidents, proposals."""
    if station == "collect":
        return facts.hours_collected_24h
    if station == "detect":
        return facts.raised_24h
    if station == "tune":
        return _within(now, (p.decided_at for p in facts.proposals))
    left: dict[shapes.Station, Iterable[datetime | None]] = {
        "attribute": (i.opened_at for i in facts.recent if i.verdict is not None),
        "assign": (i.acknowledged_at for i in facts.recent),
        "act": (i.resolved_at for i in facts.recent),
        "verify": (i.verified_at for i in facts.recent),
        "review": (i.closed_at for i in facts.recent),
    }
    return _within(now, left[station])


def _within(now: datetime, times: Iterable[datetime | None]) -> int:
    return sum(at is not None and now - DAY < at <= now for at in times)


def _stay(facts: Facts, wait: Wait, station: shapes.Station, view: Viewpoint) -> _Stay:
    row = shapes.StuckRow(
        station=station,
        subject_kind="incident",
        subject_id=str(facts.incident.number),
        title=view.message(facts.incident.headline),
        reason=view.message(wait.stuck),
        owner=view.person(wait.person or facts.incident.owner),
        age_s=seconds(view.now - wait.since),
        target_s=seconds(wait.due_at - wait.since),
    )
    return _Stay(wait.since, wait.due_at, row)


def _late(sources: Sequence[SourceState], view: Viewpoint) -> Iterator[_Stay]:
    for source in sources:
        worst: DatasetState | None = max(
            (each for each in source.datasets if not each.on_time),
            key=lambda each: (each.failed_since is not None, each.age),
            default=None,
        )
        if worst is None:
            continue
        since, target = view.now - worst.age, worst.target
        unjudged = sum(m.dataset == worst.dataset.name for m in view.project.metrics.values())
        reason = Message("stuck.source_late", {"lateness_s": seconds(worst.age), "count": unjudged})
        if worst.failed_since is not None and worst.failure is not None:
            since, target = worst.failed_since, FAILED_WITHIN
            reason = Message("stuck.source_failed", worst.failure.params)
        row = shapes.StuckRow(
            station="collect",
            subject_kind="source",
            subject_id=source.source.name,
            title=view.message(Message("source.title", {"source": as_param(source.source.label)})),
            reason=view.message(reason),
            owner=None,
            age_s=seconds(view.now - since),
            target_s=seconds(target),
        )
        yield _Stay(since, since + target, row)


def _behind(behind: Sequence[tuple[Monitor, datetime]], view: Viewpoint) -> Iterator[_Stay]:
    """A monitor that does not judge what is there. Counted as its metric's source, which is where one looks first."""
    for monitor, since in behind:
        metric = view.metric(monitor.metric)
        dataset = view.project.datasets.get(metric.dataset) if metric else None
        row = shapes.StuckRow(
            station="detect",
            subject_kind="source",
            subject_id=dataset.source if dataset else monitor.name,
            title=view.message(Message("monitor.title", {"monitor": monitor.name, "metric": monitor.metric})),
            reason=view.message(Message("stuck.not_judged", {"monitor": monitor.name, "until": since.isoformat()})),
            owner=view.person(metric.governance.owner) if metric else None,
            age_s=seconds(view.now - since),
            target_s=seconds(DETECT_WITHIN),
        )
        yield _Stay(since, since + DETECT_WITHIN, row)


def _proposals(proposals: Sequence[Proposal], view: Viewpoint) -> Iterator[_Stay]:
    for each in proposals:
        if each.state is not ProposalState.OPEN:
            continue
        monitor = view.project.monitors.get(each.monitor)
        metric = view.metric(monitor.metric) if monitor else None
        owner = metric.governance.owner if metric else None
        row = shapes.StuckRow(
            station="tune",
            subject_kind="proposal",
            subject_id=each.id,
            title=view.message(each.title),
            reason=view.message(Message("stuck.proposal_waiting", {"person": owner})),
            owner=view.person(owner),
            age_s=seconds(view.now - each.created_at),
            target_s=seconds(TUNE_WITHIN),
        )
        yield _Stay(each.created_at, each.created_at + TUNE_WITHIN, row)


def off_path(facts: LoopFacts, view: Viewpoint) -> list[shapes.OffPathRow]:
    """What is off its expected path now: raised anomalies that have not ended, largest impact first."""
    incident_of = {anomaly: f.incident for f in facts.live for anomaly in f.incident.anomalies}
    raised = [a for a in facts.open_anomalies if a.raised_at is not None and a.metric in view.project.metrics]
    raised.sort(key=lambda a: (-abs(a.impact), a.id))
    rows: dict[tuple[str, str], shapes.OffPathRow] = {}
    for anomaly in raised:
        track = facts.tracks.get((anomaly.metric, anomaly.grain.value))
        key = (anomaly.metric, anomaly.slice.key)
        if track is not None and key not in rows and len(rows) < MOST_ROWS:
            rows[key] = _off(anomaly, track, incident_of.get(anomaly.id), view)
    return list(rows.values())


def _off(anomaly: Anomaly, track: Track, incident: Incident | None, view: Viewpoint) -> shapes.OffPathRow:
    column = track.panel.slices.index(anomaly.slice)
    last = track.last_anomalous(column)
    value = None if last is None else finite(track.panel.values()[last, column])
    expected = None if last is None else finite(track.expected[last, column])
    difference = None if value is None or expected is None else value - expected
    slice_: SliceMap = anomaly.slice.as_dict()
    return shapes.OffPathRow(
        metric=anomaly.metric,
        label=local(track.metric.label),
        slice=slice_,
        grain=anomaly.grain.value,
        owner=view.person(incident.owner if incident else track.metric.governance.owner),
        unit=track.metric.governance.unit,
        value=value,
        expected=expected,
        difference=difference,
        better=better(track.metric, difference),
        spark=spark(track, column),
        incident_id=incident.number if incident else None,
        incident_state=incident.state.value if incident else None,
    )


def closed_share(recent: Sequence[Incident], now: datetime) -> float | None:
    """Of the incidents opened in the last 30 days, the share that has ended."""
    opened = [incident for incident in recent if now - 30 * DAY < incident.opened_at <= now]
    return sum(incident.state in ENDED for incident in opened) / len(opened) if opened else None

"""Which incident an anomaly belongs to, how severe it is, and which state may follow which. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from metricloop.define.model import Metric
from metricloop.detect.model import Anomaly, AnomalyState
from metricloop.kernel.errors import Conflict
from metricloop.kernel.grain import Grain
from metricloop.kernel.message import Message
from metricloop.kernel.slices import Slice
from metricloop.triage.model import Incident, IncidentState, TimelineEntry, Trigger

_S = IncidentState
_T = Trigger

LIVE = (_S.OPEN, _S.ACKNOWLEDGED, _S.IN_PROGRESS, _S.RESOLVED, _S.VERIFIED, _S.REOPENED)
ENDED = (_S.CLOSED, _S.MERGED, _S.FALSE_ALARM, _S.EXPECTED)
# Somebody has to do something about these; the others wait for data or for a review.
IN_HANDS = (_S.OPEN, _S.ACKNOWLEDGED, _S.IN_PROGRESS, _S.REOPENED)

# The one table that says how an incident may move; nothing else changes its state.
TRANSITIONS: dict[tuple[IncidentState, Trigger], IncidentState] = {
    (_S.OPEN, _T.ACKNOWLEDGE): _S.ACKNOWLEDGED,
    (_S.REOPENED, _T.ACKNOWLEDGE): _S.ACKNOWLEDGED,
    (_S.ACKNOWLEDGED, _T.ACKNOWLEDGE_LAPSED): _S.OPEN,
    **{(s, _T.START): _S.IN_PROGRESS for s in (_S.OPEN, _S.ACKNOWLEDGED, _S.REOPENED)},
    **{(s, _T.RESOLVE): _S.RESOLVED for s in IN_HANDS},
    (_S.RESOLVED, _T.VERIFY): _S.VERIFIED,
    **{(s, _T.SELF_HEAL): _S.VERIFIED for s in (_S.OPEN, _S.REOPENED)},
    (_S.RESOLVED, _T.DISAGREE): _S.REOPENED,
    **{(s, _T.FALL_AGAIN): _S.REOPENED for s in (_S.RESOLVED, _S.VERIFIED)},
    **{(s, _T.REOPEN): _S.REOPENED for s in (_S.RESOLVED, _S.VERIFIED, _S.CLOSED, _S.FALSE_ALARM, _S.EXPECTED)},
    **{(s, _T.CLOSE): _S.CLOSED for s in (_S.RESOLVED, _S.VERIFIED)},
    **{(s, _T.MERGE): _S.MERGED for s in LIVE},
    **{(s, _T.CALL_FALSE): _S.FALSE_ALARM for s in LIVE},
    **{(s, _T.CALL_EXPECTED): _S.EXPECTED for s in LIVE},
}


def line(number: int, at: datetime, kind: str, actor: str | None, message: Message, key: str) -> TimelineEntry:
    """One line of an incident's timeline, with a key that makes the same line, told twice, one line."""
    return TimelineEntry(f"{number}:{kind}:{message.code}:{key}", number, at, kind, actor, message)


# One slice's anomalies this close in time are one trouble that flares up again.
_RELAPSE = {Grain.HOUR: timedelta(hours=6), Grain.DAY: timedelta(days=2)}
JOIN_WITHIN = max(_RELAPSE.values())
# An incident that has grown this long takes in nothing more: what comes now is told as news.
LONGEST = timedelta(days=4)


def allowed(state: IncidentState) -> tuple[Trigger, ...]:
    """Triggers that may be pulled in this state."""
    return tuple(trigger for (before, trigger) in TRANSITIONS if before is state)


def moved(incident: Incident, trigger: Trigger, at: datetime, by: str | None) -> Incident:
    """The incident after the trigger. Raises Conflict when the state does not allow it."""
    after = TRANSITIONS.get((incident.state, trigger))
    if after is None:
        raise Conflict(
            f"incident {incident.number} is {incident.state.value}; it cannot {trigger.value.replace('_', ' ')} now",
            fix="reload it to see where it stands",
        )
    moved_on = replace(incident, state=after)
    match after:
        case IncidentState.ACKNOWLEDGED:
            return replace(moved_on, acknowledged_at=at)
        case IncidentState.OPEN:
            return replace(moved_on, acknowledged_at=None)
        case IncidentState.RESOLVED:
            return replace(moved_on, resolved_at=at, resolved_by=by)
        case IncidentState.VERIFIED:
            return replace(moved_on, verified_at=at)
        case IncidentState.REOPENED:
            cleared = replace(moved_on, acknowledged_at=None, resolved_at=None, resolved_by=None, verified_at=None)
            return replace(cleared, reopened=incident.reopened + 1, closed_at=None)
        case IncidentState.CLOSED | IncidentState.FALSE_ALARM | IncidentState.EXPECTED | IncidentState.MERGED:
            return replace(moved_on, closed_at=at)
        case _:
            return moved_on


def homes_of(
    anomaly: Anomaly, candidates: Sequence[tuple[Incident, Sequence[Anomaly]]], datasets: Mapping[str, str]
) -> list[Incident]:
    """The incidents this anomaly belongs to, earliest first; none: it is a new one. `datasets`: metric -> dataset.

    Same time, and rows in common: slices that nest or overlap of one metric, siblings of one dimension that fail
    together, or another metric of the same dataset on a nesting slice. More than one: the anomaly shows that they are
    one, and the later ones are to be merged into the first. Nothing grows beyond LONGEST.
    """
    homes: list[Incident] = []
    start, end = anomaly.started_at, anomaly.ended_at
    for incident, members in candidates:
        first, last = min(start, incident.started_at), max(end, incident.last_anomalous_at)
        fits = (m for m in members if _open_to(incident, anomaly, m) and _same_cause(anomaly, m, datasets))
        if last - first <= LONGEST and any(fits):
            homes.append(incident)
            start, end = first, last
    return homes


def _open_to(incident: Incident, anomaly: Anomaly, member: Anomaly) -> bool:
    """A closed incident takes in only what happened at the same time (the day's verdict on hours that were dealt with);
    one that a person called false or planned takes in nothing."""
    if incident.state is IncidentState.CLOSED:
        return anomaly.started_at < member.ended_at and member.started_at < anomaly.ended_at
    return incident.state not in ENDED


def _same_cause(one: Anomaly, other: Anomaly, datasets: Mapping[str, str]) -> bool:
    if datasets.get(one.metric) != datasets.get(other.metric) or not _same_time(one, other):
        return False
    if one.metric != other.metric:
        return nest(one.slice, other.slice)
    siblings = one.slice.dimensions == other.slice.dimensions
    return siblings or one.slice.may_overlap(other.slice)


def _same_time(one: Anomaly, other: Anomaly) -> bool:
    """They overlap; hours, and one slice's own relapse, may also be a little apart. Yesterday's trouble of one carrier
    and today's storm touch each other only because days do."""
    apart = max(one.started_at, other.started_at) - min(one.ended_at, other.ended_at)
    if one.grain is other.grain and (one.slice == other.slice or one.grain is Grain.HOUR):
        return apart <= _RELAPSE[one.grain]
    return apart < timedelta(0)


def nest(one: Slice, other: Slice) -> bool:
    """One holds the other (or they are the same)."""
    return one.contains(other) or other.contains(one)


def lead_of(members: Sequence[Anomaly], metrics: Mapping[str, Metric]) -> Anomaly:
    """The anomaly that gives the incident its metric and slice: highest level, then broadest slice, then size."""

    def rank(anomaly: Anomaly) -> tuple[str, int, float, str]:
        level = metrics[anomaly.metric].governance.level if anomaly.metric in metrics else "L9"
        return (level, len(anomaly.slice.pairs), -anomaly.peak_score * anomaly.points, anomaly.id)

    return min(members, key=rank)


_ORDER = ("S1", "S2", "S3", "S4")


def span_to_explain(incident: Incident, members: Sequence[Anomaly]) -> tuple[datetime, datetime]:
    """From the first to the last anomalous bucket of the lead metric; other metrics may have begun earlier."""
    kin = [m for m in members if m.metric == incident.metric]
    return min(m.started_at for m in kin), max(m.ended_at for m in kin)


def suspects_of(incident: Incident, members: Sequence[Anomaly]) -> list[tuple[Slice, float]]:
    """The slices found anomalous in the lead metric, each with its peak score; none where the whole is anomalous."""
    kin = [m for m in members if m.metric == incident.metric]
    if any(not m.slice for m in kin):
        return []
    return [(m.slice, m.peak_score) for m in kin]


def severity_of(members: Sequence[Anomaly], base: Mapping[str, str]) -> str:
    """The worst severity among the members' monitors (`base`: monitor -> severity)."""
    return min((base.get(m.monitor, "S3") for m in members), key=_ORDER.index)


def blinding_severity(monitors: int) -> str:
    """How severe it is that so many monitors cannot judge."""
    limits = ((10, "S1"), (3, "S2"), (1, "S3"))
    return next((severity for least, severity in limits if monitors >= least), "S4")


def summed_up(incident: Incident, members: Sequence[Anomaly], metrics: Mapping[str, Metric]) -> Incident:
    """The incident with lead, bounds, metrics and impact as its anomalies now stand.

    Impact is that of the lead's metric and grain alone, over slices that do not overlap: nothing is counted twice.
    """
    lead = lead_of(members, metrics)
    all_ended = all(m.state is AnomalyState.ENDED for m in members)
    last = max(m.ended_at for m in members)
    kin = [m for m in members if m.metric == lead.metric and m.grain is lead.grain]
    same_cut = [m for m in kin if m.slice.dimensions == lead.slice.dimensions]
    return replace(
        incident,
        metric=lead.metric,
        slice=lead.slice,
        grain=lead.grain,
        monitor=lead.monitor,
        monitor_version=lead.monitor_version,
        metrics=tuple(sorted({m.metric for m in members})),
        anomalies=tuple(m.id for m in members),
        started_at=min(m.started_at for m in members),
        last_anomalous_at=last,
        ended_at=last if all_ended else None,
        impact=sum(m.impact for m in same_cut),
    )

"""Open incidents, let them grow and end, and move them by people's and the data's word."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from metricloop.define.model import Kind
from metricloop.define.project import Project
from metricloop.detect.model import Anomaly, Verdict
from metricloop.kernel.errors import InvalidInput, NotFound
from metricloop.kernel.events import Event
from metricloop.kernel.ids import derived_id
from metricloop.kernel.message import Message
from metricloop.triage.model import Incident, IncidentState, Trigger
from metricloop.triage.ports import TriageUnit
from metricloop.triage.rules import ENDED, JOIN_WITHIN, homes_of, line, moved, severity_of, summed_up


def sort_anomaly(unit: TriageUnit, project: Project, anomaly_id: str, *, at: datetime) -> None:
    """Put a raised anomaly into the incident it belongs to, or open a new one. Once per anomaly."""
    anomaly = unit.anomalies.get(anomaly_id)
    if anomaly is None or unit.incidents.of_anomaly(anomaly_id) is not None:
        return
    near = unit.incidents.touching(anomaly.started_at - JOIN_WITHIN, anomaly.ended_at + JOIN_WITHIN)
    candidates = [(i, unit.anomalies.of(i.anomalies)) for i in near]
    homes = homes_of(anomaly, candidates, {m.name: m.dataset for m in project.metrics.values()})
    if not homes:
        _open(unit, project, anomaly, at)
        return
    live = [i for i in homes if i.state not in ENDED]
    home = (live or homes)[0]  # trouble that somebody works on does not vanish into what was closed
    merged = [a for other in live[1:] for a in _merge(unit, other, home, at)]
    _take_in(unit, project, home, [*merged, anomaly], at)


def _merge(unit: TriageUnit, other: Incident, home: Incident, at: datetime) -> Sequence[Anomaly]:
    """The other incident turns out to be the same one: it ends as merged, its anomalies move over."""
    told = Message("timeline.merged_into", {"number": home.number})
    note(unit, other.number, at, "triage", None, told, str(home.number))
    move(unit, other.number, Trigger.MERGE, at=at, by=None)
    gone = unit.incidents.get(other.number)
    if gone is not None:
        unit.incidents.save(replace(gone, anomalies=()))
    note(unit, home.number, at, "triage", None, Message("timeline.merged", {"number": other.number}), str(other.number))
    return unit.anomalies.of(other.anomalies)


def _open(unit: TriageUnit, project: Project, anomaly: Anomaly, at: datetime) -> None:
    number = unit.incidents.next_number()
    incident = Incident(
        number=number,
        key=derived_id("incident", anomaly.id),
        metric=anomaly.metric,
        metrics=(anomaly.metric,),
        slice=anomaly.slice,
        grain=anomaly.grain,
        severity=severity_of([anomaly], _severities(project)),
        state=IncidentState.OPEN,
        monitor=anomaly.monitor,
        monitor_version=anomaly.monitor_version,
        metric_version=project.version(Kind.METRIC, anomaly.metric),
        anomalies=(anomaly.id,),
        started_at=anomaly.started_at,
        opened_at=at,
        last_anomalous_at=anomaly.ended_at,
        ended_at=None,
        impact=anomaly.impact,
    )
    unit.incidents.add(summed_up(incident, [anomaly], project.metrics))
    _detected(unit, number, anomaly)
    note(unit, number, at, "triage", None, Message("timeline.opened", {"severity": incident.severity}), "opened")
    unit.events.tell(Event(f"incident.opened:{number}", "incident.opened", str(number), at))


def _take_in(unit: TriageUnit, project: Project, home: Incident, new: Sequence[Anomaly], at: datetime) -> None:
    members = [*unit.anomalies.of(home.anomalies), *new]
    grown = summed_up(home, members, project.metrics)
    unit.incidents.save(replace(grown, severity=severity_of(members, _severities(project))))
    for anomaly in new:
        _detected(unit, home.number, anomaly)
    unit.events.tell(Event(f"incident.grew:{home.number}:{new[-1].id}", "incident.grew", str(home.number), at))
    later = any(anomaly.started_at >= home.last_anomalous_at for anomaly in new)
    if later and home.state in (IncidentState.RESOLVED, IncidentState.VERIFIED):
        move(unit, home.number, Trigger.FALL_AGAIN, at=at, by=None)


def _detected(unit: TriageUnit, number: int, anomaly: Anomaly) -> None:
    told = Message(
        "timeline.detected",
        {
            "metric": anomaly.metric,
            "slice": anomaly.slice.as_dict(),
            "grain": anomaly.grain.value,
            "start": anomaly.started_at.isoformat(),
            "buckets": anomaly.points,
            "impact": round(anomaly.impact, 3),
        },
    )
    note(unit, number, anomaly.raised_at or anomaly.ended_at, "detect", None, told, anomaly.id)


def _severities(project: Project) -> dict[str, str]:
    return {m.name: m.severity for m in project.monitors.values()}


def follow_anomaly(unit: TriageUnit, project: Project, anomaly_id: str, *, at: datetime) -> None:
    """An anomaly grew or ended: bring its incident up to date. Tells incident.ended when the last one ended."""
    incident = unit.incidents.of_anomaly(anomaly_id)
    if incident is None:
        return
    now = summed_up(incident, unit.anomalies.of(incident.anomalies), project.metrics)
    if now == incident:
        return
    unit.incidents.save(now)
    if now.ended_at is not None and incident.ended_at is None:
        told = Message("timeline.data_back", {"since": now.ended_at.isoformat()})
        note(unit, now.number, at, "detect", None, told, f"ended:{now.ended_at.isoformat()}")
        key = f"incident.ended:{now.number}:{now.ended_at.isoformat()}"
        unit.events.tell(Event(key, "incident.ended", str(now.number), at))


def get(unit: TriageUnit, number: int) -> Incident:
    incident = unit.incidents.get(number)
    if incident is None:
        raise NotFound(f"there is no incident {number}", fix="look at the list of incidents")
    return incident


def move(
    unit: TriageUnit, number: int, trigger: Trigger, *, at: datetime, by: str | None, reason: str = ""
) -> Incident:
    """Pull a trigger: new state, timeline, audit, event `incident.<state>`. Raises Conflict if it is not allowed."""
    before = get(unit, number)
    after = unit.incidents.save(moved(before, trigger, at, by))
    unit.audit.record(
        at=at,
        actor=by or "system",
        action=f"incident.{trigger.value}",
        subject_kind="incident",
        subject_id=str(number),
        before=before.state.value,
        after=after.state.value,
    )
    kind = "verify" if trigger in _BY_DATA else "act"
    told = Message(f"timeline.{trigger.value}", {"reason": reason, "state": after.state.value})
    note(unit, number, at, kind, by, told, f"{trigger.value}:{after.revision}")
    fact = f"incident.{after.state.value}"
    unit.events.tell(Event(f"{fact}:{number}:{after.revision}", fact, str(number), at))
    return after


_BY_DATA = {Trigger.VERIFY, Trigger.SELF_HEAL, Trigger.DISAGREE, Trigger.FALL_AGAIN}


def acknowledge(unit: TriageUnit, number: int, *, person: str, at: datetime, note: str = "") -> Incident:
    """Somebody has seen it. Neither assigns nor resets escalation targets."""
    return move(unit, number, Trigger.ACKNOWLEDGE, at=at, by=person, reason=note)


def start(unit: TriageUnit, number: int, *, person: str | None, at: datetime) -> None:
    """Work has begun; nothing happens when it had begun before."""
    if get(unit, number).state in (IncidentState.OPEN, IncidentState.ACKNOWLEDGED, IncidentState.REOPENED):
        move(unit, number, Trigger.START, at=at, by=person)


def resolve(unit: TriageUnit, number: int, *, person: str | None, at: datetime, note: str = "") -> Incident:
    """Somebody (or a finished automatic run: person None) says it is mended. The data has the last word."""
    return move(unit, number, Trigger.RESOLVE, at=at, by=person, reason=note)


def reopen(unit: TriageUnit, number: int, *, person: str, at: datetime, note: str = "") -> Incident:
    """A person disagrees with the end; a reason is owed."""
    if not note.strip():
        raise InvalidInput("reopening needs a reason", fix="write one sentence that says why")
    return move(unit, number, Trigger.REOPEN, at=at, by=person, reason=note)


def close(unit: TriageUnit, number: int, *, person: str | None, at: datetime, note: str = "") -> Incident:
    return move(unit, number, Trigger.CLOSE, at=at, by=person, reason=note)


def comment(unit: TriageUnit, number: int, *, person: str, at: datetime, note: str) -> Incident:
    """A line of a person's own on the timeline."""
    incident = get(unit, number)
    if not note.strip():
        raise InvalidInput("an empty comment", fix="write something")
    entry_key = derived_id(number, person, at.isoformat(), note)
    unit.incidents.note(line(number, at, "comment", person, Message("timeline.comment", {"text": note}), entry_key))
    unit.events.tell(Event(f"incident.commented:{entry_key}", "incident.commented", str(number), at))
    return incident


def apply_label(unit: TriageUnit, number: int, verdict: Verdict, *, person: str, at: datetime) -> None:
    """A label "false alarm" or "expected" ends a live incident as such; other labels leave its state alone."""
    incident = get(unit, number)
    told = Message("timeline.labelled", {"verdict": verdict.value})
    note(unit, number, at, "tune", person, told, f"labelled:{at.isoformat()}")
    trigger = {Verdict.FALSE_ALARM: Trigger.CALL_FALSE, Verdict.EXPECTED: Trigger.CALL_EXPECTED}.get(verdict)
    if trigger is not None and incident.state not in ENDED:
        move(unit, number, trigger, at=at, by=person)


def explained(
    unit: TriageUnit,
    number: int,
    *,
    headline: Message,
    localisable: bool,
    verdict: str,
    at: datetime,
) -> None:
    """Keep what attribution found in the incident's head line; timeline only when it says something new."""
    incident = get(unit, number)
    if incident.headline == headline and incident.verdict == verdict:
        return
    unit.incidents.save(replace(incident, headline=headline, localisable=localisable, verdict=verdict))
    told = Message("timeline.attributed", {"verdict": verdict, "localisable": localisable})
    if incident.verdict != verdict:
        note(unit, number, at, "attribute", None, told, f"attributed:{at.isoformat()}")


def owned(unit: TriageUnit, number: int, *, person: str) -> None:
    """Keep who owns it now. Changes no state and resets no clock."""
    unit.incidents.save(replace(get(unit, number), owner=person))


def note(unit: TriageUnit, number: int, at: datetime, kind: str, actor: str | None, message: Message, key: str) -> None:
    """One line of the timeline; the same key again is no second line."""
    unit.incidents.note(line(number, at, kind, actor, message, key))


def members(unit: TriageUnit, incident: Incident) -> Sequence[Anomaly]:
    return unit.anomalies.of(incident.anomalies)

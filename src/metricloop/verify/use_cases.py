"""Watch resolved and untouched incidents until the data has spoken."""

from __future__ import annotations

from datetime import datetime, timedelta

from metricloop.define.project import Project
from metricloop.kernel.events import Event, Timer
from metricloop.triage.model import Incident, IncidentKind, IncidentState
from metricloop.triage.rules import line
from metricloop.verify.model import Outcome, Watch
from metricloop.verify.ports import VerifyUnit
from metricloop.verify.rules import Look, data_looked, data_watch, looked, watch_from

SELF_HEAL = "incident.self_heal"
DEADLINE = "recovery.deadline"
# The data could not tell yet whether it healed by itself: asked again so much later.
_ASK_AGAIN = timedelta(days=1)


def watch_resolved(unit: VerifyUnit, project: Project, number: int, *, at: datetime) -> None:
    """Somebody says it is mended: from now on the data is asked."""
    incident = unit.incidents.get(number)
    if incident is None or incident.state is not IncidentState.RESOLVED:
        return
    if incident.kind is IncidentKind.DATA:
        watch = data_watch(incident, at)
    else:
        watch = watch_from(incident, project.monitor(incident.monitor), at, unit.watches.get(number))
    unit.watches.put(watch)
    unit.events.set_timer(Timer(f"{DEADLINE}:{number}", DEADLINE, str(number), watch.deadline_at))
    _look(unit, project, incident, watch, at)


def wait_for_self_heal(unit: VerifyUnit, project: Project, number: int, *, at: datetime) -> None:
    """The data is back and nobody has done anything: accept that after the monitor's waiting time.

    A dataset that nothing holds any more is fit at once.
    """
    incident = unit.incidents.get(number)
    if incident is None:
        return
    if incident.kind is IncidentKind.DATA:
        _data_is_back(unit, project, incident, at)
        return
    due = at + project.monitor(incident.monitor).self_heal_after
    unit.events.set_timer(Timer(f"{SELF_HEAL}:{number}", SELF_HEAL, str(number), due))


def _data_is_back(unit: VerifyUnit, project: Project, incident: Incident, at: datetime) -> None:
    watch = unit.watches.get(incident.number)
    if incident.state is IncidentState.RESOLVED and watch is not None:
        _look(unit, project, incident, watch, at)
    elif incident.state in (IncidentState.OPEN, IncidentState.REOPENED):
        watch = data_looked(data_watch(incident, at), incident, at)
        unit.watches.put(watch)
        _decided(unit, incident, watch, "recovery.self_healed", at)


def check_self_heal(unit: VerifyUnit, project: Project, number: int, *, at: datetime) -> None:
    """Still untouched, still in band? Tells recovery.self_healed."""
    incident = unit.incidents.get(number)
    if incident is None or incident.state not in (IncidentState.OPEN, IncidentState.REOPENED):
        return
    if incident.ended_at is None:
        return
    monitor = project.monitor(incident.monitor)
    watch = watch_from(incident, monitor, at, unit.watches.get(number))
    looks = _looks(unit, incident, watch.since, at)
    watch = looked(watch, looks, at, relapse=monitor.gates.minimum_buckets)
    if watch.outcome is Outcome.VERIFIED:
        unit.watches.put(watch)
        _decided(unit, incident, watch, "recovery.self_healed", at)
    elif watch.outcome is Outcome.WAITING:
        unit.events.set_timer(Timer(f"{SELF_HEAL}:{number}", SELF_HEAL, str(number), at + _ASK_AGAIN))


def look_again(unit: VerifyUnit, project: Project, *, at: datetime) -> None:
    """Fresh buckets were judged: look at every incident that is being watched."""
    for watch in unit.watches.waiting():
        incident = unit.incidents.get(watch.incident)
        if incident is not None and incident.state is IncidentState.RESOLVED:
            _look(unit, project, incident, watch, at)


def _look(unit: VerifyUnit, project: Project, incident: Incident, watch: Watch, at: datetime) -> None:
    if incident.kind is IncidentKind.DATA:
        now = data_looked(watch, incident, at)
    else:
        relapse = project.monitor(incident.monitor).gates.minimum_buckets
        now = looked(watch, _looks(unit, incident, watch.since, at), at, relapse=relapse)
    if now == watch:
        return
    unit.watches.put(now)
    kinds = {
        Outcome.VERIFIED: "recovery.verified",
        Outcome.REOPENED: "recovery.denied",
        Outcome.CANNOT_TELL: "recovery.unknown",
    }
    if now.outcome in kinds:
        unit.events.cancel_timer(f"{DEADLINE}:{incident.number}")
        _decided(unit, incident, now, kinds[now.outcome], at)


def _decided(unit: VerifyUnit, incident: Incident, watch: Watch, kind: str, at: datetime) -> None:
    unit.incidents.note(line(incident.number, at, "verify", None, watch.message, f"{incident.revision}"))
    key = f"{kind}:{incident.number}:{incident.revision}"
    unit.events.tell(Event(key, kind, str(incident.number), at))


def _looks(unit: VerifyUnit, incident: Incident, since: datetime, at: datetime) -> list[Look]:
    panel = unit.bands.read(incident.monitor, since, at, [incident.slice])
    if not panel.slices:
        return []
    judged = panel.expected[:, 0] == panel.expected[:, 0]
    return [Look(start, bool(judged[i]), bool(panel.anomalous[i, 0])) for i, start in enumerate(panel.starts)]

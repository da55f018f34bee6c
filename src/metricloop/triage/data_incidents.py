"""Incidents about data: a dataset that is not fit to be judged, in the hands of whoever answers for it.

The data have the last word here, too: such an incident is over when nothing holds the dataset any more.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from metricloop.define.model import Kind
from metricloop.define.project import Project
from metricloop.kernel.events import Event
from metricloop.kernel.ids import derived_id
from metricloop.kernel.message import Message
from metricloop.kernel.slices import TOTAL
from metricloop.triage.model import Incident, IncidentKind, IncidentState, Trigger
from metricloop.triage.ports import TriageUnit
from metricloop.triage.rules import blinding_severity
from metricloop.triage.use_cases import move, note


def hold_data(
    unit: TriageUnit, project: Project, name: str, finding: Message, metrics: Sequence[str], *, at: datetime
) -> None:
    """A dataset is held: open its incident, or tell the one that lives of what holds it now. `metrics` cannot be judged
    meanwhile. One that was thought mended is open again."""
    live = _live(unit, name)
    if live is None:
        _open(unit, project, name, finding, metrics, at)
        return
    unit.incidents.save(replace(live, headline=finding, last_anomalous_at=at, ended_at=None))
    note(unit, live.number, at, "detect", None, finding, f"held:{at.isoformat()}")
    if live.state in (IncidentState.RESOLVED, IncidentState.VERIFIED):
        move(unit, live.number, Trigger.FALL_AGAIN, at=at, by=None)


def release_data(unit: TriageUnit, name: str, *, accepted: bool, at: datetime) -> None:
    """Nothing holds the dataset any more: by itself, or because a person took the data as they are. Tells
    incident.ended."""
    live = _live(unit, name)
    if live is None or live.ended_at is not None:
        return
    unit.incidents.save(replace(live, last_anomalous_at=at, ended_at=at))
    told = Message("timeline.data_accepted" if accepted else "timeline.data_ready", {"dataset": name})
    note(unit, live.number, at, "detect", None, told, f"ended:{at.isoformat()}")
    key = f"incident.ended:{live.number}:{at.isoformat()}"
    unit.events.tell(Event(key, "incident.ended", str(live.number), at))


def _live(unit: TriageUnit, name: str) -> Incident | None:
    found = [i for i in unit.incidents.live() if i.kind is IncidentKind.DATA and i.dataset == name]
    return found[0] if found else None


def _open(
    unit: TriageUnit, project: Project, name: str, finding: Message, metrics: Sequence[str], at: datetime
) -> None:
    number = unit.incidents.next_number()
    blinded = [monitor for monitor in project.monitors.values() if monitor.metric in metrics]
    incident = Incident(
        number=number,
        key=derived_id("data-incident", name, at.isoformat()),
        kind=IncidentKind.DATA,
        dataset=name,
        metric="",
        metrics=tuple(sorted(metrics)),
        slice=TOTAL,
        grain=project.datasets[name].grain,
        severity=blinding_severity(len(blinded)),
        state=IncidentState.OPEN,
        monitor="",
        monitor_version=0,
        metric_version=project.version(Kind.DATASET, name),
        anomalies=(),
        started_at=at,
        opened_at=at,
        last_anomalous_at=at,
        ended_at=None,
        impact=0.0,
        headline=finding,
    )
    unit.incidents.add(incident)
    note(unit, number, at, "detect", None, finding, f"held:{at.isoformat()}")
    told = Message("timeline.data_opened", {"severity": incident.severity, "monitors": len(blinded)})
    note(unit, number, at, "triage", None, told, "opened")
    unit.events.tell(Event(f"incident.opened:{number}", "incident.opened", str(number), at))

"""What a replay found, as plain data for the command line. The keys are a stable interface."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from metricloop.attribute.model import Attribution
from metricloop.collect.kept import Kept, bucket_key, kept_of
from metricloop.define.model import Metric
from metricloop.define.project import Project
from metricloop.kernel.series import Panel
from metricloop.loop.ports import LoopUnit
from metricloop.triage.model import Incident, IncidentState


def summary(unit: LoopUnit, project: Project) -> dict[str, Any]:
    """Incidents by number, and how much happened at each stage. Times are ISO 8601 in each metric's zone.

    One that was merged is told of by the incident it went into, and only counted here.
    """
    found, _ = unit.incidents.find(limit=1_000_000)
    ordered = sorted((i for i in found if i.state is not IncidentState.MERGED), key=lambda i: i.number)
    return {
        "incidents": [_incident(i, unit.attributions.get(i.number), project) for i in ordered],
        "counts": {**_counts(unit, project, ordered), "merged": len(found) - len(ordered)},
    }


def _incident(incident: Incident, found: Attribution | None, project: Project) -> dict[str, Any]:
    data = project.datasets[incident.dataset] if incident.dataset else None
    zone = (data or project.dataset_of(project.metric(incident.metric))).timezone
    causes = found.causes if found and found.localisable else ()
    return {
        "id": incident.number,
        **({"kind": incident.kind.value, "dataset": data.name, "headline": incident.headline.code} if data else {}),
        "metric": incident.metric,
        "metrics": list(incident.metrics),
        "slice": incident.slice.as_dict(),
        "grain": incident.grain.value,
        "started_at": _local(incident.started_at, zone),
        "opened_at": _local(incident.opened_at, zone),
        "ended_at": _local(incident.ended_at or incident.last_anomalous_at, zone),
        "severity": incident.severity,
        "owner": incident.owner,
        "state": incident.state.value,
        "localisable": incident.localisable,
        "verdict": incident.verdict,
        "root_causes": [
            {"slice": c.slice.as_dict(), "share": None if c.share is None else round(c.share, 6)} for c in causes
        ],
        "impact": round(incident.impact, 6),
    }


def _local(at: datetime, zone: ZoneInfo) -> str:
    return at.astimezone(zone).isoformat()


def _keys(project: Project, metric: Metric) -> list[str]:
    """The names under which points of a metric are kept."""
    kept = kept_of(project, metric)
    if kept is Kept.BUCKETS:
        return [bucket_key(metric.name, grain) for grain in metric.grains]
    return [metric.name] if kept is Kept.HOURS else []


def _counts(unit: LoopUnit, project: Project, incidents: list[Incident]) -> dict[str, int]:
    points = 0
    for metric in project.metrics.values():
        for key in _keys(project, metric):
            span = unit.points.span(key)
            if span is not None:
                panel: Panel = unit.points.read(key, *span)
                points += int(panel.numerator.size)
    numbers = [i.number for i in incidents]
    runs = [r for n in numbers for r in unit.runs.of_incident(n)]
    notifications = unit.outbox.find(limit=1_000_000)
    states = Counter(i.state.value for i in incidents)
    return {
        "collect": points,
        "detect": sum(len(i.anomalies) for i in incidents),
        "attribute": sum(i.verdict is not None for i in incidents),
        "triage": len(incidents),
        "assign": sum(i.owner is not None for i in incidents),
        "notify": len(notifications),
        "act": len(runs),
        "verify": sum(i.verified_at is not None for i in incidents),
        "review": len(unit.reviews.published(limit=1_000_000)),
        "label": sum(len(unit.labels.of_incident(n)) for n in numbers),
        "tune": len(unit.proposals.find(limit=1_000_000)),
        "closed": sum(states[s] for s in ("closed", "false_alarm", "expected")),
    }

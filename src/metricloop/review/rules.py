"""A review drafted from the record: facts alone, no guesses. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from metricloop.attribute.model import Attribution
from metricloop.detect.model import Label
from metricloop.kernel.message import Message
from metricloop.review.model import Review
from metricloop.triage.model import Incident, TimelineEntry


def draft(
    incident: Incident,
    timeline: Sequence[TimelineEntry],
    attribution: Attribution | None,
    labels: Sequence[Label],
    at: datetime,
) -> Review:
    """What happened, how long each part took, what the data says moved it, and how it ended."""
    told = [_happened(incident)]
    if attribution is not None:
        told.append(_evidence(attribution))
    told.extend(_times(incident))
    told.append(Message("review.steps", {"people": _people(timeline), "entries": len(timeline)}))
    if incident.reopened:
        told.append(Message("review.reopened", {"times": incident.reopened}))
    standing = [label for label in labels if label.withdrawn_at is None]
    if standing:
        told.append(Message("review.labelled", {"verdict": standing[-1].verdict.value}))
    return Review(incident.number, at, tuple(told), incident.impact)


def _happened(incident: Incident) -> Message:
    end = incident.ended_at or incident.last_anomalous_at
    return Message(
        "review.happened",
        {
            "metric": incident.metric,
            "slice": incident.slice.as_dict(),
            "start": incident.started_at.isoformat(),
            "end": end.isoformat(),
            "impact": round(incident.impact, 3),
        },
    )


def _evidence(attribution: Attribution) -> Message:
    if not attribution.localisable or not attribution.causes:
        return Message("review.not_localisable", {"verdict": attribution.verdict.value})
    first = attribution.causes[0]
    return Message("review.evidence", {"slice": first.slice.as_dict(), "share": first.share})


def _times(incident: Incident) -> list[Message]:
    marks = (
        ("review.time_to_acknowledge", incident.acknowledged_at),
        ("review.time_to_resolve", incident.resolved_at),
        ("review.time_to_verify", incident.verified_at),
    )
    return [
        Message(code, {"seconds": (mark - incident.opened_at).total_seconds()})
        for code, mark in marks
        if mark is not None
    ]


def _people(timeline: Sequence[TimelineEntry]) -> int:
    return len({entry.actor for entry in timeline if entry.actor})

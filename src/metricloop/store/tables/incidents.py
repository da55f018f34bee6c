"""Incidents and what hangs on them: timeline, attribution, assignment, watch, review.

References are checked at commit, so that a unit may write in the order it thinks.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, Table, UniqueConstraint

from metricloop.attribute.model import Cause, Part, VerdictKind
from metricloop.kernel.grain import Grain
from metricloop.kernel.message import Message
from metricloop.store.columns import (
    Choice,
    Counter,
    Flag,
    Json,
    Number,
    Real,
    SliceKey,
    UtcTime,
    Words,
    metadata,
    one_of,
)
from metricloop.triage.model import IncidentKind, IncidentState
from metricloop.verify.model import Outcome

incidents = Table(
    "incidents",
    metadata,
    Column("number", Number, primary_key=True, autoincrement=False),
    Column("key", Words, nullable=False),
    Column("metric", Words, nullable=False),
    Column("metrics", Json(tuple[str, ...]), nullable=False),
    Column("slice", SliceKey, nullable=False),
    Column("grain", Choice(Grain), nullable=False),
    Column("severity", Words, nullable=False),
    Column("state", Choice(IncidentState), nullable=False),
    Column("monitor", Words, nullable=False),
    Column("monitor_version", Number, nullable=False),
    Column("metric_version", Number, nullable=False),
    Column("anomalies", Json(tuple[str, ...]), nullable=False),
    Column("started_at", UtcTime, nullable=False),
    Column("opened_at", UtcTime, nullable=False),
    Column("last_anomalous_at", UtcTime, nullable=False),
    Column("ended_at", UtcTime),
    Column("impact", Real, nullable=False),
    Column("owner", Words),
    Column("headline", Json(Message), nullable=False),
    Column("localisable", Flag),
    Column("verdict", Words),
    Column("acknowledged_at", UtcTime),
    Column("resolved_at", UtcTime),
    Column("resolved_by", Words),
    Column("verified_at", UtcTime),
    Column("closed_at", UtcTime),
    Column("reopened", Number, nullable=False),
    Column("revision", Number, nullable=False),
    Column("kind", Choice(IncidentKind), nullable=False, server_default="business"),
    Column("dataset", Words),
    UniqueConstraint("key"),
    one_of("state", IncidentState),
    CheckConstraint("number > 0", name="number"),
)

Index(None, incidents.c.state)
Index(None, incidents.c.owner)
Index(None, incidents.c.started_at)


def incident_reference(*, nullable: bool = False, primary_key: bool = False) -> Column[Any]:
    """The column of a thing that belongs to an incident."""
    reference = ForeignKey("incidents.number", deferrable=True, initially="DEFERRED")
    if primary_key:
        return Column("incident", Number, reference, primary_key=True, autoincrement=False)
    return Column("incident", Number, reference, nullable=nullable)


incident_anomalies = Table(
    "incident_anomalies",
    metadata,
    Column("anomaly", Words, primary_key=True),
    incident_reference(primary_key=True),
)

Index(None, incident_anomalies.c.incident)

incident_metrics = Table(
    "incident_metrics",
    metadata,
    Column("metric", Words, primary_key=True),
    incident_reference(primary_key=True),
)

Index(None, incident_metrics.c.incident)

timeline = Table(
    "timeline",
    metadata,
    Column("sequence", Counter, primary_key=True, autoincrement=True),  # the order of what happened at one instant
    Column("key", Words, nullable=False),
    incident_reference(),
    Column("at", UtcTime, nullable=False),
    Column("kind", Words, nullable=False),
    Column("actor", Words),
    Column("message", Json(Message), nullable=False),
    UniqueConstraint("key"),
)

Index(None, timeline.c.incident, timeline.c.at)

attributions = Table(
    "attributions",
    metadata,
    incident_reference(primary_key=True),
    Column("metric", Words, nullable=False),
    Column("made_at", UtcTime, primary_key=True),
    Column("start", UtcTime, nullable=False),
    Column("end", UtcTime, nullable=False),
    Column("expected", Real, nullable=False),
    Column("actual", Real, nullable=False),
    Column("total", Real, nullable=False),
    Column("verdict", Choice(VerdictKind), nullable=False),
    Column("localisable", Flag, nullable=False),
    Column("causes", Json(tuple[Cause, ...]), nullable=False),
    Column("parts", Json(tuple[Part, ...]), nullable=False),
    Column("by_dimension", Json(Mapping[str, tuple[Part, ...]]), nullable=False),
    one_of("verdict", VerdictKind),
)

assignments = Table(
    "assignments",
    metadata,
    Column("sequence", Counter, primary_key=True, autoincrement=True),
    Column("id", Words, nullable=False),
    incident_reference(),
    Column("person", Words, nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("by", Words),
    Column("reason", Json(Message), nullable=False),
    Column("acknowledge_due_at", UtcTime, nullable=False),
    Column("resolve_due_at", UtcTime, nullable=False),
    UniqueConstraint("id"),
)

Index(None, assignments.c.incident)

watches = Table(
    "watches",
    metadata,
    incident_reference(primary_key=True),
    Column("since", UtcTime, nullable=False),
    Column("needed", Number, nullable=False),
    Column("back", Number, nullable=False),
    Column("outcome", Choice(Outcome), nullable=False),
    Column("decided_at", UtcTime),
    Column("deadline_at", UtcTime, nullable=False),
    Column("message", Json(Message), nullable=False),
    one_of("outcome", Outcome),
)

reviews = Table(
    "reviews",
    metadata,
    incident_reference(primary_key=True),
    Column("drafted_at", UtcTime, nullable=False),
    Column("summary", Json(tuple[Message, ...]), nullable=False),
    Column("impact", Real, nullable=False),
    Column("cause", Words, nullable=False),
    Column("lesson", Words, nullable=False),
    Column("published_at", UtcTime),
    Column("by", Words),
)

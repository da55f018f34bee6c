"""Runs, effects, tasks, notifications with their delivery attempts, and proposals."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, Table

from metricloop.act.model import RunStatus, StepRun, TaskKind, TaskState
from metricloop.define.playbooks import Mode, Playbook
from metricloop.kernel.message import Message, Text
from metricloop.notify.model import DeliveryState
from metricloop.store.columns import Choice, Json, Number, Real, UtcTime, Words, metadata, one_of
from metricloop.store.tables.incidents import incident_reference
from metricloop.tune.model import Backtest, ProposalState


def _reference(target: str) -> ForeignKey:
    return ForeignKey(target, deferrable=True, initially="DEFERRED")


runs = Table(
    "runs",
    metadata,
    Column("id", Words, primary_key=True),
    incident_reference(),
    Column("playbook", Json(Playbook), nullable=False),
    Column("playbook_version", Number, nullable=False),
    Column("mode", Choice(Mode), nullable=False),
    Column("status", Choice(RunStatus), nullable=False),
    Column("steps", Json(tuple[StepRun, ...]), nullable=False),
    Column("at", Number, nullable=False),
    Column("started_at", UtcTime, nullable=False),
    Column("ended_at", UtcTime),
    Column("why", Json(Message)),
    Column("epoch", Number, nullable=False),
    one_of("status", RunStatus),
)

Index(None, runs.c.incident)
Index(None, runs.c.status)

effects = Table(
    "effects",
    metadata,
    Column("key", Words, primary_key=True),
    Column("run", Words, _reference("runs.id"), nullable=False),
    Column("step", Words, nullable=False),
    Column("action", Words, nullable=False),
    Column("request", Json(Mapping[str, Any]), nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("done_at", UtcTime),
    Column("outcome", Words),
    Column("attempts", Number, nullable=False),
)

Index(None, effects.c.run)
Index(
    "ix_effects_open",
    effects.c.created_at,
    sqlite_where=effects.c.done_at.is_(None),
    postgresql_where=effects.c.done_at.is_(None),
)

proposals = Table(
    "proposals",
    metadata,
    Column("id", Words, primary_key=True),
    Column("monitor", Words, nullable=False),
    Column("monitor_version", Number, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("title", Json(Message), nullable=False),
    Column("why", Json(tuple[Message, ...]), nullable=False),
    Column("before", Json(Mapping[str, Any]), nullable=False),
    Column("after", Json(Mapping[str, Any]), nullable=False),
    Column("backtest", Json(Backtest), nullable=False),
    Column("labels", Json(tuple[str, ...]), nullable=False),
    Column("state", Choice(ProposalState), nullable=False),
    Column("decided_by", Words),
    Column("decided_at", UtcTime),
    Column("decision_reason", Words, nullable=False),
    Column("new_version", Number),
    Column("revision", Number, nullable=False),
    one_of("state", ProposalState),
)

tasks = Table(
    "tasks",
    metadata,
    Column("id", Words, primary_key=True),
    Column("kind", Choice(TaskKind), nullable=False),
    Column("title", Json(Text), nullable=False),
    Column("assignee", Words, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("due_at", UtcTime),
    Column("state", Choice(TaskState), nullable=False),
    incident_reference(nullable=True),
    Column("run", Words, _reference("runs.id")),
    Column("step", Words),
    Column("proposal", Words, _reference("proposals.id")),
    Column("answer", Json(Mapping[str, Any]), nullable=False),
    Column("note", Words, nullable=False),
    Column("done_by", Words),
    Column("done_at", UtcTime),
    Column("revision", Number, nullable=False),
    one_of("kind", TaskKind),
    one_of("state", TaskState),
    # Only an approval can be approved: a time-out or a slip must not be able to write it elsewhere.
    CheckConstraint("state NOT IN ('approved', 'rejected') OR kind IN ('approval', 'proposal')", name="decision"),
)

Index(None, tasks.c.incident)
Index(None, tasks.c.assignee, tasks.c.state)
Index(None, tasks.c.state, tasks.c.due_at)

notifications = Table(
    "notifications",
    metadata,
    Column("id", Words, primary_key=True),
    incident_reference(nullable=True),
    Column("person", Words, nullable=False),
    Column("channel", Words, nullable=False),
    Column("address", Words, nullable=False),
    Column("message", Json(Message), nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("state", Choice(DeliveryState), nullable=False),
    Column("attempts", Number, nullable=False),
    Column("next_attempt_at", UtcTime),
    one_of("state", DeliveryState),
)

Index(None, notifications.c.incident)
Index(None, notifications.c.person, notifications.c.created_at)
Index(None, notifications.c.state, notifications.c.created_at)

delivery_attempts = Table(
    "delivery_attempts",
    metadata,
    Column("notification", Words, _reference("notifications.id"), primary_key=True),
    Column("number", Number, primary_key=True, autoincrement=False),
    Column("at", UtcTime, nullable=False),
    Column("outcome", Choice(DeliveryState), nullable=False),
    Column("provider_code", Words, nullable=False),
    Column("provider_message", Words, nullable=False),
    Column("retry_after_s", Real),
    one_of("outcome", DeliveryState),
)

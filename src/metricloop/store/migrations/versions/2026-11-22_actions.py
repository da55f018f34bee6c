"""Runs, tasks, notifications, proposals."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "2b0dcdd40016"
down_revision = "a6d1765ab64d"
branch_labels = None
depends_on = None

WORDS = sa.Text().with_variant(postgresql.TEXT(collation="C"), "postgresql")
TIME = sa.String(27).with_variant(postgresql.TIMESTAMP(timezone=True, precision=6), "postgresql")
JSON = sa.Text().with_variant(postgresql.JSON(), "postgresql")


def _proposals_to_effects() -> None:
    op.create_table(
        "proposals",
        sa.Column("id", WORDS, nullable=False),
        sa.Column("monitor", WORDS, nullable=False),
        sa.Column("monitor_version", sa.BigInteger(), nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("title", JSON, nullable=False),
        sa.Column("why", JSON, nullable=False),
        sa.Column("before", JSON, nullable=False),
        sa.Column("after", JSON, nullable=False),
        sa.Column("backtest", JSON, nullable=False),
        sa.Column("labels", JSON, nullable=False),
        sa.Column("state", WORDS, nullable=False),
        sa.Column("decided_by", WORDS),
        sa.Column("decided_at", TIME),
        sa.Column("decision_reason", WORDS, nullable=False),
        sa.Column("new_version", sa.BigInteger()),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("state IN ('open', 'accepted', 'rejected', 'withdrawn')", name="ck_proposals_state"),
        sa.PrimaryKeyConstraint("id", name="pk_proposals"),
    )
    op.create_table(
        "notifications",
        sa.Column("id", WORDS, nullable=False),
        sa.Column("incident", sa.BigInteger()),
        sa.Column("person", WORDS, nullable=False),
        sa.Column("channel", WORDS, nullable=False),
        sa.Column("address", WORDS, nullable=False),
        sa.Column("message", JSON, nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("state", WORDS, nullable=False),
        sa.Column("attempts", sa.BigInteger(), nullable=False),
        sa.Column("next_attempt_at", TIME),
        sa.CheckConstraint(
            "state IN ('pending', 'accepted', 'delivered', 'read', 'failed')", name="ck_notifications_state"
        ),
        sa.ForeignKeyConstraint(
            ["incident"],
            ["incidents.number"],
            name="fk_notifications_incident_incidents",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name="pk_notifications"),
    )
    op.create_index("ix_notifications_incident", "notifications", ["incident"])
    op.create_index("ix_notifications_person_created_at", "notifications", ["person", "created_at"])
    op.create_index("ix_notifications_state_created_at", "notifications", ["state", "created_at"])
    op.create_table(
        "runs",
        sa.Column("id", WORDS, nullable=False),
        sa.Column("incident", sa.BigInteger(), nullable=False),
        sa.Column("playbook", JSON, nullable=False),
        sa.Column("playbook_version", sa.BigInteger(), nullable=False),
        sa.Column("mode", WORDS, nullable=False),
        sa.Column("status", WORDS, nullable=False),
        sa.Column("steps", JSON, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("started_at", TIME, nullable=False),
        sa.Column("ended_at", TIME),
        sa.Column("why", JSON),
        sa.Column("epoch", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "status IN ('running', 'waiting', 'paused', 'succeeded', 'failed', 'cancelled')", name="ck_runs_status"
        ),
        sa.ForeignKeyConstraint(
            ["incident"], ["incidents.number"], name="fk_runs_incident_incidents", initially="DEFERRED", deferrable=True
        ),
        sa.PrimaryKeyConstraint("id", name="pk_runs"),
    )
    op.create_index("ix_runs_incident", "runs", ["incident"])
    op.create_index("ix_runs_status", "runs", ["status"])
    op.create_table(
        "delivery_attempts",
        sa.Column("notification", WORDS, nullable=False),
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.Column("outcome", WORDS, nullable=False),
        sa.Column("provider_code", WORDS, nullable=False),
        sa.Column("provider_message", WORDS, nullable=False),
        sa.Column("retry_after_s", sa.Double()),
        sa.CheckConstraint(
            "outcome IN ('pending', 'accepted', 'delivered', 'read', 'failed')", name="ck_delivery_attempts_outcome"
        ),
        sa.ForeignKeyConstraint(
            ["notification"],
            ["notifications.id"],
            name="fk_delivery_attempts_notification_notifications",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("notification", "number", name="pk_delivery_attempts"),
    )
    op.create_table(
        "effects",
        sa.Column("key", WORDS, nullable=False),
        sa.Column("run", WORDS, nullable=False),
        sa.Column("step", WORDS, nullable=False),
        sa.Column("action", WORDS, nullable=False),
        sa.Column("request", JSON, nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("done_at", TIME),
        sa.Column("outcome", WORDS),
        sa.Column("attempts", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["run"], ["runs.id"], name="fk_effects_run_runs", initially="DEFERRED", deferrable=True
        ),
        sa.PrimaryKeyConstraint("key", name="pk_effects"),
    )
    op.create_index(
        "ix_effects_open",
        "effects",
        ["created_at"],
        sqlite_where=sa.text("done_at IS NULL"),
        postgresql_where=sa.text("done_at IS NULL"),
    )
    op.create_index("ix_effects_run", "effects", ["run"])


def _tasks() -> None:
    op.create_table(
        "tasks",
        sa.Column("id", WORDS, nullable=False),
        sa.Column("kind", WORDS, nullable=False),
        sa.Column("title", JSON, nullable=False),
        sa.Column("assignee", WORDS, nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("due_at", TIME),
        sa.Column("state", WORDS, nullable=False),
        sa.Column("incident", sa.BigInteger()),
        sa.Column("run", WORDS),
        sa.Column("step", WORDS),
        sa.Column("proposal", WORDS),
        sa.Column("answer", JSON, nullable=False),
        sa.Column("note", WORDS, nullable=False),
        sa.Column("done_by", WORDS),
        sa.Column("done_at", TIME),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("kind IN ('task', 'approval', 'review', 'proposal')", name="ck_tasks_kind"),
        sa.CheckConstraint(
            "state IN ('open', 'done', 'approved', 'rejected', 'escalated', 'cancelled')", name="ck_tasks_state"
        ),
        sa.CheckConstraint(
            "state NOT IN ('approved', 'rejected') OR kind IN ('approval', 'proposal')", name="ck_tasks_decision"
        ),
        sa.ForeignKeyConstraint(
            ["incident"],
            ["incidents.number"],
            name="fk_tasks_incident_incidents",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["proposal"], ["proposals.id"], name="fk_tasks_proposal_proposals", initially="DEFERRED", deferrable=True
        ),
        sa.ForeignKeyConstraint(["run"], ["runs.id"], name="fk_tasks_run_runs", initially="DEFERRED", deferrable=True),
        sa.PrimaryKeyConstraint("id", name="pk_tasks"),
    )
    op.create_index("ix_tasks_assignee_state", "tasks", ["assignee", "state"])
    op.create_index("ix_tasks_incident", "tasks", ["incident"])
    op.create_index("ix_tasks_state_due_at", "tasks", ["state", "due_at"])


def upgrade() -> None:
    _proposals_to_effects()
    _tasks()

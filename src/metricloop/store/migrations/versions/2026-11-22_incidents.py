"""Incidents and what hangs on them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "a6d1765ab64d"
down_revision = "b4335ca78bd3"
branch_labels = None
depends_on = None

WORDS = sa.Text().with_variant(postgresql.TEXT(collation="C"), "postgresql")
TIME = sa.String(27).with_variant(postgresql.TIMESTAMP(timezone=True, precision=6), "postgresql")
JSON = sa.Text().with_variant(postgresql.JSON(), "postgresql")
COUNTER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _incidents_to_timeline() -> None:
    op.create_table(
        "incidents",
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("key", WORDS, nullable=False),
        sa.Column("metric", WORDS, nullable=False),
        sa.Column("metrics", JSON, nullable=False),
        sa.Column("slice", WORDS, nullable=False),
        sa.Column("grain", WORDS, nullable=False),
        sa.Column("severity", WORDS, nullable=False),
        sa.Column("state", WORDS, nullable=False),
        sa.Column("monitor", WORDS, nullable=False),
        sa.Column("monitor_version", sa.BigInteger(), nullable=False),
        sa.Column("metric_version", sa.BigInteger(), nullable=False),
        sa.Column("anomalies", JSON, nullable=False),
        sa.Column("started_at", TIME, nullable=False),
        sa.Column("opened_at", TIME, nullable=False),
        sa.Column("last_anomalous_at", TIME, nullable=False),
        sa.Column("ended_at", TIME),
        sa.Column("impact", sa.Double(), nullable=False),
        sa.Column("owner", WORDS),
        sa.Column("headline", JSON, nullable=False),
        sa.Column("localisable", sa.Boolean()),
        sa.Column("verdict", WORDS),
        sa.Column("acknowledged_at", TIME),
        sa.Column("resolved_at", TIME),
        sa.Column("resolved_by", WORDS),
        sa.Column("verified_at", TIME),
        sa.Column("closed_at", TIME),
        sa.Column("reopened", sa.BigInteger(), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "state IN ('open', 'acknowledged', 'in_progress', 'resolved', 'verified', 'closed', "
            "'reopened', 'merged', 'false_alarm', 'expected')",
            name="ck_incidents_state",
        ),
        sa.CheckConstraint("number > 0", name="ck_incidents_number"),
        sa.PrimaryKeyConstraint("number", name="pk_incidents"),
        sa.UniqueConstraint("key", name="uq_incidents_key"),
    )
    op.create_index("ix_incidents_owner", "incidents", ["owner"])
    op.create_index("ix_incidents_started_at", "incidents", ["started_at"])
    op.create_index("ix_incidents_state", "incidents", ["state"])
    op.create_table(
        "assignments",
        sa.Column("sequence", COUNTER, autoincrement=True, nullable=False),
        sa.Column("id", WORDS, nullable=False),
        sa.Column("incident", sa.BigInteger(), nullable=False),
        sa.Column("person", WORDS, nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.Column("by", WORDS),
        sa.Column("reason", JSON, nullable=False),
        sa.Column("acknowledge_due_at", TIME, nullable=False),
        sa.Column("resolve_due_at", TIME, nullable=False),
        sa.ForeignKeyConstraint(
            ["incident"],
            ["incidents.number"],
            name="fk_assignments_incident_incidents",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("sequence", name="pk_assignments"),
        sa.UniqueConstraint("id", name="uq_assignments_id"),
    )
    op.create_index("ix_assignments_incident", "assignments", ["incident"])
    op.create_table(
        "attributions",
        sa.Column("incident", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("metric", WORDS, nullable=False),
        sa.Column("made_at", TIME, nullable=False),
        sa.Column("start", TIME, nullable=False),
        sa.Column("end", TIME, nullable=False),
        sa.Column("expected", sa.Double(), nullable=False),
        sa.Column("actual", sa.Double(), nullable=False),
        sa.Column("total", sa.Double(), nullable=False),
        sa.Column("verdict", WORDS, nullable=False),
        sa.Column("localisable", sa.Boolean(), nullable=False),
        sa.Column("causes", JSON, nullable=False),
        sa.Column("parts", JSON, nullable=False),
        sa.Column("by_dimension", JSON, nullable=False),
        sa.CheckConstraint("verdict IN ('local', 'mix', 'global', 'none')", name="ck_attributions_verdict"),
        sa.ForeignKeyConstraint(
            ["incident"],
            ["incidents.number"],
            name="fk_attributions_incident_incidents",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("incident", "made_at", name="pk_attributions"),
    )
    op.create_table(
        "incident_anomalies",
        sa.Column("anomaly", WORDS, nullable=False),
        sa.Column("incident", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(
            ["incident"],
            ["incidents.number"],
            name="fk_incident_anomalies_incident_incidents",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("anomaly", "incident", name="pk_incident_anomalies"),
    )
    op.create_index("ix_incident_anomalies_incident", "incident_anomalies", ["incident"])
    op.create_table(
        "incident_metrics",
        sa.Column("metric", WORDS, nullable=False),
        sa.Column("incident", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(
            ["incident"],
            ["incidents.number"],
            name="fk_incident_metrics_incident_incidents",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("metric", "incident", name="pk_incident_metrics"),
    )
    op.create_index("ix_incident_metrics_incident", "incident_metrics", ["incident"])
    op.create_table(
        "reviews",
        sa.Column("incident", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("drafted_at", TIME, nullable=False),
        sa.Column("summary", JSON, nullable=False),
        sa.Column("impact", sa.Double(), nullable=False),
        sa.Column("cause", WORDS, nullable=False),
        sa.Column("lesson", WORDS, nullable=False),
        sa.Column("published_at", TIME),
        sa.Column("by", WORDS),
        sa.ForeignKeyConstraint(
            ["incident"],
            ["incidents.number"],
            name="fk_reviews_incident_incidents",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("incident", name="pk_reviews"),
    )
    op.create_table(
        "timeline",
        sa.Column("sequence", COUNTER, autoincrement=True, nullable=False),
        sa.Column("key", WORDS, nullable=False),
        sa.Column("incident", sa.BigInteger(), nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.Column("kind", WORDS, nullable=False),
        sa.Column("actor", WORDS),
        sa.Column("message", JSON, nullable=False),
        sa.ForeignKeyConstraint(
            ["incident"],
            ["incidents.number"],
            name="fk_timeline_incident_incidents",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("sequence", name="pk_timeline"),
        sa.UniqueConstraint("key", name="uq_timeline_key"),
    )
    op.create_index("ix_timeline_incident_at", "timeline", ["incident", "at"])


def _watches() -> None:
    op.create_table(
        "watches",
        sa.Column("incident", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("since", TIME, nullable=False),
        sa.Column("needed", sa.BigInteger(), nullable=False),
        sa.Column("back", sa.BigInteger(), nullable=False),
        sa.Column("outcome", WORDS, nullable=False),
        sa.Column("decided_at", TIME),
        sa.Column("deadline_at", TIME, nullable=False),
        sa.Column("message", JSON, nullable=False),
        sa.CheckConstraint("outcome IN ('waiting', 'verified', 'reopened', 'cannot_tell')", name="ck_watches_outcome"),
        sa.ForeignKeyConstraint(
            ["incident"],
            ["incidents.number"],
            name="fk_watches_incident_incidents",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("incident", name="pk_watches"),
    )


def upgrade() -> None:
    _incidents_to_timeline()
    _watches()

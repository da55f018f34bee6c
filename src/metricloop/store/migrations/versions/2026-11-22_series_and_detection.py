"""Points, bands, anomalies, labels and checkpoints."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "b4335ca78bd3"
down_revision = "d6bea2107d7d"
branch_labels = None
depends_on = None

WORDS = sa.Text().with_variant(postgresql.TEXT(collation="C"), "postgresql")
TIME = sa.String(27).with_variant(postgresql.TIMESTAMP(timezone=True, precision=6), "postgresql")
JSON = sa.Text().with_variant(postgresql.JSON(), "postgresql")


def _anomalies_to_point_hours() -> None:
    op.create_table(
        "anomalies",
        sa.Column("id", WORDS, nullable=False),
        sa.Column("monitor", WORDS, nullable=False),
        sa.Column("monitor_version", sa.BigInteger(), nullable=False),
        sa.Column("metric", WORDS, nullable=False),
        sa.Column("slice", WORDS, nullable=False),
        sa.Column("grain", WORDS, nullable=False),
        sa.Column("started_at", TIME, nullable=False),
        sa.Column("ended_at", TIME, nullable=False),
        sa.Column("state", WORDS, nullable=False),
        sa.Column("points", sa.BigInteger(), nullable=False),
        sa.Column("impact", sa.Double(), nullable=False),
        sa.Column("peak_score", sa.Double(), nullable=False),
        sa.Column("normal_in_a_row", sa.BigInteger(), nullable=False),
        sa.Column("raised_at", TIME),
        sa.CheckConstraint("state IN ('open', 'ended')", name="ck_anomalies_state"),
        sa.CheckConstraint("started_at <= ended_at", name="ck_anomalies_span"),
        sa.PrimaryKeyConstraint("id", name="pk_anomalies"),
    )
    op.create_index("ix_anomalies_metric_ended_at", "anomalies", ["metric", "ended_at"])
    op.create_index("ix_anomalies_monitor_state", "anomalies", ["monitor", "state"])
    op.create_table(
        "axes",
        sa.Column("family", WORDS, nullable=False),
        sa.Column("name", WORDS, nullable=False),
        sa.Column("position", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("slice", WORDS, nullable=False),
        sa.CheckConstraint("family IN ('points', 'bands')", name="ck_axes_family"),
        sa.CheckConstraint("position >= 0", name="ck_axes_position"),
        sa.PrimaryKeyConstraint("family", "name", "position", name="pk_axes"),
        sa.UniqueConstraint("family", "name", "slice", name="uq_axes_family_name_slice"),
    )
    op.create_table(
        "bands",
        sa.Column("monitor", WORDS, nullable=False),
        sa.Column("start", TIME, nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("packed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("monitor", "start", name="pk_bands"),
    )
    op.create_table(
        "collections",
        sa.Column("dataset", WORDS, nullable=False),
        sa.Column("until", TIME),
        sa.Column("last_run_at", TIME),
        sa.Column("failed_since", TIME),
        sa.Column("failure", JSON),
        sa.PrimaryKeyConstraint("dataset", name="pk_collections"),
    )
    op.create_table(
        "detector_states",
        sa.Column("monitor", WORDS, nullable=False),
        sa.Column("metric", WORDS, nullable=False),
        sa.Column("monitor_version", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("until", TIME, nullable=False),
        sa.Column("axis", JSON, nullable=False),
        sa.Column("arrays", sa.LargeBinary(), nullable=False),
        sa.Column("meta", JSON, nullable=False),
        sa.PrimaryKeyConstraint("monitor", "monitor_version", "until", name="pk_detector_states"),
    )
    op.create_index("ix_detector_states_metric_until", "detector_states", ["metric", "until"])
    op.create_table(
        "judged",
        sa.Column("monitor", WORDS, nullable=False),
        sa.Column("until", TIME, nullable=False),
        sa.PrimaryKeyConstraint("monitor", name="pk_judged"),
    )
    op.create_table(
        "labels",
        sa.Column("id", WORDS, nullable=False),
        sa.Column("incident", sa.BigInteger()),
        sa.Column("metric", WORDS, nullable=False),
        sa.Column("slice", WORDS, nullable=False),
        sa.Column("grain", WORDS, nullable=False),
        sa.Column("start", TIME, nullable=False),
        sa.Column("end", TIME, nullable=False),
        sa.Column("verdict", WORDS, nullable=False),
        sa.Column("by", WORDS, nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.Column("note", WORDS, nullable=False),
        sa.Column("masks", sa.Boolean(), nullable=False),
        sa.Column("effects", JSON, nullable=False),
        sa.Column("withdrawn_at", TIME),
        sa.CheckConstraint(
            "verdict IN ('true', 'false_alarm', 'expected', 'new_normal', 'missed')", name="ck_labels_verdict"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_labels"),
    )
    op.create_index("ix_labels_incident", "labels", ["incident"])
    op.create_index("ix_labels_metric", "labels", ["metric"])
    op.create_table(
        "point_days",
        sa.Column("metric", WORDS, nullable=False),
        sa.Column("day", TIME, nullable=False),
        sa.Column("packed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("metric", "day", name="pk_point_days"),
    )
    op.create_table(
        "point_hours",
        sa.Column("metric", WORDS, nullable=False),
        sa.Column("start", TIME, nullable=False),
        sa.Column("collected_at", TIME, nullable=False),
        sa.Column("superseded", sa.Boolean(), nullable=False),
        sa.Column("packed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("metric", "start", "collected_at", name="pk_point_hours"),
    )


def upgrade() -> None:
    _anomalies_to_point_hours()

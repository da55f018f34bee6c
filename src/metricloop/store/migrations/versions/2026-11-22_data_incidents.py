"""Incidents about data; what holds a dataset; tallies of its buckets; what of its history was put right."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "1da4aa8c42a1"
down_revision = "ba2915c7c6b4"
branch_labels = None
depends_on = None

WORDS = sa.Text().with_variant(postgresql.TEXT(collation="C"), "postgresql")
TIME = sa.String(27).with_variant(postgresql.TIMESTAMP(timezone=True, precision=6), "postgresql")
JSON = sa.Text().with_variant(postgresql.JSON(), "postgresql")

_COLLECTIONS = {"notes": "[]", "accepted": "[]", "columns": "{}", "restated": "0"}  # what those that are there get


def upgrade() -> None:
    op.create_table(
        "restatements",
        sa.Column("dataset", WORDS, nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.Column("cause", WORDS, nullable=False),
        sa.Column("start", TIME, nullable=False),
        sa.Column("end", TIME, nullable=False),
        sa.Column("buckets", sa.BigInteger(), nullable=False),
        sa.Column("metrics", JSON, nullable=False),
        sa.CheckConstraint("cause IN ('overlap', 'update', 'reconcile')", name="ck_restatements_cause"),
        sa.PrimaryKeyConstraint("dataset", "at", "cause", name="pk_restatements"),
    )
    op.create_table(
        "tallies",
        sa.Column("dataset", WORDS, nullable=False),
        sa.Column("start", TIME, nullable=False),
        sa.Column("rows", sa.BigInteger(), nullable=False),
        sa.Column("read_at", TIME, nullable=False),
        sa.Column("first_rows", sa.BigInteger(), nullable=False),
        sa.Column("first_at", TIME, nullable=False),
        sa.Column("nulls", JSON, nullable=False),
        sa.Column("duplicates", sa.BigInteger(), nullable=False),
        sa.Column("digest", WORDS),
        sa.PrimaryKeyConstraint("dataset", "start", name="pk_tallies"),
    )
    for column in (sa.Column("held_since", TIME), sa.Column("held", JSON), sa.Column("newest_at", TIME)):
        op.add_column("collections", column)
    op.add_column("collections", sa.Column("reconciled_at", TIME))
    with op.batch_alter_table("collections") as collections:
        for name, default in _COLLECTIONS.items():
            kind = sa.BigInteger() if name == "restated" else JSON
            collections.add_column(sa.Column(name, kind, nullable=False, server_default=default))
    with op.batch_alter_table("collections") as collections:
        for name in _COLLECTIONS:
            collections.alter_column(name, server_default=None)
    # Every incident there was until now is about a metric.
    op.add_column("incidents", sa.Column("kind", WORDS, nullable=False, server_default="business"))
    op.add_column("incidents", sa.Column("dataset", WORDS))

"""Landed rows, messages set aside, how far each source has landed; tokens that may only push."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "ba2915c7c6b4"
down_revision = "2b0dcdd40016"
branch_labels = None
depends_on = None

WORDS = sa.Text().with_variant(postgresql.TEXT(collation="C"), "postgresql")
TIME = sa.String(27).with_variant(postgresql.TIMESTAMP(timezone=True, precision=6), "postgresql")
JSON = sa.Text().with_variant(postgresql.JSON(), "postgresql")


def upgrade() -> None:
    op.create_table(
        "landed",
        sa.Column("source", WORDS, nullable=False),
        sa.Column("table", WORDS, nullable=False),
        sa.Column("key", WORDS, nullable=False),
        sa.Column("at", TIME),
        sa.Column("received_at", TIME, nullable=False),
        sa.Column("version", sa.Double()),
        sa.Column("hash", WORDS, nullable=False),
        sa.Column("body", WORDS, nullable=False),
        sa.PrimaryKeyConstraint("source", "table", "key", name="pk_landed"),
    )
    op.create_index("ix_landed_source_table_at", "landed", ["source", "table", "at"])
    op.create_table(
        "landed_asides",
        sa.Column("source", WORDS, nullable=False),
        sa.Column("id", WORDS, nullable=False),
        sa.Column("table", WORDS, nullable=False),
        sa.Column("received_at", TIME, nullable=False),
        sa.Column("reason", WORDS, nullable=False),
        sa.Column("body", WORDS, nullable=False),
        sa.PrimaryKeyConstraint("source", "id", name="pk_landed_asides"),
    )
    op.create_index("ix_landed_asides_source_received_at", "landed_asides", ["source", "received_at"])
    op.create_table(
        "landings",
        sa.Column("source", WORDS, nullable=False),
        sa.Column("mark", WORDS, nullable=False),
        sa.Column("cursor", WORDS),
        sa.Column("complete_until", TIME),
        sa.Column("holder", WORDS),
        sa.Column("held_until", TIME),
        sa.Column("failed_since", TIME),
        sa.Column("failure", JSON),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("source", name="pk_landings"),
    )
    op.add_column("api_tokens", sa.Column("sources", JSON))

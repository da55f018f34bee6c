"""People, credentials, audit trail, definitions, settings, events and timers."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "d6bea2107d7d"
down_revision = None
branch_labels = None
depends_on = None

WORDS = sa.Text().with_variant(postgresql.TEXT(collation="C"), "postgresql")
TIME = sa.String(27).with_variant(postgresql.TIMESTAMP(timezone=True, precision=6), "postgresql")
JSON = sa.Text().with_variant(postgresql.JSON(), "postgresql")
COUNTER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _accounts_to_settings() -> None:
    op.create_table(
        "accounts",
        sa.Column("person", WORDS, nullable=False),
        sa.Column("password_hash", WORDS, nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("disabled", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("person", name="pk_accounts"),
    )
    op.create_table(
        "api_tokens",
        sa.Column("id", WORDS, nullable=False),
        sa.Column("name", WORDS, nullable=False),
        sa.Column("person", WORDS, nullable=False),
        sa.Column("roles", JSON, nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("expires_at", TIME),
        sa.Column("last_used_at", TIME),
        sa.PrimaryKeyConstraint("id", name="pk_api_tokens"),
    )
    op.create_index("ix_api_tokens_person", "api_tokens", ["person"])
    op.create_table(
        "audit_events",
        sa.Column("sequence", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.Column("actor", WORDS, nullable=False),
        sa.Column("action", WORDS, nullable=False),
        sa.Column("subject_kind", WORDS, nullable=False),
        sa.Column("subject_id", WORDS, nullable=False),
        sa.Column("before", WORDS),
        sa.Column("after", WORDS),
        sa.Column("previous_hash", WORDS, nullable=False),
        sa.Column("hash", WORDS, nullable=False),
        sa.PrimaryKeyConstraint("sequence", name="pk_audit_events"),
        sa.UniqueConstraint("previous_hash", name="uq_audit_events_previous_hash"),
    )
    op.create_table(
        "counters",
        sa.Column("name", WORDS, nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_counters"),
    )
    op.create_table(
        "definition_heads",
        sa.Column("kind", WORDS, nullable=False),
        sa.Column("name", WORDS, nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("hash", WORDS, nullable=False),
        sa.Column("retired", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "name", name="pk_definition_heads"),
    )
    op.create_table(
        "definition_versions",
        sa.Column("kind", WORDS, nullable=False),
        sa.Column("name", WORDS, nullable=False),
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("hash", WORDS, nullable=False),
        sa.Column("parent", WORDS),
        sa.Column("origin", WORDS, nullable=False),
        sa.Column("by", WORDS, nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.Column("body", JSON, nullable=False),
        sa.CheckConstraint("number > 0", name="ck_definition_versions_number"),
        sa.PrimaryKeyConstraint("kind", "name", "number", name="pk_definition_versions"),
    )
    op.create_table(
        "events",
        sa.Column("sequence", COUNTER, autoincrement=True, nullable=False),
        sa.Column("key", WORDS, nullable=False),
        sa.Column("kind", WORDS, nullable=False),
        sa.Column("subject", WORDS, nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.Column("data", JSON, nullable=False),
        sa.Column("handled", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("sequence", name="pk_events"),
        sa.UniqueConstraint("key", name="uq_events_key"),
    )
    op.create_index(
        "ix_events_unhandled",
        "events",
        ["sequence"],
        sqlite_where=sa.text("handled = 0"),
        postgresql_where=sa.text("NOT handled"),
    )
    op.create_table(
        "login_links",
        sa.Column("id", WORDS, nullable=False),
        sa.Column("person", WORDS, nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("expires_at", TIME, nullable=False),
        sa.Column("used_at", TIME),
        sa.PrimaryKeyConstraint("id", name="pk_login_links"),
    )
    op.create_table(
        "people",
        sa.Column("id", WORDS, nullable=False),
        sa.Column("name", WORDS, nullable=False),
        sa.Column("language", WORDS, nullable=False),
        sa.Column("roles", JSON, nullable=False),
        sa.Column("teams", JSON, nullable=False),
        sa.Column("contacts", JSON, nullable=False),
        sa.Column("scripted", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_people"),
    )
    op.create_table(
        "sessions",
        sa.Column("id", WORDS, nullable=False),
        sa.Column("person", WORDS, nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("expires_at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_sessions"),
    )
    op.create_table(
        "settings",
        sa.Column("key", WORDS, nullable=False),
        sa.Column("value", WORDS, nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_settings"),
    )


def _timers() -> None:
    op.create_table(
        "timers",
        sa.Column("key", WORDS, nullable=False),
        sa.Column("kind", WORDS, nullable=False),
        sa.Column("subject", WORDS, nullable=False),
        sa.Column("due_at", TIME, nullable=False),
        sa.Column("data", JSON, nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_timers"),
    )
    op.create_index("ix_timers_due_at_key", "timers", ["due_at", "key"])


def upgrade() -> None:
    _accounts_to_settings()
    _timers()

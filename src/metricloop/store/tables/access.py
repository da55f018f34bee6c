"""People, credentials and the audit trail. Ids of sessions, tokens and links are hashes of secrets."""

from __future__ import annotations

from sqlalchemy import Column, Index, Table, UniqueConstraint

from metricloop.access.model import Contact, Role
from metricloop.store.columns import Flag, Json, Number, UtcTime, Words, metadata

people = Table(
    "people",
    metadata,
    Column("id", Words, primary_key=True),
    Column("name", Words, nullable=False),
    Column("language", Words, nullable=False),
    Column("roles", Json(tuple[Role, ...]), nullable=False),
    Column("teams", Json(tuple[str, ...]), nullable=False),
    Column("contacts", Json(tuple[Contact, ...]), nullable=False),
    Column("scripted", Flag, nullable=False),
)

accounts = Table(
    "accounts",
    metadata,
    Column("person", Words, primary_key=True),
    Column("password_hash", Words, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("disabled", Flag, nullable=False),
)

sessions = Table(
    "sessions",
    metadata,
    Column("id", Words, primary_key=True),
    Column("person", Words, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("expires_at", UtcTime, nullable=False),
)

api_tokens = Table(
    "api_tokens",
    metadata,
    Column("id", Words, primary_key=True),
    Column("name", Words, nullable=False),
    Column("person", Words, nullable=False),
    Column("roles", Json(tuple[Role, ...]), nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("expires_at", UtcTime),
    Column("last_used_at", UtcTime),
    Column("sources", Json(tuple[str, ...])),
)

Index(None, api_tokens.c.person)

login_links = Table(
    "login_links",
    metadata,
    Column("id", Words, primary_key=True),
    Column("person", Words, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("expires_at", UtcTime, nullable=False),
    Column("used_at", UtcTime),
)

audit_events = Table(
    "audit_events",
    metadata,
    Column("sequence", Number, primary_key=True, autoincrement=False),
    Column("at", UtcTime, nullable=False),
    Column("actor", Words, nullable=False),
    Column("action", Words, nullable=False),
    Column("subject_kind", Words, nullable=False),
    Column("subject_id", Words, nullable=False),
    Column("before", Words),
    Column("after", Words),
    Column("previous_hash", Words, nullable=False),
    Column("hash", Words, nullable=False),
    UniqueConstraint("previous_hash"),  # the chain never forks
)

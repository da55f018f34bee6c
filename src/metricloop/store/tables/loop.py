"""Events and timers: what has happened and waits to be handled, and when something is due."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Column, Index, Table, UniqueConstraint

from metricloop.kernel.message import Param
from metricloop.store.columns import Counter, Flag, Json, UtcTime, Words, metadata

events = Table(
    "events",
    metadata,
    Column("sequence", Counter, primary_key=True, autoincrement=True),
    Column("key", Words, nullable=False),
    Column("kind", Words, nullable=False),
    Column("subject", Words, nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("data", Json(Mapping[str, Param]), nullable=False),
    Column("handled", Flag, nullable=False, default=False),
    UniqueConstraint("key"),  # the same fact told twice is one event
)

Index("ix_events_unhandled", events.c.sequence, sqlite_where=~events.c.handled, postgresql_where=~events.c.handled)

timers = Table(
    "timers",
    metadata,
    Column("key", Words, primary_key=True),
    Column("kind", Words, nullable=False),
    Column("subject", Words, nullable=False),
    Column("due_at", UtcTime, nullable=False),
    Column("data", Json(Mapping[str, Param]), nullable=False),
)

Index(None, timers.c.due_at, timers.c.key)

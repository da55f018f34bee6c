"""Records of sources that cannot be asked by SQL, messages that could not be understood, and how far each source is."""

from __future__ import annotations

from sqlalchemy import Column, Index, Table

from metricloop.kernel.message import Message
from metricloop.store.columns import Json, Number, Real, UtcTime, Words, metadata

landed = Table(
    "landed",
    metadata,
    Column("source", Words, primary_key=True),
    Column("table", Words, primary_key=True),
    Column("key", Words, primary_key=True),
    Column("at", UtcTime),
    Column("received_at", UtcTime, nullable=False),
    Column("version", Real),
    Column("hash", Words, nullable=False),
    Column("body", Words, nullable=False),  # JSON as text: it goes to the query engine as it is
)

Index(None, landed.c.source, landed.c.table, landed.c.at)

landed_asides = Table(
    "landed_asides",
    metadata,
    Column("source", Words, primary_key=True),
    Column("id", Words, primary_key=True),
    Column("table", Words, nullable=False),
    Column("received_at", UtcTime, nullable=False),
    Column("reason", Words, nullable=False),
    Column("body", Words, nullable=False),
)

Index(None, landed_asides.c.source, landed_asides.c.received_at)

landings = Table(
    "landings",
    metadata,
    Column("source", Words, primary_key=True),
    Column("mark", Words, nullable=False),
    Column("cursor", Words),
    Column("complete_until", UtcTime),
    Column("holder", Words),
    Column("held_until", UtcTime),
    Column("failed_since", UtcTime),
    Column("failure", Json(Message)),
    Column("revision", Number, nullable=False),
)

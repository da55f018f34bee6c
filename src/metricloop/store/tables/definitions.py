"""Versions of definitions, which of them is the newest, and small site-wide values."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import CheckConstraint, Column, Table

from metricloop.define.model import Kind, Origin
from metricloop.store.columns import Choice, Flag, Json, Number, UtcTime, Words, metadata

definition_versions = Table(
    "definition_versions",
    metadata,
    Column("kind", Choice(Kind), primary_key=True),
    Column("name", Words, primary_key=True),
    Column("number", Number, primary_key=True, autoincrement=False),
    Column("hash", Words, nullable=False),
    Column("parent", Words),
    Column("origin", Choice(Origin), nullable=False),
    Column("by", Words, nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("body", Json(Mapping[str, Any]), nullable=False),
    CheckConstraint("number > 0", name="number"),
)

# One row per name, so that two writers of the same definition meet in one place.
definition_heads = Table(
    "definition_heads",
    metadata,
    Column("kind", Choice(Kind), primary_key=True),
    Column("name", Words, primary_key=True),
    Column("number", Number, nullable=False),
    Column("hash", Words, nullable=False),
    Column("retired", Flag, nullable=False),
)

settings = Table(
    "settings",
    metadata,
    Column("key", Words, primary_key=True),
    Column("value", Words, nullable=False),
)

counters = Table(
    "counters",
    metadata,
    Column("name", Words, primary_key=True),
    Column("value", Number, nullable=False),
)

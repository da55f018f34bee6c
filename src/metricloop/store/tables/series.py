"""Packed panels of points and bands, and how far each dataset and monitor has come. `packing` reads the blobs."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, Table, UniqueConstraint

from metricloop.kernel.message import Message
from metricloop.store.columns import Blob, Flag, Json, Number, SliceKey, UtcTime, Words, metadata

# Which slice stands in which column of a metric's points (family "points") or a monitor's bands; it only grows.
axes = Table(
    "axes",
    metadata,
    Column("family", Words, primary_key=True),
    Column("name", Words, primary_key=True),
    Column("position", Number, primary_key=True, autoincrement=False),
    Column("slice", SliceKey, nullable=False),
    UniqueConstraint("family", "name", "slice"),
    CheckConstraint("family IN ('points', 'bands')", name="family"),
    CheckConstraint("position >= 0", name="position"),
)

# One reading of one hour. `superseded`: a newer reading is known to exist (this one is history "as it was known then").
point_hours = Table(
    "point_hours",
    metadata,
    Column("metric", Words, primary_key=True),
    Column("start", UtcTime, primary_key=True),
    Column("collected_at", UtcTime, primary_key=True),
    Column("superseded", Flag, nullable=False),
    Column("packed", Blob, nullable=False),
)

# The newest readings of the hours of one UTC day, packed together once the day is over.
point_days = Table(
    "point_days",
    metadata,
    Column("metric", Words, primary_key=True),
    Column("day", UtcTime, primary_key=True),
    Column("packed", Blob, nullable=False),
)

bands = Table(
    "bands",
    metadata,
    Column("monitor", Words, primary_key=True),
    Column("start", UtcTime, primary_key=True),
    Column("version", Number, nullable=False),
    Column("packed", Blob, nullable=False),
)

judged = Table(
    "judged",
    metadata,
    Column("monitor", Words, primary_key=True),
    Column("until", UtcTime, nullable=False),
)

collections = Table(
    "collections",
    metadata,
    Column("dataset", Words, primary_key=True),
    Column("until", UtcTime),
    Column("last_run_at", UtcTime),
    Column("failed_since", UtcTime),
    Column("failure", Json(Message)),
)

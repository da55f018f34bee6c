"""Packed panels of points and bands, and how far each dataset and monitor has come. `packing` reads the blobs."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import CheckConstraint, Column, Table, UniqueConstraint

from metricloop.collect.model import Cause
from metricloop.kernel.message import Message
from metricloop.store.columns import Blob, Choice, Flag, Json, Number, SliceKey, UtcTime, Words, metadata, one_of

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
    Column("held_since", UtcTime),
    Column("held", Json(Message)),
    Column("notes", Json(tuple[Message, ...]), nullable=False),
    Column("accepted", Json(tuple[str, ...]), nullable=False),
    Column("columns", Json(Mapping[str, str]), nullable=False),
    Column("newest_at", UtcTime),
    Column("restated", Number, nullable=False),
    Column("reconciled_at", UtcTime),
    Column("reconcile_failed_at", UtcTime),
    Column("reconcile_failure", Json(Message)),
)

# What each bucket of a dataset held when it was read: what is usual, and whether it is still the same.
tallies = Table(
    "tallies",
    metadata,
    Column("dataset", Words, primary_key=True),
    Column("start", UtcTime, primary_key=True),
    Column("rows", Number, nullable=False),
    Column("read_at", UtcTime, nullable=False),
    Column("first_rows", Number, nullable=False),
    Column("first_at", UtcTime, nullable=False),
    Column("nulls", Json(Mapping[str, int]), nullable=False),
    Column("duplicates", Number, nullable=False),
    Column("digest", Words),
)

restatements = Table(
    "restatements",
    metadata,
    Column("dataset", Words, primary_key=True),
    Column("at", UtcTime, primary_key=True),
    Column("cause", Choice(Cause), primary_key=True),
    Column("start", UtcTime, nullable=False),
    Column("end", UtcTime, nullable=False),
    Column("buckets", Number, nullable=False),
    Column("metrics", Json(tuple[str, ...]), nullable=False),
    one_of("cause", Cause),
)

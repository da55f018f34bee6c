"""Anomalies, labels and checkpoints of detectors."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import CheckConstraint, Column, Index, Table

from metricloop.detect.model import AnomalyState, Verdict
from metricloop.kernel.grain import Grain
from metricloop.kernel.message import Message
from metricloop.kernel.slices import Slice
from metricloop.store.columns import (
    Blob,
    Choice,
    Flag,
    Json,
    Number,
    Real,
    SliceKey,
    UtcTime,
    Words,
    metadata,
    one_of,
)

anomalies = Table(
    "anomalies",
    metadata,
    Column("id", Words, primary_key=True),
    Column("monitor", Words, nullable=False),
    Column("monitor_version", Number, nullable=False),
    Column("metric", Words, nullable=False),
    Column("slice", SliceKey, nullable=False),
    Column("grain", Choice(Grain), nullable=False),
    Column("started_at", UtcTime, nullable=False),
    Column("ended_at", UtcTime, nullable=False),
    Column("state", Choice(AnomalyState), nullable=False),
    Column("points", Number, nullable=False),
    Column("impact", Real, nullable=False),
    Column("peak_score", Real, nullable=False),
    Column("normal_in_a_row", Number, nullable=False),
    Column("raised_at", UtcTime),
    one_of("state", AnomalyState),
    CheckConstraint("started_at <= ended_at", name="span"),
)

Index(None, anomalies.c.metric, anomalies.c.ended_at)
Index(None, anomalies.c.monitor, anomalies.c.state)

labels = Table(
    "labels",
    metadata,
    Column("id", Words, primary_key=True),
    Column("incident", Number),
    Column("metric", Words, nullable=False),
    Column("slice", SliceKey, nullable=False),
    Column("grain", Choice(Grain), nullable=False),
    Column("start", UtcTime, nullable=False),
    Column("end", UtcTime, nullable=False),
    Column("verdict", Choice(Verdict), nullable=False),
    Column("by", Words, nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("note", Words, nullable=False),
    Column("masks", Flag, nullable=False),
    Column("effects", Json(tuple[Message, ...]), nullable=False),
    Column("withdrawn_at", UtcTime),
    one_of("verdict", Verdict),
)

Index(None, labels.c.metric)
Index(None, labels.c.incident)

detector_states = Table(
    "detector_states",
    metadata,
    Column("monitor", Words, primary_key=True),
    Column("metric", Words, nullable=False),
    Column("monitor_version", Number, primary_key=True, autoincrement=False),
    Column("until", UtcTime, primary_key=True),
    Column("axis", Json(tuple[Slice, ...]), nullable=False),
    Column("arrays", Blob, nullable=False),
    Column("meta", Json(Mapping[str, Any]), nullable=False),
)

Index(None, detector_states.c.metric, detector_states.c.until)

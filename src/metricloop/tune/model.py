"""A proposal: a reviewable change of a monitor with its backtest."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from metricloop.detect.model import Verdict
from metricloop.kernel.message import Message
from metricloop.kernel.slices import Slice


@dataclass(frozen=True, slots=True)
class Side:
    """One rule over labelled history. caught/false/missed count labels; alarms counts everything it raised."""

    alarms: int
    alarms_per_week: float
    caught: int
    false: int
    missed: int


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One alarm of either rule; verdict None: nobody has labelled it."""

    start: datetime
    end: datetime
    slice: Slice
    verdict: Verdict | None
    before: bool
    after: bool
    incident: int | None


@dataclass(frozen=True, slots=True)
class Backtest:
    """The rule as it is and as proposed, over the same stored history [start, end)."""

    start: datetime
    end: datetime
    before: Side
    after: Side
    occurrences: tuple[Occurrence, ...]


class ProposalState(StrEnum):
    OPEN = "open"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Proposal:
    """`after` is the monitor's whole new body; `monitor_version` the version it was made against."""

    id: str
    monitor: str
    monitor_version: int
    created_at: datetime
    title: Message
    why: tuple[Message, ...]
    before: Mapping[str, Any]
    after: Mapping[str, Any]
    backtest: Backtest
    labels: tuple[str, ...]
    state: ProposalState = ProposalState.OPEN
    decided_by: str | None = None
    decided_at: datetime | None = None
    decision_reason: str = ""
    new_version: int | None = None
    revision: int = 0

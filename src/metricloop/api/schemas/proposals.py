"""Proposals: a change of a rule with its evidence."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from metricloop.api.schemas.shared import Actor, Message, PersonRef, Shape, SliceMap


class FieldChange(Shape):
    path: str
    before: str
    after: str


class BacktestSide(Shape):
    alarms: int
    alarms_per_week: float
    caught: int  # labelled true and alarmed
    false: int  # labelled false alarm (or expected) and alarmed
    missed: int  # labelled true (or missed) and not alarmed


class BacktestPoint(Shape):
    t: datetime
    value: float | None
    expected: float | None
    lower_before: float | None
    upper_before: float | None
    lower_after: float | None
    upper_after: float | None


class BacktestEvent(Shape):
    start: datetime
    end: datetime
    slice: SliceMap
    verdict: Literal["true", "false_alarm", "expected", "new_normal", "missed", "unlabelled"]
    before: bool  # alarmed by the rule as it is
    after: bool  # alarmed by the rule as proposed
    incident_id: int | None


class ProposalRow(Shape):
    id: str
    monitor: str
    title: Message
    state: Literal["open", "accepted", "rejected", "withdrawn"]
    created_at: datetime
    owner: PersonRef | None
    before: BacktestSide
    after: BacktestSide


class ProposalPage(ProposalRow):
    why: list[Message]
    monitor_version: int
    new_version: int | None
    fields: list[FieldChange]
    definition_before: str
    definition_after: str
    start: datetime
    end: datetime
    metric: str
    slice: SliceMap
    grain: str
    unit: str
    points: list[BacktestPoint]
    events: list[BacktestEvent]
    decided_by: Actor | None
    decided_at: datetime | None
    decision_reason: str

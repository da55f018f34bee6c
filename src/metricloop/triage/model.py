"""An incident: a tracked deviation with one owner, from opened to closed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from metricloop.kernel.grain import Grain
from metricloop.kernel.message import Message
from metricloop.kernel.slices import Slice


class IncidentKind(StrEnum):
    """business: a metric left its band. data: a dataset is not fit to be judged, which blinds its metrics."""

    BUSINESS = "business"
    DATA = "data"


class IncidentState(StrEnum):
    OPEN = "open"
    ACKNOWLEDGED = "acknowledged"
    IN_PROGRESS = "in_progress"
    RESOLVED = "resolved"
    VERIFIED = "verified"
    CLOSED = "closed"
    REOPENED = "reopened"
    MERGED = "merged"
    FALSE_ALARM = "false_alarm"
    EXPECTED = "expected"


class Trigger(StrEnum):
    """What may move an incident; `rules.TRANSITIONS` says from where to where."""

    ACKNOWLEDGE = "acknowledge"
    START = "start"
    RESOLVE = "resolve"
    VERIFY = "verify"
    SELF_HEAL = "self_heal"
    DISAGREE = "disagree"
    FALL_AGAIN = "fall_again"
    REOPEN = "reopen"
    CLOSE = "close"
    MERGE = "merge"
    CALL_FALSE = "call_false"
    CALL_EXPECTED = "call_expected"
    ACKNOWLEDGE_LAPSED = "acknowledge_lapsed"


@dataclass(frozen=True, slots=True)
class Incident:
    """`metric` and `slice` lead; `metrics` and `anomalies` are all that belong to it. `number` is what people say.

    started_at, ended_at: bounds of the anomalous buckets in the data (end exclusive; None while an anomaly is open).
    impact: sum of observed minus expected in the lead metric's numerator units. Versions are pinned at opening.
    revision: counts changes; a save against an older revision is a Conflict.

    A data incident is about `dataset`: it has no lead metric, monitor or anomalies (empty), and `metrics` are those
    that cannot be judged meanwhile.
    """

    number: int
    key: str
    metric: str
    metrics: tuple[str, ...]
    slice: Slice
    grain: Grain
    severity: str
    state: IncidentState
    monitor: str
    monitor_version: int
    metric_version: int
    anomalies: tuple[str, ...]
    started_at: datetime
    opened_at: datetime
    last_anomalous_at: datetime
    ended_at: datetime | None
    impact: float
    owner: str | None = None
    headline: Message = Message("headline.unexplained")
    localisable: bool | None = None
    verdict: str | None = None
    acknowledged_at: datetime | None = None
    resolved_at: datetime | None = None
    resolved_by: str | None = None
    verified_at: datetime | None = None
    closed_at: datetime | None = None
    reopened: int = 0
    revision: int = 0
    kind: IncidentKind = IncidentKind.BUSINESS
    dataset: str | None = None


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """One line of an incident's history. `actor` is a person's id, or None for the system."""

    key: str
    incident: int
    at: datetime
    kind: str
    actor: str | None
    message: Message

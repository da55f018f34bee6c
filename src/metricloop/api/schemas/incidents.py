"""Incidents and everything a person does with one: timeline, tasks, approvals, runs, labels, review."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from metricloop.api.schemas.shared import (
    Actor,
    Line,
    LocalText,
    Message,
    Mode,
    PersonRef,
    Prose,
    RootCause,
    Severity,
    Shape,
    SliceMap,
    Unit,
)

IncidentState = Literal[
    "open",
    "acknowledged",
    "in_progress",
    "resolved",
    "verified",
    "closed",
    "reopened",
    "merged",
    "false_alarm",
    "expected",
]
VerdictWord = Literal["true", "false_alarm", "expected", "new_normal", "missed"]


class IncidentRow(Shape):
    """kind: a metric that left its path, or data that are not fit to be judged. A data incident has no `metric` ("");
    it is about `dataset`, and `metrics` are those that cannot be judged meanwhile."""

    id: int
    kind: Literal["business", "data"]
    headline: Message
    dataset: str | None
    dataset_label: LocalText | None
    source: str | None  # of the dataset
    metric: str
    metric_label: LocalText
    metrics: list[str]
    unit: Unit
    slice: SliceMap
    grain: str
    severity: Severity
    state: IncidentState
    owner: PersonRef | None
    started_at: datetime
    opened_at: datetime
    ended_at: datetime | None
    closed_at: datetime | None
    impact: float | None  # sum of observed minus expected, in impact_unit
    impact_unit: Unit
    localisable: bool | None  # None: not attributed yet
    verdict: Literal["local", "mix", "global", "none"] | None
    root_causes: list[RootCause]
    next: Message | None  # what it waits for
    age_s: float
    target_s: float | None
    stuck: bool


class IncidentList(Shape):
    items: list[IncidentRow]
    total: int


class Contribution(Shape):
    slice: SliceMap | None  # None: the rest
    value: float
    rate: float | None = None  # part from the slice's own rate
    mix: float | None = None  # part from its share of the volume
    share: float | None = None
    expected: float | None = None
    actual: float | None = None


class AttributionView(Shape):
    made_at: datetime
    start: datetime
    end: datetime
    expected: float
    actual: float
    total: float
    unit: Unit
    verdict: Literal["local", "mix", "global", "none"]
    localisable: bool
    root_causes: list[RootCause]
    contributions: list[Contribution]  # root causes and the rest: sums exactly to total
    by_dimension: dict[str, list[Contribution]]  # each list sums exactly to total
    text: Message


class AnomalyRow(Shape):
    id: str
    metric: str
    slice: SliceMap
    grain: str
    started_at: datetime
    ended_at: datetime | None
    state: Literal["open", "ended"]
    points: int
    peak_score: float
    monitor: str
    monitor_version: int


class TimelineRow(Shape):
    at: datetime
    kind: Literal["detect", "attribute", "triage", "assign", "notify", "act", "verify", "review", "tune", "comment"]
    actor: Actor
    message: Message


class FormField(Shape):
    name: str
    label: LocalText
    type: Literal["text", "choice", "boolean", "number"]
    required: bool
    options: list[str] = []


class TaskRow(Shape):
    """A human step, an approval or a review that somebody owes."""

    id: str
    kind: Literal["task", "approval", "review", "proposal"]
    title: LocalText
    incident_id: int | None
    incident_headline: Message | None
    run_id: str | None
    proposal_id: str | None
    assignee: PersonRef | None
    created_at: datetime
    due_at: datetime | None
    state: Literal["open", "done", "approved", "rejected", "escalated", "cancelled"]
    overdue: bool


class TaskPage(TaskRow):
    help: LocalText
    effect: LocalText  # approval: what will be done
    undo: LocalText  # approval: how it is taken back, empty text if it cannot be
    form: list[FormField]
    answer: dict[str, str | float | bool]
    done_by: Actor | None
    done_at: datetime | None


class CompleteBody(Shape):
    answer: Annotated[dict[Line, Prose | float | bool], Field(max_length=100)] = {}
    note: Prose = ""


class StepRow(Shape):
    id: str
    title: LocalText
    kind: Literal["check", "task", "approval", "notify", "webhook", "verify"]
    grade: Literal["routine", "critical"]
    state: Literal["pending", "running", "waiting", "done", "skipped", "failed", "cancelled"]
    started_at: datetime | None
    ended_at: datetime | None
    actor: Actor | None
    output: Message | None
    task_id: str | None


class RunRow(Shape):
    id: str
    incident_id: int
    playbook: str
    playbook_label: LocalText
    playbook_version: int
    mode: Mode
    status: Literal["running", "waiting", "paused", "succeeded", "failed", "cancelled"]
    step: str | None
    started_at: datetime
    age_s: float
    target_s: float | None
    why: Message | None
    steps: list[StepRow]


class RunControlBody(Shape):
    action: Literal["pause", "resume", "skip", "retry", "abort", "mode"]
    mode: Mode | None = None
    reason: Prose = ""


class DeliveryRow(Shape):
    at: datetime
    outcome: Literal["accepted", "delivered", "read", "failed"]
    provider_code: str
    provider_message: str


class NotificationRow(Shape):
    id: str
    incident_id: int | None
    person: PersonRef
    channel: str
    state: Literal["pending", "accepted", "delivered", "read", "failed"]
    created_at: datetime
    message: Message
    attempts: list[DeliveryRow]


class LabelRow(Shape):
    id: str
    verdict: VerdictWord
    by: PersonRef
    at: datetime
    note: str
    start: datetime
    end: datetime
    slice: SliceMap
    effects: list[Message]
    withdrawn_at: datetime | None


class LabelBody(Shape):
    verdict: VerdictWord
    note: Prose = ""


class LabelPreview(Shape):
    verdict: VerdictWord
    effects: list[Message]


class Verification(Shape):
    at: datetime | None
    outcome: Literal["waiting", "verified", "reopened", "cannot_tell"]
    buckets_needed: int
    buckets_back: int
    message: Message


class SimilarRow(Shape):
    incident_id: int
    headline: Message
    opened_at: datetime
    state: IncidentState
    what: str  # what was done, in the words of who did it
    helped: bool | None


class ReviewPage(Shape):
    incident_id: int
    state: Literal["draft", "published"]
    drafted_at: datetime
    published_at: datetime | None
    by: PersonRef | None
    cause: str
    lesson: str
    summary: list[Message]
    impact: float | None
    impact_unit: Unit


class ReviewBody(Shape):
    cause: Prose
    lesson: Prose


class IncidentPage(IncidentRow):
    monitor: str
    monitor_version: int
    metric_version: int
    timezone: str
    data_until: datetime | None
    assignment_reason: Message | None
    acknowledge_due_at: datetime | None
    resolve_due_at: datetime | None
    actions: list[Literal["acknowledge", "take", "assign", "resolve", "reopen", "close", "comment", "label", "accept"]]
    attribution: AttributionView | None
    anomalies: list[AnomalyRow]
    run: RunRow | None
    tasks: list[TaskRow]
    timeline: list[TimelineRow]
    notifications: list[NotificationRow]
    labels: list[LabelRow]
    verification: Verification | None
    review: ReviewPage | None
    similar: list[SimilarRow]


class NoteBody(Shape):
    note: Prose = ""


class AssignBody(Shape):
    person: Line
    note: Prose = ""

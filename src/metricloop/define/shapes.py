"""What a definition looks like as written: which keys, of what type.

Meaning (do the names exist, do the parts fit) is checked elsewhere. A field's description is the example that an
issue shows when the field is missing.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Literal

from pydantic import Field

from metricloop.access.model import Role
from metricloop.define.metric_shapes import DatasetShape, MetricShape, SourceShape
from metricloop.define.model import Kind
from metricloop.define.playbooks import Grade, Mode, StepKind
from metricloop.define.written import (
    Column,
    Duration,
    Lax,
    LocalText,
    Name,
    Options,
    Shape,
    SliceValues,
    Watched,
    Zone,
)
from metricloop.kernel.grain import Grain
from metricloop.kernel.message import Text


class ProjectShape(Shape):
    project: Name = Field(description="project: flights")
    timezone: Zone = Field(description="timezone: Asia/Shanghai")
    language: Literal["zh", "en"] = "en"
    mode: Annotated[Mode, Lax] = Mode.ASSISTED


class GatesShape(Shape):
    minimum_impact: float = Field(default=0.0, ge=0)
    minimum_buckets: int = Field(default=1, ge=1)
    recovery_buckets: int = Field(default=2, ge=1)


class MonitorShape(Shape):
    name: Name
    metric: Name = Field(description="metric: METRIC, one of the metrics")
    grain: Annotated[Grain, Lax] = Field(description="grain: hour or day")
    slices: list[Watched] = Field(default=[""], min_length=1)
    detector: Name = "seasonal"
    options: Options = Field(default={})
    gates: GatesShape = GatesShape()
    severity: Literal["S1", "S2", "S3", "S4"] = "S3"
    verify_buckets: int = Field(default=3, ge=1)
    self_heal_after: Duration = timedelta(days=3)
    review_required: bool = False


class FieldShape(Shape):
    name: Name
    label: LocalText = Text()
    type: Literal["text", "choice", "boolean", "number"] = "text"
    required: bool = False
    options: list[str] = Field(default=[])


class StepShape(Shape):
    id: Name
    kind: Annotated[StepKind, Lax] = Field(description="kind: check, task, approval, notify, webhook or verify")
    title: LocalText = Field(description="title: {en: ..., zh: ...}")
    grade: Annotated[Grade, Lax] = Grade.ROUTINE
    to: Name = "owner"
    within: Duration = timedelta(hours=4)
    help: LocalText = Text()
    effect: LocalText = Text()
    undo: LocalText = Text()
    form: list[FieldShape] = Field(default=[])
    action: Name | None = None
    options: Options = Field(default={})
    stop_on: dict[str, str | bool] = Field(default={}, max_length=1)


class PlaybookShape(Shape):
    name: Name
    label: LocalText = Text()
    mode: Annotated[Mode, Lax] = Mode.ASSISTED
    metrics: list[Name] = Field(default=[])
    target: Duration = timedelta(hours=24)
    steps: list[StepShape] = Field(min_length=1, description="steps: [{id: look, kind: check, title: Look}]")


class ContactShape(Shape):
    channel: Name = Field(description="channel: CHANNEL, one of the channels")
    address: str = Field(min_length=1, description="address: where the channel reaches the person")
    verified: bool = False


class PersonShape(Shape):
    id: Name = Field(description="id: wang_lei")
    name: str = Field(min_length=1, description="name: Wang Lei")
    language: Literal["zh", "en"] = "en"
    roles: list[Annotated[Role, Lax]] = Field(default=[Role.VIEWER])
    teams: list[str] = Field(default=[])
    contacts: list[ContactShape] = Field(default=[])
    scripted: bool = False


class GrantShape(Shape):
    where: dict[Column, SliceValues] = Field(min_length=1, description="where: {region: [East]}")
    metrics: list[Name] = Field(default=[])


class TeamShape(Shape):
    name: str = Field(min_length=1, max_length=63, description="name: east, as people write it in teams")
    label: LocalText = Text()
    grants: list[GrantShape] = Field(default=[])


class ResponsibilityShape(Shape):
    slice: dict[Column, SliceValues] = Field(min_length=1, description="slice: {carrier: AA}")
    person: Name = Field(description="person: PERSON, one of the people")
    metric: Name | None = None


class EscalationShape(Shape):
    wait: Duration = Field(description="wait: 30m")
    person: Name = Field(description="person: PERSON, one of the people")


class AssignmentShape(Shape):
    fallback: Name = Field(description="fallback: PERSON, who answers when nobody else does")
    acknowledge_within: Duration = Field(description="acknowledge_within: 30m")
    resolve_within: Duration = Field(description="resolve_within: 24h")
    escalation: list[EscalationShape] = Field(default=[])
    responsibilities: list[ResponsibilityShape] = Field(default=[])


class ChannelShape(Shape):
    name: Name
    plugin: Name = Field(description="plugin: console")
    options: Options = Field(default={})


SHAPES: dict[Kind, type[Shape]] = {
    Kind.PROJECT: ProjectShape,
    Kind.SOURCE: SourceShape,
    Kind.DATASET: DatasetShape,
    Kind.METRIC: MetricShape,
    Kind.MONITOR: MonitorShape,
    Kind.PLAYBOOK: PlaybookShape,
    Kind.PERSON: PersonShape,
    Kind.TEAM: TeamShape,
    Kind.ASSIGNMENT: AssignmentShape,
    Kind.CHANNEL: ChannelShape,
}

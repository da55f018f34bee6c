"""What a definition looks like as written: which keys, of what type.

Meaning (do the names exist, do the parts fit) is checked elsewhere. A field's description is the example that an
issue shows when the field is missing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Annotated, Any, Literal, TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, PlainValidator
from pydantic_core import PydanticCustomError

from metricloop.access.model import Role
from metricloop.define.model import Agg, Direction, Kind, MetricType
from metricloop.define.playbooks import Grade, Mode, StepKind
from metricloop.define.predicate import Refused, check_expression, check_predicate
from metricloop.define.suggest import nearest
from metricloop.kernel.errors import InvalidInput
from metricloop.kernel.grain import Grain, duration
from metricloop.kernel.message import Text

T = TypeVar("T")


def wrong(problem: str, fix: str) -> PydanticCustomError:
    """An error that carries its own problem and fix to the issue."""
    return PydanticCustomError("issue", "{problem}. {fix}", {"problem": problem, "fix": fix})


def _name(value: str) -> str:
    if not re.fullmatch(r"\w[\w.-]{0,62}", value):
        raise wrong(f"{value!r} is not a name", "write letters, digits, _ - and . (at most 63), such as on_time_rate")
    return value


def _column(value: str) -> str:
    if not value or value != value.strip() or not value.isprintable() or len(value) > 128:
        raise wrong(f"{value!r} is not a column name", "write the column as the source names it, such as created_at")
    return value


def _watched(value: str) -> str:
    return _column(value) if value else value


def _duration(value: object) -> timedelta:
    try:
        return duration(value if isinstance(value, str) else repr(value))
    except InvalidInput as error:
        raise wrong(error.problem, error.fix) from error


def _zone(value: object) -> ZoneInfo:
    try:
        return ZoneInfo(str(value))
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        near = nearest(str(value), available_timezones())
        hint = f"did you mean {near}?" if near else "write a zone such as Asia/Shanghai or America/New_York"
        raise wrong(f"{value!r} is not a time zone", hint) from error


def _text(value: object) -> Text:
    """`{zh: ..., en: ...}`, or one text whose language its characters tell."""
    if isinstance(value, str):
        return Text(zh=value) if re.search(r"[㐀-鿿]", value) else Text(en=value)
    languages = isinstance(value, Mapping) and value and set(value) <= {"zh", "en"}
    if isinstance(value, Mapping) and languages and all(isinstance(one, str) and one for one in value.values()):
        return Text(zh=value.get("zh"), en=value.get("en"))
    raise wrong(f"{value!r} is not a text", "write {en: On-time rate, zh: 准点率}, or one of the two, or a plain text")


def _checked(check: Callable[[str], object]) -> Callable[[object], str]:
    def validate(value: object) -> str:
        text = str(value) if isinstance(value, int) and not isinstance(value, bool) else value
        if not isinstance(text, str):
            raise wrong(f"{value!r} is not a text", "write a SQL condition or expression as text")
        try:
            check(text)
        except Refused as error:
            raise wrong(error.problem, error.fix) from error
        return text

    return validate


_SECRET = re.compile(r"secret|token|passw|api_?key|credential", re.IGNORECASE)


def _no_secrets(options: dict[str, Any]) -> dict[str, Any]:
    for key, value in options.items():
        if _SECRET.search(key) and isinstance(value, str) and not value.startswith(("env:", "file:")):
            raise wrong(f"{key} holds a secret in plain sight", "write env:NAME or file:PATH, never the secret itself")
        if isinstance(value, dict):
            _no_secrets(value)
    return options


def _slice_value(value: object) -> tuple[str, ...]:
    values = value if isinstance(value, list) and value else [value]
    if not all(isinstance(one, str | int) and not isinstance(one, bool) and one != "" for one in values):
        raise wrong(f"{value!r} is not a value of a dimension", 'put it in quotes, such as "1.5" or "true"')
    return tuple(str(one) for one in values)


Name = Annotated[str, AfterValidator(_name)]
Column = Annotated[str, AfterValidator(_column)]
Watched = Annotated[str, AfterValidator(_watched)]
Duration = Annotated[timedelta, PlainValidator(_duration)]
Zone = Annotated[ZoneInfo, PlainValidator(_zone)]
LocalText = Annotated[Text, PlainValidator(_text)]
Predicate = Annotated[str, PlainValidator(_checked(check_predicate))]
Expression = Annotated[str, PlainValidator(_checked(check_expression))]
Options = Annotated[dict[str, Any], AfterValidator(_no_secrets)]
SliceValues = Annotated[tuple[str, ...], PlainValidator(_slice_value)]
Lax = Field(strict=False)  # a word of an enumeration, written as text


class Shape(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, arbitrary_types_allowed=True)


class ProjectShape(Shape):
    project: Name = Field(description="project: flights")
    timezone: Zone = Field(description="timezone: Asia/Shanghai")
    language: Literal["zh", "en"] = "en"
    mode: Annotated[Mode, Lax] = Mode.ASSISTED


class SourceShape(Shape):
    name: Name
    plugin: Name = Field(description="plugin: files")
    label: LocalText = Text()
    options: Options = {}


class MeasureShape(Shape):
    name: Name
    agg: Annotated[Agg, Lax] = Field(description="agg: count")
    expr: Expression = "1"
    filter: Predicate | None = None


class DatasetShape(Shape):
    name: Name
    source: Name = Field(description="source: SOURCE, one of the sources")
    table: str = Field(min_length=1, description="table: orders")
    time_column: Column = Field(description="time_column: created_at, the column that says when a row belongs")
    timezone: Zone | None = None
    lateness: Duration = Field(description="lateness: 1h, how long after an hour's end its rows are all there")
    dimensions: list[Column] = []
    measures: list[MeasureShape] = Field(min_length=1, description="measures: [{name: orders, agg: count}]")


class GovernanceShape(Shape):
    owner: Name = Field(description="owner: PERSON, who answers for the definition")
    level: Literal["L1", "L2", "L3"] = Field(description="level: L1")
    unit: str = Field(min_length=1, description="unit: ratio, count, seconds or a currency such as CNY")
    good_direction: Annotated[Direction, Lax] = Field(description="good_direction: up, down or none")
    minimum_denominator: float = Field(default=1.0, ge=0)
    value_of_one: float | None = None
    currency: str | None = Field(default=None, pattern=r"^[A-Z]{3}$")


class MetricShape(Shape):
    name: Name
    type: Annotated[MetricType, Lax] = Field(description="type: simple or ratio")
    dataset: Name = Field(description="dataset: DATASET, one of the datasets")
    measure: Name | None = None
    numerator: Name | None = None
    denominator: Name | None = None
    label: LocalText = Text()
    description: LocalText = Text()
    grains: list[Annotated[Grain, Lax]] = Field(default=[Grain.HOUR, Grain.DAY], min_length=1)
    governance: GovernanceShape = Field(description="governance: {owner: PERSON, level: L2, unit: count, ...}")


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
    options: Options = {}
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
    options: list[str] = []


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
    form: list[FieldShape] = []
    action: Name | None = None
    options: Options = {}
    stop_on: dict[str, str | bool] = Field(default={}, max_length=1)


class PlaybookShape(Shape):
    name: Name
    label: LocalText = Text()
    mode: Annotated[Mode, Lax] = Mode.ASSISTED
    metrics: list[Name] = []
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
    roles: list[Annotated[Role, Lax]] = [Role.VIEWER]
    teams: list[str] = []
    contacts: list[ContactShape] = []
    scripted: bool = False


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
    escalation: list[EscalationShape] = []
    responsibilities: list[ResponsibilityShape] = []


class ChannelShape(Shape):
    name: Name
    plugin: Name = Field(description="plugin: console")
    options: Options = {}


SHAPES: dict[Kind, type[Shape]] = {
    Kind.PROJECT: ProjectShape,
    Kind.SOURCE: SourceShape,
    Kind.DATASET: DatasetShape,
    Kind.METRIC: MetricShape,
    Kind.MONITOR: MonitorShape,
    Kind.PLAYBOOK: PlaybookShape,
    Kind.PERSON: PersonShape,
    Kind.ASSIGNMENT: AssignmentShape,
    Kind.CHANNEL: ChannelShape,
}

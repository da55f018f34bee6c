"""The loop's overview: how many are where, what is stuck, how healthy the loop is."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from metricloop.api.schemas.incidents import TaskRow
from metricloop.api.schemas.metrics import SparkPoint
from metricloop.api.schemas.shared import LocalText, Message, Mode, PersonRef, Prose, Shape, SliceMap, Stamp, Unit

Station = Literal["collect", "detect", "attribute", "assign", "act", "verify", "review", "tune"]


class StationRow(Shape):
    station: Station
    count: int  # how many stand here now; for collect: how many sources are on time
    of: int | None  # collect: how many sources there are
    stuck: int
    oldest_age_s: float | None
    target_s: float
    passed_24h: int


class StuckRow(Shape):
    station: Station
    subject_kind: Literal["incident", "source", "run", "proposal", "task"]
    subject_id: str
    title: Message
    reason: Message
    owner: PersonRef | None
    age_s: float
    target_s: float


class OffPathRow(Shape):
    metric: str
    label: LocalText
    slice: SliceMap
    grain: str
    owner: PersonRef | None
    unit: Unit
    value: float | None
    expected: float | None
    difference: float | None
    better: bool | None  # None: cannot tell
    spark: list[SparkPoint]
    incident_id: int | None
    incident_state: str | None


class HealthRow(Shape):
    code: Literal[
        "time_to_detect",
        "time_to_acknowledge",
        "time_to_first_action",
        "time_to_verify",
        "false_alarm_share",
        "reopen_share",
    ]
    value: float | None  # seconds for times, 0..1 for shares; None: nothing to measure yet
    target: float
    previous: float | None


class TroubleRow(Shape):
    """Why the loop stands still: what it is, and what to do. In English, as the error says it."""

    code: str
    problem: str
    fix: str


class LoopOverview(Shape):
    clock: Stamp
    trouble: TroubleRow | None
    mode: Mode
    data_until: datetime | None
    stations: list[StationRow]
    incidents_open: int
    opened_24h: int
    closed_24h: int
    closed_share_30d: float | None
    stuck: list[StuckRow]
    my_tasks: list[TaskRow]
    off_path: list[OffPathRow]
    metrics_total: int
    health: list[HealthRow]


class ModeBody(Shape):
    mode: Mode
    reason: Prose


class ClockBody(Shape):
    speed: Annotated[float, Field(ge=0, le=86_400, allow_inf_nan=False)]  # demo only; 0 stands still


class SourceRow(Shape):
    name: str
    label: LocalText
    kind: str
    state: Literal["on_time", "late", "held", "failed"]  # held: collected, but the data are not ready to be judged
    collected_until: datetime | None
    lateness_s: float
    last_run_at: datetime | None
    last_error: Message | None
    datasets: list[str]


class AuditRow(Shape):
    sequence: int
    at: datetime
    actor: str
    action: str
    subject_kind: str
    subject_id: str
    before: str | None
    after: str | None
    hash: str

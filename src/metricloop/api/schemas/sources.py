"""Sources: health, what they have to read from, and a trial of one that is not published yet."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from pydantic import Field

from metricloop.api.schemas.loop import SourceRow
from metricloop.api.schemas.shared import Line, LocalText, Message, PersonRef, Shape


class ColumnRow(Shape):
    name: str
    type: str


class DatasetRow(Shape):
    """How far one dataset has been collected, what failed, and what is known about the quality of its data.

    held: the finding that keeps its metrics from being judged, since held_since. notes: findings that hold nothing up.
    columns: those in use, as they were last. restated: how often stored history was put right. reconciled_at: when all
    recent history was last compared with the source.
    """

    name: str
    label: LocalText
    owner: PersonRef | None
    table: str | None
    sql: str | None
    time_column: str
    grain: str
    timezone: str
    lateness_s: float
    dimensions: list[str]
    metrics: list[str]
    on_time: bool
    collected_until: datetime | None
    last_run_at: datetime | None
    failed_since: datetime | None
    last_error: Message | None
    held: Message | None
    held_since: datetime | None
    notes: list[Message]
    columns: list[ColumnRow]
    newest_at: datetime | None
    restated: int
    reconciled_at: datetime | None


class SourcePage(SourceRow):
    definition: str  # YAML; secrets are references there
    dataset_rows: list[DatasetRow]


class TablesAnswer(Shape):
    tables: list[str]


class ColumnsAnswer(Shape):
    table: str
    columns: list[ColumnRow]


class SourceBody(Shape):
    """A source as it would be defined. Secrets as references only: env:NAME, file:PATH."""

    name: Line = "trial"
    plugin: Line
    options: Annotated[dict[str, Any], Field(max_length=100)] = {}


class TrialAnswer(Shape):
    """Whether it answered. A refusal in the source's own words (English), with the fix where one is known."""

    ok: bool
    tables: list[str] = []
    problem: str = ""
    fix: str = ""

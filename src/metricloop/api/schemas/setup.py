"""A first look at new data: forms of databases, uploads, what is proposed and why, numbers before publishing."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from metricloop.api.schemas.definitions import EditBody, IssueRow
from metricloop.api.schemas.query import MetricAnswer
from metricloop.api.schemas.shared import Line, Message, Scalar, Shape
from metricloop.api.schemas.sources import ColumnRow, SourceBody

SecretText = Annotated[str, StringConstraints(min_length=1, max_length=4096)]
TableName = Annotated[str, StringConstraints(min_length=1, max_length=300)]


class FormFieldRow(Shape):
    """One plain option. A secret is typed once, kept outside of every definition, and referred to from then on."""

    name: str
    kind: Literal["text", "number", "yes_no", "choice", "secret"]
    required: bool
    default: str | float | bool | None
    choices: list[str]
    description: str  # English


class SourceForm(Shape):
    plugin: str
    summary: str  # English
    fields: list[FormFieldRow]


class SetupSourceBody(SourceBody):
    """A source to try. secrets: option -> what it holds in plain text; never shown again."""

    secrets: Annotated[dict[Line, SecretText], Field(max_length=20)] = {}


class SetupSourceAnswer(Shape):
    """Whether it answered; `source` as it would be defined, with references in place of secrets."""

    ok: bool
    source: SourceBody
    tables: list[str] = []
    problem: str = ""
    fix: str = ""


class SuggestBody(Shape):
    source: SourceBody
    table: TableName
    time: Line | None = None
    timezone: Line | None = None
    currency: Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")] | None = None


class Suggestion(Shape):
    """Bodies as they would be written, and why. dataset: null where the table cannot be watched; `reasons` say why not.

    source: as it must be written so that its times and numbers are understood. naive: the times carry no zone. times:
    columns that could be the time, the chosen one first. money: columns that look like amounts.
    """

    source: SourceBody
    dataset: dict[str, Any] | None
    metrics: list[dict[str, Any]]
    monitors: list[dict[str, Any]]
    reasons: list[Message]
    times: list[str]
    money: list[str]
    naive: bool
    columns: list[ColumnRow]
    sample: list[list[Scalar]]  # the first rows, in the order of columns


class FirstNumbersBody(Shape):
    edits: Annotated[list[EditBody], Field(min_length=1, max_length=100)]


class FirstNumbers(Shape):
    """The last buckets of each metric among the edits; null where there are no data. With issues nothing is asked."""

    issues: list[IssueRow]
    numbers: dict[str, MetricAnswer | None]

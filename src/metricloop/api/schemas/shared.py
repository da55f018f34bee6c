"""Shapes used by several resources: messages, people, slices, texts in two languages."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, StringConstraints

Scalar = str | int | float | bool | None
Severity = Literal["S1", "S2", "S3", "S4"]
Mode = Literal["manual", "assisted", "automatic"]
Unit = str  # "ratio", "count", "seconds", or a currency code such as "CNY"
SliceMap = dict[str, str]  # {} is the total
Line = Annotated[str, StringConstraints(max_length=256)]  # what people send: names, ids, one line
Prose = Annotated[str, StringConstraints(max_length=10_000)]


class Shape(BaseModel):
    """Base of every response: unknown fields are a programming error, so they are refused."""

    model_config = ConfigDict(extra="forbid")


class Message(Shape):
    """A message code and its parameters; `docs/reference/messages.md` lists every code."""

    code: str
    params: dict[str, Scalar | list[str] | SliceMap] = {}


class LocalText(Shape):
    """A text that the project's authors wrote; either language may be missing."""

    zh: str | None = None
    en: str | None = None


class PersonRef(Shape):
    """Who. `scripted` marks a responder that the demo plays; it is shown as such everywhere."""

    id: str
    name: str
    scripted: bool = False


class Actor(Shape):
    """Who did something: a person, or the system itself."""

    kind: Literal["person", "system"]
    person: PersonRef | None = None


class RootCause(Shape):
    """One slice that moved the metric. Evidence only; a person confirms the cause."""

    slice: SliceMap
    contribution: float
    share: float | None
    confidence: float
    expected: float | None = None
    actual: float | None = None


class Page(Shape):
    """How a list was cut."""

    total: int
    limit: int
    offset: int


class ReasonBody(Shape):
    """An action that needs no more than a reason."""

    reason: Prose = ""


class Stamp(Shape):
    """When the system's clock stands where (the demo's clock is not the wall clock)."""

    now: datetime
    kind: Literal["live", "demo"]
    speed: float  # seconds of the system's time per second of the wall clock; 1 when live

"""Records and points that other systems send."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from pydantic import Field

from metricloop.api.schemas.shared import Line, Shape

MOST_ITEMS = 5_000  # in one request; more are refused with 413


class PointsBody(Shape):
    """Items for one table of one source: records as the table's columns say, or points (`at`, `value`, dimensions)."""

    source: Line
    table: Line
    items: Annotated[list[dict[str, Any]], Field(min_length=1)]


class RefusedItem(Shape):
    """An item that was not kept: its position among the items, from 0, and why."""

    index: int
    reason: str


class PointsAnswer(Shape):
    """How many records are kept now; a record that was there already counts, for it is kept."""

    accepted: int
    refused: list[RefusedItem] = []


class SetAsideRow(Shape):
    """A message of a source that could not be understood, as it came."""

    id: str
    table: str
    received_at: datetime
    reason: str
    body: str


class SetAsideAnswer(Shape):
    """The newest messages, and how many there are in all."""

    total: int
    messages: list[SetAsideRow]

"""A domain event: a fact in the past tense that the loop routes to the next use case."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from metricloop.kernel.message import Param


@dataclass(frozen=True, slots=True)
class Event:
    """`kind` is past tense (`incident.opened`), `subject` the id it happened to.

    Written in the same transaction as the change it tells of. `key` is unique: the same fact told twice is one event.
    """

    key: str
    kind: str
    subject: str
    at: datetime
    data: Mapping[str, Param] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Timer:
    """A due time of our own: at `due_at` the loop tells `kind` about `subject`.

    One per key; setting it again moves it.
    """

    key: str
    kind: str
    subject: str
    due_at: datetime
    data: Mapping[str, Param] = field(default_factory=dict)


class Events(Protocol):
    """Where events and timers are written and taken from, inside a unit of work."""

    def tell(self, event: Event) -> None: ...

    def set_timer(self, timer: Timer) -> None: ...

    def cancel_timer(self, key: str) -> None: ...

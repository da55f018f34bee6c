"""What the loop needs from outside."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from metricloop.access.ports import AccessUnit
from metricloop.act.ports import ActUnit
from metricloop.assign.ports import AssignUnit
from metricloop.attribute.ports import AttributeUnit
from metricloop.collect.ports import CollectUnit
from metricloop.define.ports import DefineUnit
from metricloop.detect.ports import DetectUnit
from metricloop.kernel.events import Event, Events, Timer
from metricloop.notify.ports import NotifyUnit
from metricloop.review.ports import ReviewUnit
from metricloop.triage.ports import TriageUnit
from metricloop.tune.ports import TuneUnit
from metricloop.verify.ports import VerifyUnit


class EventLog(Events, Protocol):
    """Events and timers as the loop takes them. An event is handled in the transaction that marks it so."""

    def unhandled(self, limit: int = 100) -> Sequence[Event]:
        """Oldest first, in the order they were told."""
        ...

    def mark_handled(self, key: str) -> bool:
        """False when somebody else has handled it (the caller then rolls back)."""
        ...

    def next_timer(self) -> Timer | None:
        """The earliest due time, whether it has come or not."""
        ...

    def take_timer(self, key: str, due_at: datetime) -> bool:
        """Remove the timer if it still stands at `due_at`; False when it moved or is gone."""
        ...


class LoopUnit(
    TuneUnit,
    ReviewUnit,
    VerifyUnit,
    ActUnit,
    NotifyUnit,
    AssignUnit,
    TriageUnit,
    AttributeUnit,
    DetectUnit,
    CollectUnit,
    DefineUnit,
    AccessUnit,
    Protocol,
):
    """Everything the stages need, in one transaction."""

    @property
    def events(self) -> EventLog: ...


class OpenUnit(Protocol):
    """Opens a unit of work. `write=False` is a cheap read-only look that takes no lock."""

    def __call__(self, *, write: bool = True) -> LoopUnit: ...

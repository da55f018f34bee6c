"""What the loop needs from outside."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from metricloop.access.ports import AccessUnit, AuditTrail, People
from metricloop.act.ports import ActUnit
from metricloop.assign.ports import AssignUnit
from metricloop.attribute.ports import AttributeUnit, Attributions
from metricloop.collect.landing import LandingUnit
from metricloop.collect.ports import CollectUnit, Points
from metricloop.define.ports import DefineUnit, Definitions
from metricloop.detect.ports import Anomalies, Bands, DetectUnit, Labels
from metricloop.kernel.events import Event, Events, Timer
from metricloop.notify.ports import NotifyUnit
from metricloop.review.ports import ReviewUnit
from metricloop.triage.ports import Incidents, TriageUnit
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
    AttributeUnit,
    TriageUnit,
    DetectUnit,
    CollectUnit,
    LandingUnit,
    DefineUnit,
    AccessUnit,
    Protocol,
):
    """Everything the stages need, in one transaction.

    Where a stage sees only part of a repository, this is the whole.
    """

    @property
    def events(self) -> EventLog: ...

    @property
    def audit(self) -> AuditTrail: ...

    @property
    def people(self) -> People: ...

    @property
    def definitions(self) -> Definitions: ...

    @property
    def points(self) -> Points: ...

    @property
    def bands(self) -> Bands: ...

    @property
    def anomalies(self) -> Anomalies: ...

    @property
    def labels(self) -> Labels: ...

    @property
    def attributions(self) -> Attributions: ...

    @property
    def incidents(self) -> Incidents: ...

    @property
    def settings(self) -> Settings: ...


class Settings(Protocol):
    """Small values of the running site, such as where the demo's clock stands."""

    def get(self, key: str) -> str | None: ...

    def put(self, key: str, value: str) -> None: ...


class OpenUnit(Protocol):
    """Opens a unit of work. `write=False` is a cheap read-only look that takes no lock."""

    def __call__(self, *, write: bool = True) -> LoopUnit: ...

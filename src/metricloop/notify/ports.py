"""What notify needs from outside."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from metricloop.access.model import Person
from metricloop.kernel.unit_of_work import UnitOfWork
from metricloop.notify.model import DeliveryAttempt, DeliveryResult, Notification, Parcel


class KnownPeople(Protocol):
    def get(self, person: str) -> Person | None: ...


class Outbox(Protocol):
    def get(self, id: str) -> Notification | None: ...

    def add(self, notification: Notification) -> None:
        """The same id again changes nothing."""
        ...

    def save(self, notification: Notification) -> None: ...

    def due(self, now: datetime, limit: int = 100) -> Sequence[Notification]:
        """Pending ones whose next attempt is due, oldest first."""
        ...

    def attempt(self, attempt: DeliveryAttempt) -> None: ...

    def attempts(self, notification: str) -> Sequence[DeliveryAttempt]: ...

    def find(
        self, *, incident: int | None = None, person: str | None = None, limit: int = 100
    ) -> Sequence[Notification]: ...


class Channels(Protocol):
    """All configured channels behind one door."""

    def send(self, channel: str, parcel: Parcel) -> DeliveryResult:
        """Never raises for what a provider did; that is in the result."""
        ...


class NotifyUnit(UnitOfWork, Protocol):
    @property
    def people(self) -> KnownPeople: ...

    @property
    def outbox(self) -> Outbox: ...

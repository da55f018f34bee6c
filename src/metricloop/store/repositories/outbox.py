"""Notifications to be sent, and what came of each try."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, bindparam, or_

from metricloop.kernel.errors import NotFound
from metricloop.notify.model import DeliveryAttempt, DeliveryState, Notification
from metricloop.store.rows import Rows
from metricloop.store.statements import Statement
from metricloop.store.tables import action as tables

NOTIFICATIONS = Rows(tables.notifications, Notification)
ATTEMPTS = Rows(tables.delivery_attempts, DeliveryAttempt)

_n, _d = tables.notifications.c, tables.delivery_attempts.c
_DUE = Statement(
    NOTIFICATIONS.query.where(_n.state == DeliveryState.PENDING)
    .where(or_(_n.next_attempt_at.is_(None), _n.next_attempt_at <= bindparam("now")))
    .order_by(_n.created_at, _n.id)
    .limit(bindparam("most"))
)
_ATTEMPTS = Statement(ATTEMPTS.query.where(_d.notification == bindparam("of")).order_by(_d.number))
_NEWEST = NOTIFICATIONS.query.order_by(_n.created_at.desc(), _n.id)


class OutboxRepository:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, id: str) -> Notification | None:
        return NOTIFICATIONS.get(self._connection, id)

    def add(self, notification: Notification) -> None:
        NOTIFICATIONS.add(self._connection, notification)

    def save(self, notification: Notification) -> None:
        """Raises NotFound for one that was never added."""
        if not NOTIFICATIONS.replace(self._connection, notification):
            raise NotFound(f"there is no notification {notification.id}")

    def due(self, now: datetime, limit: int = 100) -> Sequence[Notification]:
        """Without a time of the next attempt it is due at once."""
        return NOTIFICATIONS.all(self._connection, _DUE, {"now": now, "most": limit})

    def attempt(self, attempt: DeliveryAttempt) -> None:
        """The same number again replaces it: the try was repeated after a crash."""
        ATTEMPTS.put(self._connection, attempt)

    def attempts(self, notification: str) -> Sequence[DeliveryAttempt]:
        """In the order they were made."""
        return ATTEMPTS.all(self._connection, _ATTEMPTS, {"of": notification})

    def find(
        self, *, incident: int | None = None, person: str | None = None, limit: int = 100
    ) -> Sequence[Notification]:
        """Newest first."""
        where: list[ColumnElement[bool]] = []
        if incident is not None:
            where.append(_n.incident == incident)
        if person is not None:
            where.append(_n.person == person)
        return NOTIFICATIONS.all(self._connection, _NEWEST.where(*where).limit(limit))

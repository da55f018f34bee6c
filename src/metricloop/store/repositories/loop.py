"""The event log and the timers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, update

from metricloop.kernel.events import Event, Timer
from metricloop.store.rows import Rows
from metricloop.store.statements import Statement
from metricloop.store.tables import loop as tables

EVENTS = Rows(tables.events, Event)
TIMERS = Rows(tables.timers, Timer)

_e, _t = tables.events.c, tables.timers.c
_UNHANDLED = Statement(EVENTS.query.where(~_e.handled).order_by(_e.sequence).limit(bindparam("most")))
_HANDLE = Statement(update(tables.events).where(_e.key == bindparam("told"), ~_e.handled).values(handled=True))
_NEXT_TIMER = Statement(TIMERS.query.order_by(_t.due_at, _t.key).limit(1))
_REMOVE = delete(tables.timers).where(_t.key == bindparam("which"))
_CANCEL, _TAKE = Statement(_REMOVE), Statement(_REMOVE.where(_t.due_at == bindparam("when")))


class EventLogRepository:
    """Events in the order they were told. On PostgreSQL two workers may see the same unhandled event; only one of them
    gets True from `mark_handled`, the other waits for the first one's commit and gets False."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def tell(self, event: Event) -> None:
        EVENTS.add(self._connection, event)

    def unhandled(self, limit: int = 100) -> Sequence[Event]:
        return EVENTS.all(self._connection, _UNHANDLED, {"most": limit})

    def mark_handled(self, key: str) -> bool:
        return _HANDLE.run(self._connection, {"told": key}) == 1

    def set_timer(self, timer: Timer) -> None:
        TIMERS.put(self._connection, timer)

    def cancel_timer(self, key: str) -> None:
        _CANCEL.run(self._connection, {"which": key})

    def next_timer(self) -> Timer | None:
        return TIMERS.first(self._connection, _NEXT_TIMER)

    def take_timer(self, key: str, due_at: datetime) -> bool:
        return _TAKE.run(self._connection, {"which": key, "when": due_at}) == 1

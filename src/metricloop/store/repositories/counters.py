"""Counters of changes: cheap to read, so that what was read before can be known to be still true."""

from __future__ import annotations

from sqlalchemy import Connection, bindparam, select, update

from metricloop.store.rows import Upserts
from metricloop.store.statements import Statement
from metricloop.store.tables.definitions import counters

_COUNTERS = Upserts(counters)
_READ = Statement(select(counters.c.value).where(counters.c.name == bindparam("wanted")))
_COUNT = Statement(
    update(counters).where(counters.c.name == bindparam("counted")).values(value=counters.c.value + 1), ("value",)
)


def changes(connection: Connection, name: str) -> int:
    """How many changes of `name` were counted, those of this transaction included."""
    return int(_READ.value(connection, {"wanted": name}) or 0)


def count_change(connection: Connection, name: str) -> None:
    """Count one more; whoever counts the same waits until this transaction has ended."""
    _COUNTERS.of(connection, replace=False).run(connection, {"name": name, "value": 0})
    _COUNT.run(connection, {"counted": name})

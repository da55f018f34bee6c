"""Landed records, messages set aside, and how far each source has landed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, func, or_, select
from sqlalchemy.dialects import postgresql, sqlite

from metricloop.collect.landing import LandedRow, Landing, SetAside
from metricloop.store.locks import hold
from metricloop.store.rows import Rows
from metricloop.store.statements import Statement
from metricloop.store.tables import landed as tables

ROWS = Rows(tables.landed, LandedRow)
ASIDES = Rows(tables.landed_asides, SetAside)
LANDINGS = Rows(tables.landings, Landing)

_l, _a = tables.landed.c, tables.landed_asides.c
_OF_TABLE = ROWS.query.where(_l.source == bindparam("of"), _l.table == bindparam("named"))
_ALL = Statement(_OF_TABLE.order_by(_l.at, _l.key).limit(bindparam("most")))
_WINDOW = Statement(
    _OF_TABLE.where(_l.at >= bindparam("first"), _l.at < bindparam("last"))
    .order_by(_l.at, _l.key)
    .limit(bindparam("most"))
)
_RECEIVED = Statement(
    _OF_TABLE.where(_l.received_at >= bindparam("since")).order_by(_l.at, _l.key).limit(bindparam("most"))
)
_FORGET = Statement(delete(tables.landed).where(_l.source == bindparam("of"), _l.at < bindparam("before")))
_NEWEST_ASIDES = Statement(
    ASIDES.query.where(_a.source == bindparam("of")).order_by(_a.received_at.desc(), _a.id).limit(bindparam("most"))
)
_COUNT_ASIDES = Statement(select(func.count()).select_from(tables.landed_asides).where(_a.source == bindparam("of")))


def _put(insert: postgresql.Insert | sqlite.Insert) -> Statement:
    """Replaces a row only by another content that is not of an older version; so equal content keeps its first time."""
    new = insert.excluded
    newer = or_(_l.version.is_(None), new.version.is_(None), new.version >= _l.version)
    rest = ("at", "received_at", "version", "hash", "body")
    keys = [column.name for column in tables.landed.primary_key]
    core = insert.on_conflict_do_update(
        index_elements=keys, set_={name: new[name] for name in rest}, where=(new.hash != _l.hash) & newer
    )
    return Statement(core.inline(), [column.name for column in tables.landed.c])


_PUTS = {
    "sqlite": _put(sqlite.insert(tables.landed)),
    "postgresql": _put(postgresql.insert(tables.landed)),
}


class LandedRepository:
    """Satisfies `collect.landing.LandedRows`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def hold(self, source: str) -> None:
        hold(self._connection, f"landed {source}")

    def put(self, rows: Sequence[LandedRow]) -> None:
        if not rows:
            return
        _PUTS[self._connection.dialect.name].run_many(self._connection, [ROWS.values(row) for row in rows])

    def rows(
        self, source: str, table: str, limit: int, start: datetime | None = None, end: datetime | None = None
    ) -> Sequence[LandedRow]:
        given = {"of": source, "named": table, "most": limit}
        if start is None or end is None:
            return ROWS.all(self._connection, _ALL, given)
        return ROWS.all(self._connection, _WINDOW, {**given, "first": start, "last": end})

    def rows_received(self, source: str, table: str, limit: int, since: datetime) -> Sequence[LandedRow]:
        return ROWS.all(self._connection, _RECEIVED, {"of": source, "named": table, "most": limit, "since": since})

    def forget(self, source: str, before: datetime) -> int:
        return _FORGET.run(self._connection, {"of": source, "before": before})

    def set_aside(self, messages: Sequence[SetAside]) -> None:
        for message in messages:
            ASIDES.add(self._connection, message)

    def asides(self, source: str, limit: int = 100) -> Sequence[SetAside]:
        return ASIDES.all(self._connection, _NEWEST_ASIDES, {"of": source, "most": limit})

    def count_asides(self, source: str) -> int:
        return int(_COUNT_ASIDES.value(self._connection, {"of": source}) or 0)

    def landing(self, source: str) -> Landing:
        return LANDINGS.get(self._connection, source) or Landing(source)

    def move(self, landing: Landing) -> Landing | None:
        if landing.revision == 0:
            LANDINGS.add(self._connection, Landing(landing.source))
        return LANDINGS.swap(self._connection, landing, "revision")

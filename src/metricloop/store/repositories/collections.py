"""How far each dataset has been collected, what its buckets held, and what of its history was put right."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection, bindparam, delete

from metricloop.collect.model import Collection, Restatement, Tally
from metricloop.store.locks import hold
from metricloop.store.rows import Rows, Upserts
from metricloop.store.statements import Statement
from metricloop.store.tables import series as tables

COLLECTIONS = Rows(tables.collections, Collection)
TALLIES = Rows(tables.tallies, Tally)
RESTATEMENTS = Rows(tables.restatements, Restatement)

_t, _r = tables.tallies.c, tables.restatements.c
_MANY = Upserts(tables.tallies)
_BETWEEN = Statement(
    TALLIES.query.where(_t.dataset == bindparam("of"), _t.start >= bindparam("begin"), _t.start < bindparam("stop"))
    .order_by(_t.start)
)  # fmt: skip
_FORGET = Statement(delete(tables.tallies).where(_t.dataset == bindparam("of"), _t.start < bindparam("before")))
_NEWEST = Statement(
    RESTATEMENTS.query.where(_r.dataset == bindparam("of")).order_by(_r.at.desc(), _r.cause).limit(bindparam("most"))
)


class CollectionsRepository:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def hold(self, dataset: str) -> None:
        hold(self._connection, f"collection {dataset}")

    def get(self, dataset: str) -> Collection | None:
        return COLLECTIONS.get(self._connection, dataset)

    def put(self, collection: Collection) -> None:
        COLLECTIONS.put(self._connection, collection)

    def tallies(self, dataset: str, start: datetime, end: datetime) -> Mapping[datetime, Tally]:
        found = TALLIES.all(self._connection, _BETWEEN, {"of": dataset, "begin": start, "stop": end})
        return {tally.start: tally for tally in found}

    def tallies_at(self, dataset: str, starts: Iterable[datetime]) -> Mapping[datetime, Tally]:
        found = [TALLIES.get(self._connection, dataset, start) for start in starts]
        return {tally.start: tally for tally in found if tally is not None}

    def put_tallies(self, tallies: Sequence[Tally]) -> None:
        if tallies:
            rows = [TALLIES.values(tally) for tally in tallies]
            _MANY.of(self._connection, replace=True).run_many(self._connection, rows)

    def forget_tallies(self, dataset: str, before: datetime) -> None:
        _FORGET.run(self._connection, {"of": dataset, "before": before})

    def restatements(self, dataset: str, limit: int = 20) -> Sequence[Restatement]:
        return RESTATEMENTS.all(self._connection, _NEWEST, {"of": dataset, "most": limit})

    def put_restatement(self, restatement: Restatement) -> None:
        RESTATEMENTS.put(self._connection, restatement)

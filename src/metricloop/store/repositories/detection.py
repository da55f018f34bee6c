"""Anomalies and checkpoints of detectors."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, delete, select

from metricloop.detect.model import Anomaly, AnomalyState, DetectorState
from metricloop.kernel.slices import Slice
from metricloop.store.packing import pack_named, unpack_named
from metricloop.store.rows import Rows, Upserts
from metricloop.store.statements import Statement
from metricloop.store.tables import detection as tables

ANOMALIES = Rows(tables.anomalies, Anomaly)

_a, _s = tables.anomalies.c, tables.detector_states.c
_OPEN = Statement(
    ANOMALIES.query.where(_a.monitor == bindparam("of"), _a.state == AnomalyState.OPEN).order_by(_a.slice, _a.id)
)
_BETWEEN = Statement(
    ANOMALIES.query.where(
        _a.metric == bindparam("of"), _a.ended_at > bindparam("begin"), _a.started_at < bindparam("stop")
    ).order_by(_a.started_at, _a.id)
)
_STATES = Upserts(tables.detector_states)
_NEWEST = (
    select(_s.monitor, _s.metric, _s.monitor_version, _s.until, _s.axis, _s.arrays, _s.meta)
    .where(_s.monitor == bindparam("of"), _s.monitor_version == bindparam("at_version"))
    .order_by(_s.until.desc())
    .limit(1)
)
_LATEST, _LATEST_BEFORE = Statement(_NEWEST), Statement(_NEWEST.where(_s.until <= bindparam("before")))
_DROP_AFTER = Statement(
    delete(tables.detector_states).where(_s.metric == bindparam("of"), _s.until > bindparam("after"))
)


class AnomaliesRepository:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, id: str) -> Anomaly | None:
        return ANOMALIES.get(self._connection, id)

    def open_of(self, monitor: str) -> Sequence[Anomaly]:
        return ANOMALIES.all(self._connection, _OPEN, {"of": monitor})

    def of(self, ids: Sequence[str]) -> Sequence[Anomaly]:
        """In the order of `ids`; unknown ids are left out."""
        found = ANOMALIES.all(self._connection, ANOMALIES.query.where(_a.id.in_(list(ids)))) if ids else ()
        by_id = {anomaly.id: anomaly for anomaly in found}
        return tuple(by_id[id] for id in ids if id in by_id)

    def between(self, metric: str, start: datetime, end: datetime) -> Sequence[Anomaly]:
        """Those that share an instant with [start, end)."""
        return ANOMALIES.all(self._connection, _BETWEEN, {"of": metric, "begin": start, "stop": end})

    def put(self, anomaly: Anomaly) -> None:
        ANOMALIES.put(self._connection, anomaly)


class StatesRepository:
    """Checkpoints; arrays come back bit by bit. Never thins them out: who puts them drops them."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def latest(self, monitor: str, version: int, before: datetime | None = None) -> DetectorState | None:
        given: dict[str, object] = {"of": monitor, "at_version": version}
        if before is None:
            row = _LATEST.first(self._connection, given)
        else:
            row = _LATEST_BEFORE.first(self._connection, given | {"before": before})
        return None if row is None else _state(*row)

    def put(self, state: DetectorState) -> None:
        values = {
            "monitor": state.monitor,
            "metric": state.metric,
            "monitor_version": state.monitor_version,
            "until": state.until,
            "axis": state.axis,
            "arrays": pack_named(state.arrays),
            "meta": state.meta,
        }
        _STATES.of(self._connection, replace=True).run(self._connection, values)

    def drop_after_metric(self, metric: str, at: datetime) -> None:
        _DROP_AFTER.run(self._connection, {"of": metric, "after": at})


def _state(
    monitor: str, metric: str, version: int, until: datetime, axis: tuple[Slice, ...], arrays: bytes, meta: Any
) -> DetectorState:
    return DetectorState(monitor, metric, version, until, axis, unpack_named(arrays), meta)

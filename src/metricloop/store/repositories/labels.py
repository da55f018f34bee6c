"""Labels. Those in force are read for every bucket that is judged, and change a few times a day."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, bindparam

from metricloop.detect.model import Label
from metricloop.store.repositories.counters import changes, count_change
from metricloop.store.rows import Rows
from metricloop.store.statements import Statement
from metricloop.store.tables.detection import labels

LABELS = Rows(labels, Label)

_l = labels.c
_LABELS = LABELS.query.order_by(_l.at, _l.id)
_OF_METRIC = Statement(_LABELS.where(_l.metric == bindparam("of"), _l.withdrawn_at.is_(None)))
_OF_INCIDENT = Statement(_LABELS.where(_l.incident == bindparam("of")))
_CHANGES = "labels"


class LabelMemory:
    """The labels in force of each metric, as of a number of changes; true only while the database counts as many.

    Shared by the units of one store. Entries are replaced whole, so threads may read it freely.
    """

    def __init__(self) -> None:
        self._known: dict[str, tuple[int, tuple[Label, ...]]] = {}

    def get(self, metric: str, changes: int) -> tuple[Label, ...] | None:
        as_of, found = self._known.get(metric, (-1, ()))
        return found if as_of == changes else None

    def keep(self, metric: str, changes: int, found: tuple[Label, ...]) -> None:
        self._known[metric] = changes, found


class LabelsRepository:
    def __init__(self, connection: Connection, memory: LabelMemory) -> None:
        self._connection = connection
        self._memory = memory
        self._changed = False

    def get(self, id: str) -> Label | None:
        return LABELS.get(self._connection, id)

    def of_metric(self, metric: str) -> Sequence[Label]:
        count = changes(self._connection, _CHANGES)
        known = None if self._changed else self._memory.get(metric, count)
        if known is not None:
            return known
        found = LABELS.all(self._connection, _OF_METRIC, {"of": metric})
        if not self._changed:  # what this unit has changed may still be rolled back
            self._memory.keep(metric, count, found)
        return found

    def of_incident(self, incident: int) -> Sequence[Label]:
        """Also withdrawn ones, oldest first."""
        return LABELS.all(self._connection, _OF_INCIDENT, {"of": incident})

    def put(self, label: Label) -> None:
        LABELS.put(self._connection, label)
        count_change(self._connection, _CHANGES)
        self._changed = True

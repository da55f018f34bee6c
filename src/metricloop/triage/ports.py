"""What triage needs from outside."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from metricloop.detect.model import Anomaly
from metricloop.kernel.unit_of_work import UnitOfWork
from metricloop.triage.model import Incident, IncidentState, TimelineEntry


class KnownAnomalies(Protocol):
    def get(self, id: str) -> Anomaly | None: ...

    def of(self, ids: Sequence[str]) -> Sequence[Anomaly]:
        """In the order of `ids`."""
        ...


class Incidents(Protocol):
    """Incidents and their timelines."""

    def next_number(self) -> int: ...

    def get(self, number: int) -> Incident | None: ...

    def live(self) -> Sequence[Incident]:
        """Incidents whose state is not closed, merged, false_alarm or expected, by number."""
        ...

    def touching(self, start: datetime, end: datetime) -> Sequence[Incident]:
        """Incidents (any state) whose anomalous span touches [start, end), by number."""
        ...

    def of_anomaly(self, anomaly: str) -> Incident | None: ...

    def add(self, incident: Incident) -> None:
        """Raises Conflict when an incident with this key exists."""
        ...

    def save(self, incident: Incident) -> Incident:
        """Replace the row if its revision is `incident.revision`, and give back the incident with the next revision;
        raises Conflict otherwise."""
        ...

    def find(
        self,
        *,
        states: Sequence[IncidentState] = (),
        metric: str | None = None,
        owner: str | None = None,
        numbers: Sequence[int] | None = None,
        limit: int = 100,
        offset: int = 0,
    ) -> tuple[Sequence[Incident], int]:
        """One page, newest first, and how many there are in all."""
        ...

    def note(self, entry: TimelineEntry) -> None:
        """Add a line to the timeline; the same key again is no second line."""
        ...

    def timeline(self, number: int) -> Sequence[TimelineEntry]:
        """Oldest first."""
        ...


class TriageUnit(UnitOfWork, Protocol):
    @property
    def anomalies(self) -> KnownAnomalies: ...

    @property
    def incidents(self) -> Incidents: ...

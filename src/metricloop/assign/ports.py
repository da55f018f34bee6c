"""What assign needs from outside."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from metricloop.access.model import Person
from metricloop.assign.model import Assignment
from metricloop.kernel.unit_of_work import UnitOfWork
from metricloop.triage.model import Incident, TimelineEntry


class OpenIncidents(Protocol):
    """The incidents as assign sees them: look one up, keep its owner, add a line to its timeline."""

    def get(self, number: int) -> Incident | None: ...

    def save(self, incident: Incident) -> Incident: ...

    def note(self, entry: TimelineEntry) -> None: ...


class KnownPeople(Protocol):
    def get(self, person: str) -> Person | None: ...


class Assignments(Protocol):
    def latest(self, incident: int) -> Assignment | None: ...

    def of(self, incident: int) -> Sequence[Assignment]:
        """Oldest first."""
        ...

    def add(self, assignment: Assignment) -> None: ...


class AssignUnit(UnitOfWork, Protocol):
    @property
    def incidents(self) -> OpenIncidents: ...

    @property
    def people(self) -> KnownPeople: ...

    @property
    def assignments(self) -> Assignments: ...

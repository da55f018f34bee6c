"""What assign needs from outside."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from metricloop.assign.model import Assignment
from metricloop.kernel.unit_of_work import UnitOfWork


class Assignments(Protocol):
    def latest(self, incident: int) -> Assignment | None: ...

    def of(self, incident: int) -> Sequence[Assignment]:
        """Oldest first."""
        ...

    def add(self, assignment: Assignment) -> None: ...


class AssignUnit(UnitOfWork, Protocol):
    @property
    def assignments(self) -> Assignments: ...

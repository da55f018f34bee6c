"""What act needs from outside."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from metricloop.access.model import Person
from metricloop.act.model import Effect, Run, RunStatus, Task, TaskState
from metricloop.define.playbooks import Mode
from metricloop.kernel.unit_of_work import UnitOfWork
from metricloop.triage.model import Incident, TimelineEntry


class KnownPeople(Protocol):
    def get(self, person: str) -> Person | None: ...


class HandledIncidents(Protocol):
    """The incidents as act sees them."""

    def get(self, number: int) -> Incident | None: ...

    def note(self, entry: TimelineEntry) -> None: ...


class Runs(Protocol):
    def get(self, id: str) -> Run | None: ...

    def of_incident(self, incident: int) -> Sequence[Run]:
        """Oldest first."""
        ...

    def find(self, *, statuses: Sequence[RunStatus] = (), limit: int = 100) -> Sequence[Run]: ...

    def add(self, run: Run) -> None:
        """The same id again changes nothing."""
        ...

    def save(self, run: Run) -> Run:
        """Compare-and-set on `epoch`; gives back the run with the next epoch, raises Conflict otherwise."""
        ...

    def effect(self, key: str) -> Effect | None: ...

    def put_effect(self, effect: Effect) -> None: ...

    def effects(self, *, open_only: bool = False, run: str | None = None) -> Sequence[Effect]: ...


class Tasks(Protocol):
    def get(self, id: str) -> Task | None: ...

    def add(self, task: Task) -> None:
        """The same id again changes nothing."""
        ...

    def save(self, task: Task) -> Task:
        """Compare-and-set on `revision`; raises Conflict otherwise."""
        ...

    def find(
        self,
        *,
        assignee: str | None = None,
        incident: int | None = None,
        states: Sequence[TaskState] = (),
        limit: int = 200,
    ) -> Sequence[Task]:
        """By due time, then creation."""
        ...


class Site(Protocol):
    """Settings of the whole site that people switch while it runs."""

    def mode(self) -> Mode | None: ...

    def set_mode(self, mode: Mode) -> None: ...


class Actions(Protocol):
    """Action plugins behind one door."""

    def perform(self, action: str, options: Mapping[str, Any], request: Mapping[str, Any], key: str) -> str:
        """Do it, and give back a short outcome. `key` is the idempotency key. Raises SourceFailed."""
        ...


class ActUnit(UnitOfWork, Protocol):
    @property
    def people(self) -> KnownPeople: ...

    @property
    def incidents(self) -> HandledIncidents: ...

    @property
    def runs(self) -> Runs: ...

    @property
    def tasks(self) -> Tasks: ...

    @property
    def site(self) -> Site: ...

"""What define needs from outside."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from metricloop.access.model import Person
from metricloop.define.model import Kind, Version
from metricloop.kernel.unit_of_work import UnitOfWork


class Definitions(Protocol):
    """Versions of definitions. The live version of a name is its newest, unless it was retired."""

    def live(self) -> Sequence[Version]:
        """The newest version of every definition that is not retired."""
        ...

    def newest(self, kind: Kind, name: str) -> Version | None: ...

    def history(self, kind: Kind, name: str) -> Sequence[Version]:
        """All versions, newest first."""
        ...

    def add(self, version: Version) -> None:
        """Append; raises Conflict when `version.parent` is no longer the newest."""
        ...

    def retire(self, kind: Kind, name: str) -> None: ...

    def revision(self) -> int:
        """A number that changes with every change of any definition (so readers may cache)."""
        ...


class PeopleWriter(Protocol):
    """Where those who are named in a project become people who can be told and log in."""

    def put(self, person: Person) -> None: ...


class DefineUnit(UnitOfWork, Protocol):
    @property
    def definitions(self) -> Definitions: ...

    @property
    def people(self) -> PeopleWriter: ...


class OpenDefineUnit(Protocol):
    """Opens a unit of work. `write=False` is a read-only look."""

    def __call__(self, *, write: bool = True) -> DefineUnit: ...

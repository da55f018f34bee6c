"""What tune needs from outside."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from metricloop.kernel.unit_of_work import UnitOfWork
from metricloop.tune.model import Proposal, ProposalState


class Proposals(Protocol):
    def get(self, id: str) -> Proposal | None: ...

    def find(
        self, *, states: Sequence[ProposalState] = (), monitor: str | None = None, limit: int = 100
    ) -> Sequence[Proposal]:
        """Newest first."""
        ...

    def add(self, proposal: Proposal) -> None:
        """The same id again changes nothing."""
        ...

    def save(self, proposal: Proposal) -> Proposal:
        """Compare-and-set on `revision`; raises Conflict otherwise."""
        ...


class TuneUnit(UnitOfWork, Protocol):
    @property
    def proposals(self) -> Proposals: ...

"""What tune needs from outside."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from metricloop.define.model import Kind, Version
from metricloop.detect.model import Anomaly, Label
from metricloop.kernel.unit_of_work import UnitOfWork
from metricloop.tune.model import Proposal, ProposalState


class LabelledHistory(Protocol):
    """The labels as tune sees them."""

    def get(self, id: str) -> Label | None: ...

    def of_metric(self, metric: str) -> Sequence[Label]: ...


class JudgedHistory(Protocol):
    """Anomalies of the past, those below their gates too."""

    def between(self, metric: str, start: datetime, end: datetime) -> Sequence[Anomaly]: ...


class Rules(Protocol):
    """The versions of monitors."""

    def newest(self, kind: Kind, name: str) -> Version | None: ...

    def add(self, version: Version) -> None: ...


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
    def labels(self) -> LabelledHistory: ...

    @property
    def anomalies(self) -> JudgedHistory: ...

    @property
    def definitions(self) -> Rules: ...

    @property
    def proposals(self) -> Proposals: ...

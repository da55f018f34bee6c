"""What verify needs from outside."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from metricloop.kernel.unit_of_work import UnitOfWork
from metricloop.verify.model import Watch


class Watches(Protocol):
    def get(self, incident: int) -> Watch | None: ...

    def waiting(self) -> Sequence[Watch]: ...

    def put(self, watch: Watch) -> None: ...


class VerifyUnit(UnitOfWork, Protocol):
    @property
    def watches(self) -> Watches: ...

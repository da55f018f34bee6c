"""What attribute needs from outside."""

from __future__ import annotations

from typing import Protocol

from metricloop.attribute.model import Attribution
from metricloop.kernel.unit_of_work import UnitOfWork


class Attributions(Protocol):
    def get(self, incident: int) -> Attribution | None:
        """The newest attribution of an incident."""
        ...

    def put(self, attribution: Attribution) -> None: ...


class AttributeUnit(UnitOfWork, Protocol):
    @property
    def attributions(self) -> Attributions: ...

"""What attribute needs from outside."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from metricloop.attribute.model import Attribution
from metricloop.collect.model import Reading, Row
from metricloop.kernel.unit_of_work import UnitOfWork


class LeafReader(Protocol):
    """Reads leaves from a source. Raises SourceFailed."""

    def read(self, reading: Reading) -> Sequence[Row]: ...


class Attributions(Protocol):
    def get(self, incident: int) -> Attribution | None:
        """The newest attribution of an incident."""
        ...

    def put(self, attribution: Attribution) -> None: ...


class AttributeUnit(UnitOfWork, Protocol):
    @property
    def attributions(self) -> Attributions: ...

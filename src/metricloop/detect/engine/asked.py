"""What a caller asks of the engine over files: which columns, which alarms, what is known besides. Nouns only."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from metricloop.detect.engine.settings import Alarming

HEADER = ("timestamp", "value", "expected", "lower", "upper", "score", "anomaly")


@dataclass(frozen=True, slots=True)
class Columns:
    """Which columns hold what; `numerator` and `denominator` instead of `value` for a rate."""

    time: str = "timestamp"
    value: str = "value"
    numerator: str | None = None
    denominator: str | None = None

    def wanted(self) -> list[str]:
        if self.numerator and self.denominator:
            return [self.time, self.numerator, self.denominator]
        return [self.time, self.value]


@dataclass(frozen=True, slots=True)
class Detecting:
    """What is asked of `detect`. zone: of timestamps with an offset and of the calendar. labels: a JSON file."""

    columns: Columns = field(default_factory=Columns)
    alarming: Alarming = field(default_factory=Alarming)
    labels: Path | None = None
    calendar: str | None = None
    zone: str | None = None

"""What plugin tests build plugins with."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from metricloop.kernel.clock import SimulatedClock
from metricloop.notify.model import Parcel
from metricloop.sdk import Context

NOW = datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC)  # 1700000000


def context(folder: Path) -> Context:
    return Context(folder, SimulatedClock(NOW))


def parcel(id: str = "m1", body: str = "AA 38 % 准点率") -> Parcel:
    return Parcel(id, "ana@example.org", "Incident 1", body, "https://example.org/i/1", NOW, {"incident": 1})

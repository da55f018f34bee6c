"""A desk for tests of use cases: the flights' own definitions in a real store, and a view of all that was told."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import select

from metricloop.access.rules import first_break
from metricloop.bootstrap.projects import apply_folder
from metricloop.define.project import Project
from metricloop.define.use_cases import current_project
from metricloop.kernel.events import Event
from metricloop.store import Store, open_store
from metricloop.store.tables.loop import events, timers
from metricloop.store.unit import Unit
from metricloop.triage import use_cases as triage
from metricloop.triage.model import Incident
from tests.triage.nouns import AA, AT, HOUR, anomaly, incident

# The example's own monitors are tuned to the flights; these stand still.
MONITORS = """\
monitors:
  - name: on_time_hourly
    metric: on_time_rate
    grain: hour
    slices: ["", carrier, origin]
    gates: {minimum_impact: 20, minimum_buckets: 2, recovery_buckets: 2}
    severity: S3
    verify_buckets: 4
    self_heal_after: 1d
  - name: on_time_daily
    metric: on_time_rate
    grain: day
    slices: ["", carrier, origin, dest]
    gates: {minimum_impact: 20, minimum_buckets: 1, recovery_buckets: 1}
    severity: S2
    verify_buckets: 2
    review_required: true
"""
FLIGHTS = Path(__file__).resolve().parents[2] / "examples" / "flights"
OPENED = AT + 10 * HOUR


class Desk:
    """A store with the flights' project. Each `unit()` is a transaction of its own."""

    def __init__(self, store: Store) -> None:
        self.store = store

    def unit(self) -> Unit:
        return self.store.unit()

    @property
    def project(self) -> Project:
        with self.store.unit(write=False) as unit:
            return current_project(unit)

    def told(self, kind: str = "") -> list[Event]:
        """Every event ever told (of a kind), in order."""
        with self.store.unit(write=False) as unit:
            rows = unit.connection.execute(select(*events.c).order_by(events.c.sequence)).all()
        return [Event(r.key, r.kind, r.subject, r.at, r.data) for r in rows if r.kind.startswith(kind)]

    def timers(self) -> dict[str, object]:
        """Due times by key."""
        with self.store.unit(write=False) as unit:
            return {r.key: r.due_at for r in unit.connection.execute(select(timers.c.key, timers.c.due_at))}

    def timeline(self, number: int = 1) -> list[str]:
        with self.store.unit(write=False) as unit:
            return [entry.message.code for entry in unit.incidents.timeline(number)]

    def incident(self, number: int = 1) -> Incident:
        with self.store.unit(write=False) as unit:
            return triage.get(unit, number)

    def open_incident(self, **changes: Any) -> Incident:
        """An incident of American Airlines, opened and nothing more, with its one anomaly."""
        with self.unit() as unit:
            number = unit.incidents.next_number()
            found = anomaly(f"a{number}", AA)
            unit.anomalies.put(found)
            made = incident(number, opened_at=OPENED, **changes)
            unit.incidents.add(made)
        return self.incident(number)

    def audit_holds(self) -> bool:
        with self.store.unit(write=False) as unit:
            lines = unit.audit.lines(0, 10_000)
        return bool(lines) and first_break(lines) is None


@cache
def _template() -> tuple[Path, TemporaryDirectory[str]]:
    """A store with the project in it, made once: migrating and applying for each test would cost more than the test."""
    folder = TemporaryDirectory(prefix="metricloop-tests-")
    path = Path(folder.name) / "state.db"
    project = Path(folder.name) / "flights"
    shutil.copytree(FLIGHTS, project)
    (project / "monitors.yml").write_text(MONITORS, encoding="utf-8")
    store = open_store(path, scratch=True)
    store.migrate()
    apply_folder(store, project, by="test", at=AT)
    store.close()
    return path, folder


@contextmanager
def open_desk(folder: Path) -> Iterator[Desk]:
    store = open_store(shutil.copy(_template()[0], folder / "state.db"), scratch=True)
    try:
        yield Desk(store)
    finally:
        store.close()

"""What a run has come to, in a form that two runs can be compared by: without ids, and without times of handling.

Times of the data (buckets, spans of anomalies and labels) are part of it; when somebody did something is not, for a
system that was down does things later. Everything is counted: what was done twice differs, too.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from sqlalchemy import Connection, Table, select

from metricloop.define.project import Project
from metricloop.define.use_cases import current_project
from metricloop.store.database import open_store
from metricloop.store.tables import access, action, definitions, detection, incidents
from metricloop.store.unit import Unit

Record = Mapping[str, "Counter[str]"]
Names = Mapping[int | None, str]


def record(database: str, outside: Path) -> Record:
    """Reads the store at `database`, and what its channels and actions wrote into files below `outside`."""
    store = open_store(database)
    try:
        with store.unit(write=False) as unit:
            names = _names(unit.connection)
            found = {kind: Counter(read(unit.connection, names)) for kind, read in _KINDS.items()}
            project = current_project(unit)
            found["points"] = Counter(_points(unit, project))
            found["bands"] = Counter(_bands(unit, project))
    finally:
        store.close()
    for file in ("messages.jsonl", "effects.jsonl"):
        found[file] = Counter(_lines(outside, file, names))
    return found


def differences(reference: Record, other: Record) -> dict[str, dict[str, list[str]]]:
    """By kind, what the other lacks and what it has too often or should not have; at most six of each."""
    found = {}
    for kind, wanted in reference.items():
        parts = {"lost": wanted - other[kind], "too many": other[kind] - wanted}
        if any(parts.values()):
            found[kind] = {what: sorted(part.elements())[:6] for what, part in parts.items()}
    return found


def _rows(connection: Connection, table: Table) -> Iterator[Any]:
    return iter(connection.execute(select(table).order_by(*table.primary_key)).all())


def _text(*parts: Any) -> str:
    return " | ".join(str(part) for part in parts)


def _names(connection: Connection) -> Names:
    """An incident is known by what it is about; its number is only the order in which it was opened."""
    rows = _rows(connection, incidents.incidents)
    return {None: "-", **{row.number: f"{row.metric} {row.slice.key or 'total'} {row.started_at}" for row in rows}}


def _incidents(connection: Connection, names: Names) -> Iterator[str]:
    """Each with the way it went through its states, as the audit trail has it."""
    path: dict[str, list[str]] = {}
    for line in _rows(connection, access.audit_events):
        if line.subject_kind == "incident":
            path.setdefault(line.subject_id, []).append(f"{line.action} {line.before}>{line.after} by {line.actor}")
    for row in _rows(connection, incidents.incidents):
        yield _text(
            names[row.number], row.state, row.ended_at, row.severity, row.owner, row.localisable, row.verdict,
            row.impact, len(row.anomalies), row.metrics, "; ".join(path.get(str(row.number), [])),
        )  # fmt: skip


def _timeline(connection: Connection, names: Names) -> Iterator[str]:
    for row in _rows(connection, incidents.timeline):
        yield _text(names[row.incident], row.kind, row.actor, row.message.code)


def _attributions(connection: Connection, names: Names) -> Iterator[str]:
    for row in _rows(connection, incidents.attributions):
        yield _text(names[row.incident], row.start, row.end, row.total, row.verdict, [str(c.slice) for c in row.causes])


def _anomalies(connection: Connection, names: Names) -> Iterator[str]:
    for row in _rows(connection, detection.anomalies):
        yield _text(
            row.monitor, row.monitor_version, row.slice.key, row.started_at, row.ended_at, row.state, row.points,
            row.impact, row.raised_at,
        )  # fmt: skip


def _labels(connection: Connection, names: Names) -> Iterator[str]:
    for row in _rows(connection, detection.labels):
        yield _text(names[row.incident], row.slice.key, row.start, row.end, row.verdict, row.by, row.withdrawn_at)


def _runs(connection: Connection, names: Names) -> Iterator[str]:
    for row in _rows(connection, action.runs):
        steps = [(step.id, step.state.value, step.actor) for step in row.steps]
        yield _text(names[row.incident], row.playbook.name, row.playbook_version, row.status, steps)


def _tasks(connection: Connection, names: Names) -> Iterator[str]:
    for row in _rows(connection, action.tasks):
        yield _text(names[row.incident], row.kind, row.step, row.state, row.assignee, row.done_by, dict(row.answer))


def _effects(connection: Connection, names: Names) -> Iterator[str]:
    runs = {row.id: names[row.incident] for row in _rows(connection, action.runs)}
    for row in _rows(connection, action.effects):
        yield _text(runs[row.run], row.step, row.action, row.done_at is not None)


def _notifications(connection: Connection, names: Names) -> Iterator[str]:
    for row in _rows(connection, action.notifications):
        yield _text(names[row.incident], row.person, row.channel, row.address, row.message.code, row.state)


def _attempts(connection: Connection, names: Names) -> Iterator[str]:
    told = {row.id: (names[row.incident], row.person, row.channel) for row in _rows(connection, action.notifications)}
    for row in _rows(connection, action.delivery_attempts):
        yield _text(*told[row.notification], row.number, row.outcome)


def _reviews(connection: Connection, names: Names) -> Iterator[str]:
    for row in _rows(connection, incidents.reviews):
        codes = [message.code for message in row.summary]
        yield _text(names[row.incident], codes, row.impact, row.cause, row.published_at is not None, row.by)


def _proposals(connection: Connection, names: Names) -> Iterator[str]:
    for row in _rows(connection, action.proposals):
        yield _text(row.monitor, row.monitor_version, row.after, len(row.labels), row.state, row.new_version)


def _definitions(connection: Connection, names: Names) -> Iterator[str]:
    for row in _rows(connection, definitions.definition_versions):
        yield _text(row.kind, row.name, row.number, row.hash, row.origin, row.by)


def _people(connection: Connection, names: Names) -> Iterator[str]:
    for row in _rows(connection, access.people):
        yield _text(row.id, row.name, row.roles, row.contacts)


def _audit(connection: Connection, names: Names) -> Iterator[str]:
    for row in _rows(connection, access.audit_events):
        yield _text(row.actor, row.action, row.subject_kind)


_KINDS: Mapping[str, Callable[[Connection, Names], Iterator[str]]] = {
    "incidents": _incidents,
    "timeline": _timeline,
    "attributions": _attributions,
    "anomalies": _anomalies,
    "labels": _labels,
    "runs": _runs,
    "tasks": _tasks,
    "effects": _effects,
    "notifications": _notifications,
    "attempts": _attempts,
    "reviews": _reviews,
    "proposals": _proposals,
    "definitions": _definitions,
    "people": _people,
    "audit": _audit,
}


def _points(unit: Unit, project: Project) -> Iterator[str]:
    for metric in project.metrics:
        span = unit.points.span(metric)
        if span is not None:
            panel = unit.points.read(metric, *span)
            for (row, column), numerator in np.ndenumerate(panel.numerator):
                place = panel.slices[column].key, panel.starts[row]
                yield _text(metric, *place, numerator, panel.denominator[row, column])


def _bands(unit: Unit, project: Project) -> Iterator[str]:
    for monitor in project.monitors.values():
        span = unit.points.span(monitor.metric)
        if span is not None:
            panel = unit.bands.read(monitor.name, *span)
            for (row, column), expected in np.ndenumerate(panel.expected):
                numbers = (panel.lower, panel.upper, panel.score, panel.anomalous)
                place = panel.slices[column].key, panel.starts[row]
                yield _text(monitor.name, *place, expected, *(matrix[row, column] for matrix in numbers))


def _lines(outside: Path, file: str, names: Names) -> Iterator[str]:
    for path in sorted(outside.glob(f"*/{file}")):
        for line in path.read_text(encoding="utf-8").splitlines():
            entry = json.loads(line)
            said = entry.get("request") or entry["data"]
            incident = names[said["incident"]]
            yield _text(path.parent.name, incident, entry.get("to"), said.get("code"), said.get("step"))

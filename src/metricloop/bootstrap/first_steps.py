"""A source that nobody has described yet: look at its tables, propose definitions, try their numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from metricloop.collect.evaluate import Answer
from metricloop.collect.first_look import Table, last_buckets
from metricloop.collect.query_defaults import main_grain
from metricloop.define.model import Source
from metricloop.define.project import Project
from metricloop.define.starter import Spelling, spelling_of
from metricloop.jobs.clocks import SystemClock
from metricloop.plugins.registry import Registry
from metricloop.plugins.sources import Sources
from metricloop.sdk import Context


def look_at_table(registry: Registry, folder: Path, source: Source, table: str) -> tuple[Source, Table]:
    """The table's first rows, and the source as it must be written so that its times and numbers are understood.

    Opened apart from running sources, and closed again. Raises SourceFailed.
    """
    apart = Sources(registry, Context(folder, SystemClock()))
    try:
        found = apart.sample(source, table)
        understood = spelled(source, table, spelling_of(found.columns, found.rows))
        return (understood, found) if understood is source else (understood, apart.sample(understood, table))
    finally:
        apart.close()


def spelled(source: Source, table: str, spelling: Spelling) -> Source:
    """The source with what its reader must be told; only files can be told."""
    tables = source.options.get("tables")
    said = {
        "types": dict(spelling.types),
        "times": dict(spelling.times),
        "numbers": list(spelling.numbers),
        "names": dict(spelling.names),
        "null_values": list(spelling.null_values),
    }
    new: dict[str, Any] = {name: value for name, value in said.items() if value}
    if source.plugin != "files" or not new or not isinstance(tables, Mapping) or table not in tables:
        return source
    before = tables[table] if isinstance(tables[table], Mapping) else {"path": tables[table]}
    types = {**new.get("types", {}), **before.get("types", {})}
    body = {**before, **new, **({"types": types} if types else {})}
    return replace(source, options={**source.options, "tables": {**tables, table: body}})


def try_numbers(registry: Registry, folder: Path, project: Project, names: Sequence[str]) -> dict[str, Answer | None]:
    """The last buckets of each of these metrics; None where there are no data. Raises SourceFailed, InvalidInput."""
    clock = SystemClock()
    apart = Sources(registry, Context(folder, clock))
    try:
        metrics = [project.metric(name) for name in names]
        now = clock.now()
        return {one.name: last_buckets(apart, project, one, now, main_grain(project, one)) for one in metrics}
    finally:
        apart.close()

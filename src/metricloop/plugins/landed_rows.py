"""One landing source and its place in the store: what a plugin hands over becomes rows, in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from metricloop.plugins.registry import Registry, checked_options
from metricloop.sdk import Batch, Context, Declared, InvalidInput, LandingSource, SourceFailed
from metricloop.sdk.host import (
    LandedRow,
    Landing,
    LandingUnit,
    Message,
    Source,
    failed,
    for_options,
    land,
    landed_row,
    mark_of,
    set_aside,
)


class OpenLanding(Protocol):
    """Opens a unit of work over the store in which records land."""

    def __call__(self, *, write: bool = True) -> AbstractContextManager[LandingUnit]: ...


@dataclass(frozen=True, slots=True)
class Place:
    """Where the records of one source land. Satisfies `landed.Shelf`."""

    source: Source
    mark: str
    open_unit: OpenLanding
    declared: Declared

    def stored(self, table: str) -> str:
        """The name under which rows of this table and key are kept."""
        found = self.declared.tables.get(table)
        return table if found is None or not found.key else f"{table} by {', '.join(found.key)}"

    def landing(self) -> Landing:
        with self.open_unit(write=False) as unit:
            return for_options(unit.landed.landing(self.source.name), self.mark)

    def revision(self) -> int:
        return self.landing().revision

    def rows(self, table: str, limit: int, start: datetime | None, end: datetime | None) -> Sequence[LandedRow]:
        with self.open_unit(write=False) as unit:
            return unit.landed.rows(self.source.name, self.stored(table), limit, start, end)

    def rows_received(self, table: str, limit: int, since: datetime) -> Sequence[LandedRow]:
        with self.open_unit(write=False) as unit:
            return unit.landed.rows_received(self.source.name, self.stored(table), limit, since)

    def keep(self, batch: Batch, now: datetime, change: Callable[[Landing], Landing]) -> Landing:
        """Commit a batch and what becomes of the landing."""
        name = self.source.name
        rows = [
            landed_row(name, self.stored(one.table), one.key, one.at, one.version, one.body, received_at=now)
            for one in batch.records
        ]
        asides = [set_aside(name, one.table, one.body, one.reason, now) for one in batch.refused]
        with self.open_unit() as unit:
            return land(unit, name, self.mark, change, rows, asides)

    def fail(self, error: SourceFailed | InvalidInput, now: datetime) -> None:
        """Write down why nothing lands; the time when it began stays."""
        retryable = isinstance(error, SourceFailed) and error.retryable
        params: Mapping[str, str | bool] = {
            "source": self.source.name,
            "where": error.where,
            "problem": error.problem,
            "fix": error.fix,
            "retryable": retryable,
        }
        self.keep(Batch(), now, lambda landing: failed(landing, Message("source.failed", dict(params)), now))

    def forget(self, now: datetime) -> None:
        """Delete what is older than the source is to be kept."""
        keep_days = self.declared.keep_days
        if keep_days is not None:
            with self.open_unit() as unit:
                unit.landed.forget(self.source.name, now - timedelta(days=keep_days))


def place_of(source: Source, made: LandingSource, open_unit: OpenLanding) -> Place:
    return Place(source, mark_of(source.plugin, source.options), open_unit, made.declared())


def built(registry: Registry, context: Context, source: Source) -> LandingSource | None:
    """The landing source of a definition; None for one that SQL can ask. Raises InvalidInput, SourceFailed."""
    plugin = registry.source(source.plugin)
    options = checked_options(plugin, source.options, f"source {source.name}, options")
    made = plugin.build(options, context)
    if isinstance(made, LandingSource):
        return made
    made.close()
    return None

"""Any source plugin behind collect's port."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Protocol, TypeVar, runtime_checkable

from metricloop.plugins.landed_rows import OpenLanding, place_of
from metricloop.plugins.landed_source import LandedSource
from metricloop.plugins.registry import Registry, checked_options, plugin_failed
from metricloop.sdk import Context, InvalidInput, LandingSource, OpenSource, SourceFailed
from metricloop.sdk.host import (
    Checked,
    Checksum,
    Dataset,
    Profile,
    Reading,
    Row,
    Source,
    Table,
    changed_of,
    compile_changed,
    compile_digest,
    compile_newest,
    compile_profile,
    compile_reading,
    compile_repeated,
    compile_sample,
    compile_select,
    digests_of,
    newest_of,
    profiles_of,
    rows_of,
    where_of,
)

T = TypeVar("T")


@runtime_checkable
class _Listing(Protocol):
    """A source that can say what it has; an outside author's need not."""

    def tables(self) -> Sequence[str]: ...


class Sources:
    """Opens each source once and keeps it open while its options stay the same. Thread safe."""

    def __init__(self, registry: Registry, context: Context, open_unit: OpenLanding | None = None) -> None:
        """open_unit: where records of sources land that SQL cannot ask; without it these tell their columns alone."""
        self._registry = registry
        self._context = context
        self._open_unit = open_unit
        self._lock = threading.Lock()
        self._open: dict[str, tuple[str, OpenSource]] = {}

    def read(self, reading: Reading) -> Sequence[Row]:
        """Rows in order of bucket, then dimension values. Raises SourceFailed, saying where and how to fix it."""
        return self._asked(reading, compile_reading, rows_of)

    def compiled(self, reading: Reading) -> tuple[str, str]:
        """(dialect, statement) as `read` sends it; sends nothing. Raises SourceFailed."""

        def text() -> tuple[str, str]:
            dialect = self._opened(reading.source).dialect
            return dialect, compile_reading(reading, dialect)

        return _guarded(reading.source, where_of(reading.dataset), text)

    def digest(self, reading: Reading) -> Sequence[Checksum]:
        """A checksum of each bucket of the reading that has rows, oldest first. Raises SourceFailed."""
        return self._asked(reading, compile_digest, digests_of)

    def profile(self, reading: Reading) -> Sequence[Profile]:
        """How many rows, NULLs and repeated keys each bucket of the reading has, oldest first. Raises SourceFailed."""
        return self._asked(reading, compile_profile, profiles_of)

    def changed(self, source: Source, dataset: Dataset, since: datetime) -> Sequence[datetime] | None:
        """Hours of rows updated since then, oldest first; None where the dataset names no column that tells."""
        if dataset.updated_column is None:
            return None

        def hours() -> Sequence[datetime]:
            opened = self._opened(source)
            sql = compile_changed(dataset, since, opened.dialect)
            if isinstance(opened, LandedSource):
                return changed_of(dataset, since, opened.read_changed(dataset, sql, since))
            return changed_of(dataset, since, opened.read(sql))

        return _guarded(source, where_of(dataset), hours)

    def newest(self, source: Source, dataset: Dataset, now: datetime) -> datetime | None:
        """The newest time of a row that is not after `now`; None where there is none. Raises SourceFailed."""

        def time() -> datetime | None:
            opened = self._opened(source)
            sql = compile_newest(dataset, now, opened.dialect)
            if isinstance(opened, LandedSource):
                return newest_of(dataset, opened.read_newest(dataset, sql, now))
            return newest_of(dataset, opened.read(sql))

        return _guarded(source, where_of(dataset), time)

    def check(self, source: Source, dataset: Dataset) -> Checked:
        """The columns of the dataset's table, or of its SELECT, and of the tables that it joins; or SourceFailed."""

        def columns() -> Checked:
            opened = self._opened(source)
            if dataset.sql is None:
                own = dict(opened.columns(dataset.table))
            else:
                own = dict(opened.describe(compile_select(dataset, opened.dialect)))
            return Checked(own, {join.name: dict(opened.columns(join.table)) for join in dataset.joins})

        return _guarded(source, where_of(dataset), columns)

    def repeated(self, source: Source, dataset: Dataset) -> Sequence[str]:
        """Names of joins whose key is not unique in the joined table, so that rows would be counted several times."""

        def names() -> Sequence[str]:
            opened = self._opened(source)
            if isinstance(opened, LandedSource):  # its records may be somewhere else than where a project is checked
                return []
            asked = {join.name: compile_repeated(dataset, join, opened.dialect) for join in dataset.joins}
            return [name for name, sql in asked.items() if opened.read(sql)]

        return _guarded(source, where_of(dataset), names)

    def tables(self, source: Source) -> Sequence[str]:
        """What it has to read from, as a dataset would write it; none where the plugin cannot tell. SourceFailed."""

        def names() -> Sequence[str]:
            opened = self._opened(source)
            return list(opened.tables()) if isinstance(opened, _Listing) else []

        return _guarded(source, f"source {source.name}", names)

    def columns(self, source: Source, table: str) -> Mapping[str, str]:
        """Column -> type in the source's own words, in the table's order. Raises SourceFailed."""
        where = f"source {source.name}, table {table}"
        return _guarded(source, where, lambda: dict(self._opened(source).columns(table)))

    def sample(self, source: Source, table: str) -> Table:
        """Its columns and its first rows. Raises SourceFailed."""

        def rows() -> Table:
            opened = self._opened(source)
            columns = dict(opened.columns(table))
            found = opened.read(compile_sample(table, columns, opened.dialect))
            return Table(columns, [dict(zip(columns, row, strict=True)) for row in found])

        return _guarded(source, f"source {source.name}, table {table}", rows)

    def close(self) -> None:
        with self._lock:
            for _, opened in self._open.values():
                opened.close()
            self._open.clear()

    def _asked(
        self,
        reading: Reading,
        compile: Callable[[Reading, str], str],
        read: Callable[[Reading, Sequence[Sequence[object]]], Sequence[T]],
    ) -> Sequence[T]:
        def answer() -> Sequence[T]:
            opened = self._opened(reading.source)
            sql = compile(reading, opened.dialect)
            raw = opened.read_for(reading, sql) if isinstance(opened, LandedSource) else opened.read(sql)
            return read(reading, raw)

        return _guarded(reading.source, where_of(reading.dataset), answer)

    def _opened(self, source: Source) -> OpenSource:
        mark = json.dumps([source.plugin, source.options], sort_keys=True, default=str)
        with self._lock:
            kept = self._open.get(source.name)
            if kept is not None and kept[0] == mark:
                return kept[1]
            plugin = self._registry.source(source.plugin)
            options = checked_options(plugin, source.options, f"source {source.name}, options")
            made = plugin.build(options, self._context)
            opened: OpenSource = self._landed(source, made) if isinstance(made, LandingSource) else made
            if kept is not None:
                kept[1].close()
            self._open[source.name] = (mark, opened)
            return opened

    def _landed(self, source: Source, made: LandingSource) -> LandedSource:
        place = place_of(source, made, self._open_unit) if self._open_unit else None
        return LandedSource(made, place, self._context.clock)


def _guarded(source: Source, where: str, call: Callable[[], T]) -> T:
    """Whatever a plugin raises comes out as SourceFailed with the place."""
    try:
        return call()
    except SourceFailed as error:
        raise SourceFailed(
            error.problem,
            retryable=error.retryable,
            fix=error.fix or "see the source's own log",
            where=f"{where}, {error.where}" if error.where and error.where != where else where,
        ) from error
    except InvalidInput as error:
        raise SourceFailed(error.problem, retryable=False, fix=error.fix, where=error.where or where) from error
    except Exception as error:  # a stranger's plugin may raise anything
        raise plugin_failed(where, source.plugin, error) from error

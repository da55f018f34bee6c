"""`metricloop init DIR --from ...`: from a file or database to a project with a first metric and monitor."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from metricloop.bootstrap.first_steps import look_at_table, try_numbers
from metricloop.bootstrap.projects import check, plugin_names
from metricloop.collect.evaluate import Answer
from metricloop.collect.first_look import Table
from metricloop.define.model import Document, Kind, Source
from metricloop.define.rules import read_project
from metricloop.define.starter import Starter, starter_for
from metricloop.define.starter_columns import name_of
from metricloop.define.starter_times import parsed
from metricloop.jobs.clocks import SystemClock
from metricloop.kernel.errors import InvalidInput, Issue
from metricloop.kernel.message import Text
from metricloop.kernel.secrets import remember_parts
from metricloop.plugins.registry import Registry, load_registry
from metricloop.plugins.setup_places import Place, files_options, keep_secret, place_of
from metricloop.plugins.sources import Sources
from metricloop.sdk import Context
from metricloop.store.project_writer import write_folder

DATA = "data"


class Beginning:
    """What is known of the new project so far. Nothing is written before `write`."""

    def __init__(self, folder: Path, origin: str, scratch: Path, registry: Registry) -> None:
        remember_parts(origin)
        self._folder, self._registry, self._here = folder, registry, Path.cwd()
        self._place: Place = place_of(origin)
        self._source: Source | None = None
        self._table: Table | None = None
        self._secret = scratch / "address"
        self.secret = ""
        """The reference under which `write` kept an address that has a password; empty if there is none."""

    def tables(self) -> list[str]:
        """What may be read."""
        if self._place.files:
            return list(self._place.files)
        apart = Sources(self._registry, Context(self._here, SystemClock()))
        try:
            found = list(apart.tables(self._opened("")))
        finally:
            apart.close()
        if not found:
            raise InvalidInput(
                "there is no table that may be read", fix="let the user see one, or name it with --table"
            )
        return found

    def look(self, table: str) -> None:
        """Read the first rows of a table. Raises SourceFailed; InvalidInput where there are none."""
        if self._place.files and table not in self._place.files:
            raise InvalidInput(f"no table {table!r}", fix=f"known: {', '.join(self._place.files)}")
        self._source, self._table = look_at_table(self._registry, self._here, self._opened(table), table)
        if not self._table.rows:
            raise InvalidInput(f"the table {table} has no rows", fix="name a table, or a file, that has rows")

    def propose(
        self, table: str, *, owner: str, zone: str, time: str | None = None, currency: str | None = None
    ) -> Starter:
        """Definitions for the table that was looked at."""
        assert self._table is not None, "look before"
        columns, rows, source = self._table.columns, self._table.rows, self._place.name
        return starter_for(table, columns, rows, source=source, owner=owner, zone=zone, time=time, currency=currency)

    def documents(self, starter: Starter, person: str, zone: str, language: str) -> list[Document]:
        """The whole project. person: the name of whoever owns everything at first."""
        assert self._source is not None, "look before"
        assert starter.dataset is not None, "nothing to write"
        name = name_of(self._folder.resolve().name)
        head = {"project": name, "timezone": zone, "language": language, "mode": "assisted"}
        source = {"name": self._source.name, "plugin": self._source.plugin, "options": dict(self._source.options)}
        return [
            Document(Kind.PROJECT, "project", head, "metricloop.yml"),
            Document(Kind.SOURCE, self._source.name, source, "sources.yml"),
            Document(Kind.DATASET, starter.dataset["name"], starter.dataset, "datasets.yml"),
            *(Document(Kind.METRIC, one["name"], one, "metrics.yml") for one in starter.metrics),
            *(Document(Kind.MONITOR, one["name"], one, "monitors.yml") for one in starter.monitors),
            *_people(name_of(person), person, language),
        ]

    def preview(self, documents: Sequence[Document]) -> dict[str, Answer | None]:
        """The last buckets of each metric, by the same way that they will be collected."""
        project = read_project(documents, plugins=plugin_names(self._registry))
        return try_numbers(self._registry, self._here, project, list(project.metrics))

    def first_day(self, documents: Sequence[Document]) -> date:
        """The earliest day in the sample, from which to replay it."""
        assert self._table is not None, "look before"
        dataset = next(one.body for one in documents if one.kind is Kind.DATASET)
        times = [row.get(str(dataset["time_column"])) for row in self._table.rows]
        found = [at for at in (parsed(time) for time in times if time is not None) if at is not None]
        return min(at.date() for at in found)

    def write(self, documents: Sequence[Document]) -> list[Issue]:
        """Write the project, and give back what `check` finds in it. Raises InvalidInput."""
        free_folder(self._folder)
        documents = [self._settled(one) if one.kind is Kind.SOURCE else one for one in documents]
        write_folder(self._folder, documents)
        return check(self._folder)

    def _opened(self, table: str) -> Source:
        place = self._place
        options = dict(place.options)
        if place.files:
            path = place.files[table].resolve()
            options = files_options(str(path.parent), table, path)
        elif place.secret:
            self._secret.touch(mode=0o600)
            self._secret.write_text(place.secret, encoding="utf-8")
            options = {"url": f"file:{self._secret}"}
        return Source(place.name, place.plugin, Text(), options)

    def _settled(self, source: Document) -> Document:
        """The source as the project needs it: its file beside the definitions, its secret where it stays."""
        options = dict(source.body["options"])
        if self._place.files:
            copied = self._folder / DATA / self._path_of(options).name
            copied.parent.mkdir(exist_ok=True)
            shutil.copyfile(self._path_of(options), copied)
            options["folder"] = DATA
        elif self._place.secret:
            self.secret = keep_secret(f"{name_of(self._folder.resolve().name)}.{source.name}.url", self._place.secret)
            options["url"] = self.secret
        return replace(source, body={**source.body, "options": options})

    def _path_of(self, options: dict[str, Any]) -> Path:
        [table] = options["tables"].values()
        return Path(str(options["folder"]), str(table["path"]))


@contextmanager
def begin_project(folder: Path, origin: str, /) -> Iterator[Beginning]:
    """origin: a file, a folder of files, an address, or env:NAME of an address. Raises InvalidInput, SourceFailed."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise InvalidInput(f"{folder} exists and is not empty", fix="name a new folder")
    with tempfile.TemporaryDirectory(prefix="metricloop-") as scratch:
        yield Beginning(folder, origin, Path(scratch), load_registry())


def free_folder(folder: Path) -> None:
    """Make the folder. Raises InvalidInput."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        problem = f"the folder cannot be written: {error.strerror or error}"
        raise InvalidInput(problem, where=str(folder), fix="name a folder that you may write to") from error


def _people(id: str, name: str, language: str) -> list[Document]:
    """One person who owns all, told by a file until a channel is set up."""
    contacts = [{"channel": "outbox", "address": id}]
    person = {"id": id, "name": name, "language": language, "roles": ["administrator"], "contacts": contacts}
    channel = {"name": "outbox", "plugin": "file", "options": {"folder": "outbox"}}
    assignment = {"fallback": id, "acknowledge_within": "30m", "resolve_within": "24h"}
    return [
        Document(Kind.PERSON, id, person, "people.yml"),
        Document(Kind.CHANNEL, "outbox", channel, "channels.yml"),
        Document(Kind.ASSIGNMENT, "assignment", assignment, "assignment.yml"),
    ]

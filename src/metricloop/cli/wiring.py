"""What the command line asks of `metricloop.bootstrap`, which builds and wires everything."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from datetime import date, datetime
from pathlib import Path
from typing import Any, Protocol

from metricloop.access.model import Person
from metricloop.api.ports import System
from metricloop.cli.settings import Settings
from metricloop.collect.evaluate import Answer
from metricloop.collect.query import Sent
from metricloop.collect.query_defaults import Written
from metricloop.collect.reconcile import Reconciled
from metricloop.define.imports.model import Finding, Format, Imported
from metricloop.define.model import Document, Metric
from metricloop.define.starter import Starter
from metricloop.define.use_cases import Plan
from metricloop.detect.engine.asked import Detecting
from metricloop.kernel.errors import Issue
from metricloop.kernel.message import Message

Progress = Callable[[datetime, datetime, datetime], None]


class Asked(Protocol):
    """An answer, and the metric as it was defined then."""

    @property
    def metric(self) -> Metric: ...

    @property
    def answer(self) -> Answer: ...


class Beginning(Protocol):
    """A project that is about to be: nothing is written before `write`."""

    secret: str

    def tables(self) -> list[str]: ...

    def look(self, table: str) -> None: ...

    def propose(
        self, table: str, *, owner: str, zone: str, time: str | None = None, currency: str | None = None
    ) -> Starter: ...

    def documents(self, starter: Starter, person: str, zone: str, language: str) -> list[Document]: ...

    def preview(self, documents: Sequence[Document]) -> dict[str, Answer | None]: ...

    def first_day(self, documents: Sequence[Document]) -> date: ...

    def write(self, documents: Sequence[Document]) -> list[Issue]: ...


class RunningSystem(System, Protocol):
    """A whole running system. `start` begins to work on what is due, `stop` ends it within seconds."""

    def start(self) -> None: ...

    def stop(self) -> None: ...


class Detected(Protocol):
    """Files with their verdicts; `skipped` lack the columns."""

    @property
    def found(self) -> Sequence[object]: ...

    @property
    def skipped(self) -> Sequence[Path]: ...

    def lines(self) -> Iterator[tuple[object, list[list[str]]]]: ...

    def write(self, folder: Path) -> None: ...


class Bootstrap(Protocol):
    """The functions of `metricloop.bootstrap`; mypy holds the module against this."""

    def begin_project(self, folder: Path, origin: str, /) -> AbstractContextManager[Beginning]: ...

    def check(self, folder: Path, /, *, ask_sources: bool = True) -> list[Issue]: ...

    def notices_of(self, folder: Path, /) -> Sequence[Message]: ...

    def plan(self, folder: Path, database: str, /, *, person: str | None) -> Plan: ...

    def apply(self, folder: Path, database: str, /, *, by: str, person: str | None) -> Plan: ...

    def export(self, folder: Path, database: str, /) -> list[Path]: ...

    def import_definitions(self, form: Format, path: Path, /, *, source: str | None = None) -> Imported: ...

    def detect_files(self, paths: Sequence[Path], asked: Detecting, /) -> Detected: ...

    def imported_text(self, documents: Sequence[Document], /) -> str: ...

    def write_imported(
        self, folder: Path, documents: Sequence[Document], /, *, replace: bool = False
    ) -> tuple[list[Path], list[Document]]: ...

    def export_ossie(self, database: str, target: Path | None, /) -> tuple[str, tuple[Finding, ...]]: ...

    def replay(
        self, folder: Path, start: date, end: date, /, *, into: str | None, responders: bool, progress: Progress
    ) -> dict[str, Any]: ...

    def check_trees(self, folder: Path, /) -> list[Issue]: ...

    def has_state(self, database: str, /) -> bool: ...

    def ask_metric(self, folder: Path, database: str | None, written: Written, /) -> Asked: ...

    def show_sql(self, folder: Path, database: str | None, written: Written, /) -> list[Sent]: ...

    def open_system(self, settings: Settings, /) -> RunningSystem: ...

    def open_demo(self, name: str, settings: Settings, /, *, progress: Progress) -> tuple[RunningSystem, str]:
        """The demo, replayed and ready to start, and the id of the person whom its visitor plays."""
        ...

    def reconcile(self, settings: Settings, dataset: str | None = None, /, *, days: int = 35) -> list[Reconciled]: ...

    def doctor(self, settings: Settings, /) -> list[Issue]: ...

    def backup(self, database: str, target: Path, /) -> None: ...

    def restore(self, source: Path, database: str, /) -> None: ...

    def audit_verify(self, database: str, /) -> int | None: ...

    def add_user(self, database: str, person: str, password: str, /) -> None: ...

    def set_password(self, database: str, person: str, password: str, /) -> None: ...

    def make_link(self, database: str, person: str, /, *, url: str) -> str:
        """A whole address that logs the person in."""
        ...

    def list_users(self, database: str, /) -> Sequence[tuple[Person, bool]]:
        """All people, and whether each has a log-in of their own."""
        ...


def bootstrap() -> Bootstrap:
    """Imported when a command needs it: --help and --version need not wait for engines and servers to load."""
    from metricloop import bootstrap as module

    return module

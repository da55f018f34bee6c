"""What the HTTP door needs from the running system; `bootstrap` builds it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

from metricloop.access.ports import Passwords, Secrets
from metricloop.collect.evaluate import Answer
from metricloop.collect.first_look import Table
from metricloop.collect.query import Askable
from metricloop.define.model import Document, Source
from metricloop.define.project import Project
from metricloop.kernel.clock import Clock
from metricloop.kernel.errors import Issue
from metricloop.loop.ports import OpenUnit

Listener = Callable[[str, str], None]


class Changes(Protocol):
    """Tells who listens that something changed: (kind, id), after the change has committed.

    Kinds: incident, task, run, proposal, loop, points, source.
    """

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Call `listener(kind, id)` for each change from now on, from whatever thread made it; the listener returns at
        once and never raises. The answer ends the subscription; calling it twice does no harm."""
        ...


class Trouble(Protocol):
    """What keeps the loop from turning: `code` is an error's stable code, `fix` says what to do."""

    @property
    def code(self) -> str: ...

    @property
    def problem(self) -> str: ...

    @property
    def fix(self) -> str: ...


class Workshop(Protocol):
    """What an editor of definitions asks of this installation. Whatever asks a source raises SourceFailed."""

    def plugins(self) -> Mapping[str, Collection[str]]:
        """Installed plugin names by group: sources, detectors, channels, actions."""
        ...

    def option_issues(self, documents: Sequence[Document], told: Sequence[Issue]) -> Sequence[Issue]:
        """Options that only a plugin knows to be wrong, beside the issues `told` already."""
        ...

    def tables(self, source: Source) -> Sequence[str]:
        """What a source has to read from; none where its plugin cannot tell."""
        ...

    def columns(self, source: Source, table: str) -> Mapping[str, str]:
        """Column -> type in the source's own words, in the table's order."""
        ...

    def try_out(self, source: Source) -> Sequence[str]:
        """Open a source that need not be live yet, ask for its tables, and close it again."""
        ...


class Pushed(Protocol):
    """What became of a batch. refused: position of an item, and why it was not kept."""

    @property
    def accepted(self) -> int: ...

    @property
    def refused(self) -> Sequence[tuple[int, str]]: ...


class Pushes(Protocol):
    """Takes records that other systems send."""

    def push(self, source: Source, table: str, items: Sequence[Mapping[str, Any]]) -> Pushed:
        """Keep what can be understood. Raises InvalidInput where this source has no such table or is not pushed."""
        ...


class Content(Protocol):
    """What was sent, from its beginning."""

    def read(self, size: int = -1, /) -> bytes: ...


class FormField(Protocol):
    """One plain option of a source plugin. kind: text, number, yes_no, choice, secret."""

    @property
    def name(self) -> str: ...

    @property
    def kind(self) -> str: ...

    @property
    def required(self) -> bool: ...

    @property
    def default(self) -> str | float | bool | None: ...

    @property
    def choices(self) -> Sequence[str]: ...

    @property
    def description(self) -> str: ...


class Setup(Protocol):
    """What a first look at new data asks of this installation. Whatever asks a source raises SourceFailed."""

    def forms(self) -> Mapping[str, tuple[str, Sequence[FormField]]]:
        """Source plugins that SQL can ask and their summary and fields; files are uploaded instead."""
        ...

    def keep_upload(self, name: str, content: Content) -> Source:
        """Keep a file beside the project, by its content's kind and under its content's name, and the source of it."""
        ...

    def keep_secret(self, name: str, secret: str) -> str:
        """Keep it where only this server reads it; gives back the reference."""
        ...

    def tables(self, source: Source) -> Sequence[str]: ...

    def look(self, source: Source, table: str) -> tuple[Source, Table]:
        """The source as it must be written so that the table is understood, and the table's first rows."""
        ...

    def numbers(self, project: Project, names: Sequence[str]) -> Mapping[str, Answer | None]:
        """The last buckets of these metrics, asked now; None where there are no data."""
        ...


class System(Protocol):
    """The whole system as a door sees it."""

    @property
    def open_unit(self) -> OpenUnit: ...

    @property
    def clock(self) -> Clock:
        """The system's clock, which the demo maps onto its own time: incidents, tasks, points."""
        ...

    @property
    def wall_clock(self) -> Clock:
        """Real time: sessions, tokens and log-in links run out by it, however fast the demo's clock goes."""
        ...

    @property
    def passwords(self) -> Passwords: ...

    @property
    def secrets(self) -> Secrets: ...

    @property
    def changes(self) -> Changes: ...

    @property
    def sources(self) -> Askable:
        """The sources of the live definitions, to be asked now."""
        ...

    @property
    def pushes(self) -> Pushes: ...

    @property
    def workshop(self) -> Workshop: ...

    @property
    def setup(self) -> Setup: ...

    @property
    def url(self) -> str:
        """Where people reach this server, such as http://127.0.0.1:8321, without a slash at the end."""
        ...

    def stamp(self) -> tuple[datetime, str, float]:
        """The system's time, "live" or "demo", and its seconds per second of the wall clock."""
        ...

    def set_speed(self, speed: float) -> None:
        """Change the demo clock's speed. Raises Conflict where the clock is live."""
        ...

    def project(self) -> Project:
        """The definitions that are live now."""
        ...

    def trouble(self) -> Trouble | None:
        """Why the loop stands still; None while it turns."""
        ...

    def pump(self) -> None:
        """Handle the events that are waiting, so that the next look shows their effect."""
        ...

"""What a plugin registers, and what the things it builds can do."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar, Generic, Protocol, TypeVar

from pydantic import BaseModel, ConfigDict

from metricloop.kernel.clock import Clock
from metricloop.notify.model import DeliveryResult, Parcel
from metricloop.sdk.landing import LandingSource

API = 1


class Options(BaseModel):
    """Base of every plugin's config: unknown options are errors, and nothing changes after it was checked.

    Field titles and descriptions become the form in the UI.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)


@dataclass(frozen=True, slots=True)
class Context:
    """Where a plugin is: `folder` is what relative paths start from.

    clock: the real time, because other systems check signatures by theirs; never a simulated one.
    """

    folder: Path
    clock: Clock


class OpenSource(Protocol):
    """A source that can be asked. Reads only; every call ends within the source's own time-out.

    Raises SourceFailed for whatever the source does or refuses, `retryable` when waiting may help. Thread safe. The
    session's time zone is UTC.
    """

    @property
    def dialect(self) -> str:
        """The SQL it speaks: duckdb, sqlite, postgres, mysql, clickhouse, or one that the docs list as not run."""
        ...

    def tables(self) -> Sequence[str]:
        """Tables and views that may be read, as `columns` takes them; none of the engine's own."""
        ...

    def columns(self, table: str) -> Mapping[str, str]:
        """Column -> its type in the source's own words, in the table's order. Raises SourceFailed on no such table."""
        ...

    def describe(self, sql: str) -> Mapping[str, str]:
        """Column -> type of exactly one SELECT, without running it where the source can do that; `unknown` where it
        cannot tell. Raises SourceFailed as `read` does.
        """
        ...

    def read(self, sql: str) -> Sequence[Sequence[object]]:
        """Rows of exactly one SELECT. Times are naive UTC or aware datetimes, or ISO 8601 text."""
        ...

    def close(self) -> None:
        """Give back what it holds. Closing twice is fine."""
        ...


class Channel(Protocol):
    """A way to reach a person. The same parcel id again is the same message: it must not arrive twice if the channel
    can help it.
    """

    def send(self, parcel: Parcel) -> DeliveryResult:
        """Say honestly what the provider said: 200 with an error in the body is a failure."""
        ...


class Action(Protocol):
    """Something done outside."""

    def perform(self, request: Mapping[str, Any], key: str) -> str:
        """Do it once per `key` and give back a short outcome. Raises SourceFailed."""
        ...


C = TypeVar("C", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class _Spec(Generic[C]):
    name: str
    config: type[C]
    summary: str = ""
    api: int = field(default=API, kw_only=True)


@dataclass(frozen=True, slots=True)
class SourcePlugin(_Spec[C]):
    """Registered under `metricloop.sources`. `build` must be quick and may fail with SourceFailed.

    It gives a source that SQL can ask, or one whose records land (a PullSource, StreamSource or PushSource).
    """

    build: Callable[[C, Context], OpenSource | LandingSource] = field(kw_only=True)
    group: ClassVar[str] = "metricloop.sources"


@dataclass(frozen=True, slots=True)
class ChannelPlugin(_Spec[C]):
    """Registered under `metricloop.channels`."""

    build: Callable[[C, Context], Channel] = field(kw_only=True)
    group: ClassVar[str] = "metricloop.channels"


@dataclass(frozen=True, slots=True)
class ActionPlugin(_Spec[C]):
    """Registered under `metricloop.actions`."""

    build: Callable[[C, Context], Action] = field(kw_only=True)
    group: ClassVar[str] = "metricloop.actions"


@dataclass(frozen=True, slots=True)
class DetectorPlugin(_Spec[C]):
    """Registered under `metricloop.detectors`. What `build` gives back must be a detector as `detect` defines it."""

    build: Callable[[C], object] = field(kw_only=True)
    group: ClassVar[str] = "metricloop.detectors"


Plugin = SourcePlugin[Any] | ChannelPlugin[Any] | ActionPlugin[Any] | DetectorPlugin[Any]

"""Sources that cannot be asked by SQL: they hand over records, which land in the product's own store.

What lands is read by the same compiled SQL as every other source, by DuckDB. A record is known by its key: delivered
again it is the same record, so a plugin may hand over anything twice and must never drop anything.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol, runtime_checkable


@dataclass(frozen=True, slots=True)
class Record:
    """One record of a table. body: column -> plain value (text, number, boolean, None; times as naive UTC ISO text).

    key: None makes one of the content. at: the instant of the table's time column; None in a table without one.
    version: of two contents of a key the higher one stays; None: the later.
    """

    table: str
    key: str | None
    at: datetime | None
    body: Mapping[str, Any]
    version: float | None = None


@dataclass(frozen=True, slots=True)
class Refused:
    """A message that cannot be understood: as it came, and why. It is kept and shown."""

    table: str
    body: str
    reason: str


@dataclass(frozen=True, slots=True)
class Batch:
    """What is committed at once.

    cursor: of a pull, the place from which to go on once this batch is kept; None: unchanged. caught_up: of a stream,
    whether all that was there has been handed over with this batch.
    """

    records: Sequence[Record] = ()
    refused: Sequence[Refused] = ()
    cursor: str | None = None
    caught_up: bool = False


@dataclass(frozen=True, slots=True)
class LandedTable:
    """columns: name -> DuckDB type. time: the column that says when, or None for a table that is read whole.

    key: the columns that identify a record. Rows that landed under another key are not read any more: they might be the
    same records once again.
    """

    columns: Mapping[str, str]
    time: str | None = None
    key: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Declared:
    """keep_days: rows older than that are deleted; None: never. history_days: how far back a first pull reaches.

    every_s: how often a source is pulled besides when it is read; None: only then.
    """

    tables: Mapping[str, LandedTable] = field(default_factory=dict)
    keep_days: int | None = None
    history_days: int = 90
    every_s: float | None = None


@runtime_checkable
class LandingSource(Protocol):
    """What every source that lands records has. Building it must not connect."""

    def declared(self) -> Declared:
        """Its tables with columns and types, from its options alone."""
        ...

    def close(self) -> None:
        """Give back what it holds. Closing twice is fine."""
        ...


@runtime_checkable
class PullSource(LandingSource, Protocol):
    """A source that is asked for what is new."""

    def pull(self, cursor: str | None, since: datetime) -> Iterator[Batch]:
        """Everything new since `cursor` (None: since the time `since`), in batches, ending by itself.

        A cursor must be given only when all before it has been handed over. Raises SourceFailed.
        """
        ...


@runtime_checkable
class StreamSource(LandingSource, Protocol):
    """A source that sends by itself."""

    def consume(self, take: Callable[[Batch], None], stopping: threading.Event) -> None:
        """Connect, and hand over until `stopping` is set. `take` returns when the batch is committed; only then
        acknowledge. What it raises must be let through, with nothing acknowledged.

        When nothing comes, hand over an empty batch that is `caught_up` every second or so: it is the stream's sign of
        life, without which no hour of it is held to be complete. Raises SourceFailed when the connection is lost; it is
        called again after a while.
        """
        ...


@dataclass(frozen=True, slots=True)
class Taken:
    """What one message gave: records, or the reason why it cannot be understood."""

    records: Sequence[Record] = ()
    refused: Sequence[Refused] = ()


@runtime_checkable
class PushSource(LandingSource, Protocol):
    """A source to which records are sent through the product's own API."""

    def accept(self, table: str, item: Mapping[str, Any]) -> Taken:
        """One item as it was sent. Raises InvalidInput on no such table."""
        ...

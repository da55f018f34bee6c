"""What is asked of a source, and what came back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from metricloop.define.dataset import Dataset
from metricloop.define.model import Source
from metricloop.kernel.message import Message


@dataclass(frozen=True, slots=True)
class Reading:
    """A request: a dataset's measures, grouped by the dimensions `by`; empty is the total.

    Without `buckets`: per hour of [start, end), as the dataset's time zone counts hours; additive measures only. With
    `buckets`: per interval [from, to) of whole seconds, which may overlap; any measure; rows outside [start, end) are
    not seen. where: a SQL predicate over dimensions and columns. `limit` is a cap on rows: more raise, never cut.
    """

    source: Source
    dataset: Dataset
    measures: tuple[str, ...]
    by: tuple[str, ...]
    start: datetime
    end: datetime
    limit: int = 1_000_000
    where: str | None = None
    buckets: tuple[tuple[datetime, datetime], ...] | None = None


class Row(NamedTuple):  # of which there are hundreds of thousands: a dataclass takes three times as long to make
    """One bucket of one slice: its start (UTC), dimension values in the order of `Reading.by`, measure values.

    A sum or count of nothing is 0; any other measure of nothing is NaN. end: of the bucket, where the reading named
    `buckets`; None for an hour.
    """

    bucket: datetime
    values: tuple[str, ...]
    measures: tuple[float, ...]
    end: datetime | None = None


@dataclass(frozen=True, slots=True)
class Collection:
    """How far a dataset has been collected. `until` is the end of the last closed bucket read (exclusive).

    held: the finding that keeps closed buckets from being taken as they are, since held_since; None: nothing does.
    notes: findings that hold nothing up. accepted: findings that a person has taken as they are, until they end.
    columns: the columns that are used, with their types, as they were last. newest_at: end of the newest bucket that
    had rows. restated: how often stored history has been put right. reconciled_at: when all
    recent history was last compared with the source. reconcile_failed_at, reconcile_failure: when the last comparison
    since failed, and why.
    """

    dataset: str
    until: datetime | None
    last_run_at: datetime | None = None
    failed_since: datetime | None = None
    failure: Message | None = None
    held_since: datetime | None = None
    held: Message | None = None
    notes: tuple[Message, ...] = ()
    accepted: tuple[str, ...] = ()
    columns: Mapping[str, str] = field(default_factory=dict)
    newest_at: datetime | None = None
    restated: int = 0
    reconciled_at: datetime | None = None
    reconcile_failed_at: datetime | None = None
    reconcile_failure: Message | None = None

    @property
    def looked_back_at(self) -> datetime | None:
        """When history was last compared, or that was tried."""
        return self.reconcile_failed_at or self.reconciled_at


@dataclass(frozen=True, slots=True)
class Tally:
    """What one bucket of a dataset held, at the dataset's grain: rows, NULLs by column, rows with a key seen before.

    first_rows, first_at: as it was first read; the rest: as it was last read, at read_at. digest: a checksum over all
    that the dataset uses, taken before its points were read; None: never taken.
    """

    dataset: str
    start: datetime
    rows: int
    read_at: datetime
    first_rows: int
    first_at: datetime
    nulls: Mapping[str, int] = field(default_factory=dict)
    duplicates: int = 0
    digest: str | None = None


@dataclass(frozen=True, slots=True)
class Checksum:
    """One hour of a source's own table: how many rows, and a digest over all that the dataset uses of them, which does
    not depend on their order."""

    bucket: datetime
    rows: int
    digest: str


@dataclass(frozen=True, slots=True)
class Profile:
    """One hour of a source's own table: how many rows, how many NULLs in each column that is used, how many rows whose
    key stands in the hour more than once (all but one of them)."""

    bucket: datetime
    rows: int
    nulls: Mapping[str, int] = field(default_factory=dict)
    duplicates: int = 0


class Cause(StrEnum):
    """How it came out that stored history is no longer what the source says."""

    OVERLAP = "overlap"
    UPDATE = "update"
    RECONCILE = "reconcile"


@dataclass(frozen=True, slots=True)
class Restatement:
    """Stored points that were put right at `at`: `buckets` hours in [start, end). The old readings are kept."""

    dataset: str
    at: datetime
    cause: Cause
    start: datetime
    end: datetime
    buckets: int
    metrics: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Checked:
    """What a source says about a dataset before it is used: columns of its table or SELECT, and of each table that it
    joins (by the join's name), with types in the source's own words.
    """

    columns: Mapping[str, str]
    joined: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

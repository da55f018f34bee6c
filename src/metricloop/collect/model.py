"""What is asked of a source, and what came back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from metricloop.define.dataset import Dataset
from metricloop.define.model import Source
from metricloop.kernel.message import Message


@dataclass(frozen=True, slots=True)
class Reading:
    """A request: additive components of a dataset's measures per UTC hour in [start, end), grouped by `by`.

    `by` holds dimensions; empty is the total. `limit` is a cap on rows: more rows raise, they are never cut.
    """

    source: Source
    dataset: Dataset
    measures: tuple[str, ...]
    by: tuple[str, ...]
    start: datetime
    end: datetime
    limit: int = 1_000_000


@dataclass(frozen=True, slots=True)
class Row:
    """One hour of one slice: bucket start (UTC), dimension values in the order of `Reading.by`, measure values."""

    bucket: datetime
    values: tuple[str, ...]
    measures: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Collection:
    """How far a dataset has been collected. `until` is the end of the last closed bucket read (exclusive)."""

    dataset: str
    until: datetime | None
    last_run_at: datetime | None = None
    failed_since: datetime | None = None
    failure: Message | None = None


@dataclass(frozen=True, slots=True)
class Checked:
    """What a source says about a dataset before it is used: its columns with types, or what is wrong."""

    columns: Mapping[str, str]

"""What collect needs from outside."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from metricloop.collect.model import Checked, Checksum, Collection, Profile, Reading, Restatement, Row, Tally
from metricloop.define.dataset import Dataset
from metricloop.define.model import Source
from metricloop.kernel.series import Panel
from metricloop.kernel.slices import Slice
from metricloop.kernel.unit_of_work import UnitOfWork


class SourceReader(Protocol):
    """Reads any source through its plugin. Raises SourceFailed when the source does not answer or refuses."""

    def read(self, reading: Reading) -> Sequence[Row]:
        """Rows in order of bucket, then dimension values. Hours and slices without rows are absent."""
        ...

    def check(self, source: Source, dataset: Dataset) -> Checked: ...


class Examiner(Protocol):
    """Looks at a source's rows without reading their numbers. Raises SourceFailed like a reader.

    None: this source cannot tell; then nothing is held up, and history is compared by reading it again.
    """

    def digest(self, reading: Reading) -> Sequence[Checksum] | None:
        """A checksum of each hour of the reading's window that has rows, oldest first."""
        ...

    def changed(self, source: Source, dataset: Dataset, since: datetime) -> Sequence[datetime] | None:
        """Hours of rows whose `updated_column` is at or after `since`, oldest first."""
        ...

    def newest(self, source: Source, dataset: Dataset, now: datetime) -> datetime | None:
        """The newest time of a row that is not after `now`."""
        ...

    def profile(self, reading: Reading) -> Sequence[Profile] | None:
        """Each hour of the reading's window that has rows, oldest first."""
        ...


class JoinProbe(Protocol):
    """Raises SourceFailed like a reader."""

    def repeated(self, source: Source, dataset: Dataset) -> Sequence[str]:
        """Names of the dataset's joins whose key is not unique in the joined table."""
        ...


class Points(Protocol):
    """Packed panels of hourly points: the latest reading of each bucket, and earlier ones as they were known.

    The axis of a metric (which slice is in which column) only grows.
    """

    def axis(self, metric: str) -> tuple[Slice, ...]: ...

    def put(self, metric: str, panel: Panel) -> None:
        """Keep these hourly points (numerator and denominator float64, NaN = missing). New slices extend the axis.

        A bucket that is already there gets a newer reading beside the older one.
        """
        ...

    def read(
        self,
        metric: str,
        start: datetime,
        end: datetime,
        slices: Sequence[Slice] | None = None,
        known_at: datetime | None = None,
    ) -> Panel:
        """Hourly buckets that begin in [start, end) and are stored, oldest first; all slices of the axis unless named.

        A slice not yet seen at a bucket reads as 0/0. `known_at`: as it was known then.
        """
        ...

    def span(self, metric: str) -> tuple[datetime, datetime] | None:
        """First bucket start and end of the last bucket, or None."""
        ...


class Collections(Protocol):
    """How far each dataset has been collected, and what its buckets held."""

    def hold(self, dataset: str) -> None:
        """Wait until no other transaction holds it, and hold it until this one ends: what is read then is the last."""
        ...

    def get(self, dataset: str) -> Collection | None: ...

    def put(self, collection: Collection) -> None: ...

    def tallies(self, dataset: str, start: datetime, end: datetime) -> Mapping[datetime, Tally]:
        """By start, oldest first, those that begin in [start, end)."""
        ...

    def tallies_at(self, dataset: str, starts: Iterable[datetime]) -> Mapping[datetime, Tally]:
        """Those of `starts` that there are."""
        ...

    def put_tallies(self, tallies: Sequence[Tally]) -> None: ...

    def forget_tallies(self, dataset: str, before: datetime) -> None: ...

    def restatements(self, dataset: str, limit: int = 20) -> Sequence[Restatement]:
        """Newest first."""
        ...

    def put_restatement(self, restatement: Restatement) -> None: ...


class CollectUnit(UnitOfWork, Protocol):
    @property
    def points(self) -> Points: ...

    @property
    def collections(self) -> Collections: ...

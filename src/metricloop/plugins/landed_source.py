"""A landing source as collect asks it: first everything of the window must have landed, then SQL over it."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from datetime import datetime, timedelta

from metricloop.plugins.landed import RECEIVED, LandedTables, Window
from metricloop.plugins.landed_pull import Puller
from metricloop.plugins.landed_rows import Place
from metricloop.sdk import Clock, LandingSource, PullSource, SourceFailed, StreamSource
from metricloop.sdk.host import GRACE, Dataset, LandedRow, Reading, is_complete

PATIENCE_S = 10.0  # a stream that has just been opened needs a moment
_STEP_S = 0.25
_RECENT = timedelta(days=7)


class _NoStore:
    """For checking a project without its database: tables have columns, but no rows can be asked for."""

    def revision(self) -> int:
        return 0

    def rows(self, table: str, limit: int, start: datetime | None, end: datetime | None) -> Sequence[LandedRow]:
        raise SourceFailed(
            "records of this source land in the database of a running system, and there is none here",
            retryable=False,
            fix="run metricloop serve, and name its database",
        )

    def rows_received(self, table: str, limit: int, since: datetime) -> Sequence[LandedRow]:
        return self.rows(table, limit, since, None)


class LandedSource(LandedTables):
    """An OpenSource over what a plugin lands.

    A pulled source is pulled when a window is asked for that has ended since. A stream that was not alive at the end of
    the window fails the reading: no records and no data are two things.
    """

    def __init__(self, made: LandingSource, place: Place | None, clock: Clock) -> None:
        super().__init__(made.declared(), place or _NoStore())
        self._made = made
        self._place = place
        self._clock = clock
        self._puller = Puller(made, place, clock) if place and isinstance(made, PullSource) else None

    def read_for(self, reading: Reading, sql: str) -> Sequence[Sequence[object]]:
        """Rows of the compiled reading."""
        self.refresh(reading.end + reading.dataset.lateness)
        return self.read_window(sql, _window(reading))

    def read_changed(self, dataset: Dataset, sql: str, since: datetime) -> Sequence[Sequence[object]]:
        """Rows of a question about what was updated since then. Quick for `_received_at`; by another column it looks at
        everything that has landed."""
        if dataset.sql is not None or dataset.updated_column != RECEIVED:
            return self.read(sql)
        return self.read_window(sql, Window(dataset.table, RECEIVED, since, since))

    def read_newest(self, dataset: Dataset, sql: str, now: datetime) -> Sequence[Sequence[object]]:
        """The one row of a question about the newest time: a week is looked at first, then everything."""
        recent = Window(dataset.table, dataset.time_column, now - _RECENT, now)
        found = self.read_window(sql, recent) if dataset.sql is None else ()
        return found if found and found[0][0] is not None else self.read(sql)

    def refresh(self, until: datetime) -> None:
        """See that everything before `until` (in the future: before now) has landed. Raises SourceFailed."""
        if self._puller is not None:
            self._puller.ensure(until)
        elif self._place is not None and isinstance(self._made, StreamSource):
            self._wait_for(self._place, min(until, self._clock.now()))

    def close(self) -> None:
        super().close()
        self._made.close()

    def _wait_for(self, place: Place, until: datetime) -> None:
        for _ in range(round(PATIENCE_S / _STEP_S)):
            landing = place.landing()
            if is_complete(landing, until, grace=GRACE):
                return
            if landing.failed_since is not None:
                break
            threading.Event().wait(_STEP_S)
        since = landing.complete_until.isoformat() if landing.complete_until else "it was defined"
        raise SourceFailed(
            f"nothing was received from the stream since {since}, so nobody knows what happened then",
            retryable=True,
            fix="see that metricloop serve or worker runs, and that the broker can be reached from there",
        )


def _window(reading: Reading) -> Window | None:
    """The rows that a reading can ask for; None where it may ask for others, too."""
    dataset = reading.dataset
    if dataset.sql is not None or any(join.table == dataset.table for join in dataset.joins):
        return None
    return Window(dataset.table, dataset.time_column, reading.start, reading.end)

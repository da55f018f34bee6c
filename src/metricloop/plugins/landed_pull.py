"""Pulls what is new from a source into the store, when it is read, or every so often."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from metricloop.plugins.landed_rows import Place
from metricloop.sdk import Batch, Clock, InvalidInput, PullSource, SourceFailed
from metricloop.sdk.host import Landing, is_complete, sound


class Puller:
    """Pulls one source; calls take turns. Another process may pull the same at the same time: rows are idempotent, and
    of two cursors the first one committed stays."""

    def __init__(self, source: PullSource, place: Place, clock: Clock) -> None:
        self._source = source
        self._place = place
        self._clock = clock
        self._lock = threading.Lock()

    def ensure(self, until: datetime) -> None:
        """See that all that happened before `until` has landed: pull, unless that was done after `until`.

        until: in the future means now. Raises SourceFailed.
        """
        with self._lock:
            landing = self._place.landing()
            if not is_complete(landing, min(until, self._clock.now())):
                self._pull(landing)

    def pull_if_older(self, age: timedelta) -> None:
        """Pull unless the last pull was within `age`."""
        self.ensure(self._clock.now() - age)

    def _pull(self, landing: Landing) -> None:
        began = self._clock.now()
        since = began - timedelta(days=self._source.declared().history_days)
        cursor = landing.cursor
        try:
            for batch in self._source.pull(cursor, since):
                self._place.keep(batch, self._clock.now(), _moved(cursor, batch))
                cursor = batch.cursor or cursor
        except (SourceFailed, InvalidInput) as error:
            self._place.fail(error, self._clock.now())
            raise
        self._place.keep(Batch(), began, lambda now: sound(_later(now, began)))


def _moved(expected: str | None, batch: Batch) -> Callable[[Landing], Landing]:
    """The batch's cursor, unless somebody else has moved the source's meanwhile."""

    def change(landing: Landing) -> Landing:
        if batch.cursor is None or landing.cursor != expected:
            return landing
        return replace(landing, cursor=batch.cursor)

    return change


def _later(landing: Landing, began: datetime) -> Landing:
    until = began if landing.complete_until is None else max(landing.complete_until, began)
    return replace(landing, complete_until=until)

"""Pulling: by two processes at once, with options that change, on both databases; and as the loop collects."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from metricloop.define.model import Source
from metricloop.jobs.clocks import SystemClock
from metricloop.kernel.clock import SimulatedClock
from metricloop.kernel.errors import SourceFailed
from metricloop.kernel.message import Text
from metricloop.plugins.landed_pull import Puller
from metricloop.plugins.landed_rows import Place
from metricloop.sdk import Batch, Declared, LandedTable, PullSource, Record
from metricloop.store import Store, open_store
from tests.plugins.landing import DAY, HOUR
from tests.store.databases import backends, drop_schema, migrated, new_schema

DESK = Source("desk", "scripted", Text())
DECLARED = Declared({"orders": LandedTable({"id": "BIGINT", "at": "TIMESTAMP"}, "at", ("id",))})


@pytest.fixture(params=backends())
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    url = new_schema() if request.param == "postgresql" else str(tmp_path / "desk.db")
    found = migrated(url)
    yield found
    found.close()
    if request.param == "postgresql":
        drop_schema(url)


class Scripted:
    """Hands over what it is told, a batch at a time, and notes from where it was asked."""

    def __init__(self, batches: Sequence[Batch], meanwhile: threading.Barrier | None = None) -> None:
        self.batches = batches
        self.asked: list[str | None] = []
        self._meanwhile = meanwhile

    def declared(self) -> Declared:
        return DECLARED

    def pull(self, cursor: str | None, since: datetime) -> Iterator[Batch]:
        self.asked.append(cursor)
        for batch in self.batches:
            if self._meanwhile is not None:
                self._meanwhile.wait(10)
            yield batch

    def close(self) -> None:
        """Holds nothing."""


class Breaks(Scripted):
    def pull(self, cursor: str | None, since: datetime) -> Iterator[Batch]:
        yield from super().pull(cursor, since)
        raise SourceFailed("broke off", retryable=True, fix="try again")


def orders(*ids: int, cursor: str | None = None) -> Batch:
    records = [Record("orders", str(id), DAY, {"id": id, "at": DAY.replace(tzinfo=None).isoformat()}) for id in ids]
    return Batch(records, cursor=cursor)


def place(store: Store, mark: str = "m") -> Place:
    return Place(DESK, mark, store.unit, DECLARED)


def count(store: Store) -> int:
    with store.unit(write=False) as unit:
        return len(unit.landed.rows("desk", "orders by id", 100_000))


def test_the_cursor_is_handed_back_at_the_next_pull(store: Store) -> None:
    source, clock = Scripted([orders(1, cursor="a"), orders(2), orders(3, cursor="b")]), SimulatedClock(DAY)
    assert isinstance(source, PullSource)
    puller = Puller(source, place(store), clock)
    puller.ensure(DAY)
    clock.reach(DAY + HOUR)
    puller.ensure(DAY + HOUR)
    assert source.asked == [None, "b"] and count(store) == 3


def test_what_was_pulled_after_the_end_of_a_window_is_not_pulled_again(store: Store) -> None:
    source, clock = Scripted([]), SimulatedClock(DAY)
    puller = Puller(source, place(store), clock)
    for until in (DAY - HOUR, DAY, DAY + HOUR):
        puller.ensure(until)
    assert len(source.asked) == 1


def test_a_pull_that_breaks_off_goes_on_from_the_last_place_that_was_whole(store: Store) -> None:
    clock = SimulatedClock(DAY)
    broken = Breaks([orders(1, cursor="a"), orders(2)])
    with pytest.raises(SourceFailed):
        Puller(broken, place(store), clock).ensure(DAY)
    with store.unit(write=False) as unit:
        landing = unit.landed.landing("desk")
    assert landing.failed_since == DAY and landing.complete_until is None and count(store) == 2
    whole = Scripted([orders(2, 3, cursor="b")])
    Puller(whole, place(store), clock).ensure(DAY)
    assert whole.asked == ["a"] and count(store) == 3


def test_under_other_options_everything_is_pulled_anew(store: Store) -> None:
    first, second = Scripted([orders(1, cursor="a")]), Scripted([orders(1, cursor="z")])
    Puller(first, place(store), SimulatedClock(DAY)).ensure(DAY)
    Puller(second, place(store, "other"), SimulatedClock(DAY)).ensure(DAY)
    assert second.asked == [None] and count(store) == 1


def test_two_processes_that_pull_at_once_land_everything_once(store: Store) -> None:
    together = threading.Barrier(2)
    many = [orders(*range(n, n + 200), cursor=str(n)) for n in range(0, 2000, 200)]
    sources = [Scripted(many, together), Scripted(many[::-1][1:] + many[-1:], together)]
    failed: list[Exception] = []

    def pull(source: Scripted) -> None:
        try:
            Puller(source, place(store), SystemClock()).ensure(datetime.now(UTC))
        except SourceFailed as error:
            failed.append(error)

    threads = [threading.Thread(target=pull, args=[source]) for source in sources]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == [] and count(store) == 2000


def test_a_source_pulled_every_so_often_rests_in_between(store: Store) -> None:
    source, clock = Scripted([]), SimulatedClock(DAY)
    puller = Puller(source, place(store), clock)
    for minutes in range(0, 45, 5):
        clock.reach(DAY + timedelta(minutes=minutes))
        puller.pull_if_older(timedelta(minutes=10))
    assert len(source.asked) == 3


def test_a_store_that_is_closed_in_between_keeps_what_was_committed(tmp_path: Path) -> None:
    first = migrated(str(tmp_path / "desk.db"))
    Puller(Scripted([orders(1, cursor="a")]), place(first), SimulatedClock(DAY)).ensure(DAY)
    first.close()
    again = open_store(tmp_path / "desk.db")
    source = Scripted([])
    Puller(source, place(again), SimulatedClock(DAY + HOUR)).ensure(DAY + HOUR)
    assert source.asked == ["a"] and count(again) == 1
    again.close()

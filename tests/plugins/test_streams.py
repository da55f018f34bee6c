"""One contract for every stream, against the real brokers: nothing is lost, nothing is twice, nothing blocks."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from metricloop.kernel.errors import MetricloopError, SourceFailed, StoreFailed
from metricloop.sdk import Batch, StreamSource
from tests.plugins.brokers import BROKERS, Broker
from tests.plugins.landing import Desk, desk, eventually, order
from tests.plugins.wire import wire


@pytest.fixture(params=sorted(BROKERS))
def broker(request: pytest.FixtureRequest) -> Iterator[Broker]:
    with BROKERS[request.param]() as found:
        yield found


def messages(*ids: int) -> list[bytes]:
    return [json.dumps(order(id)).encode() for id in ids]


class Crash(Exception):
    """Our process dies here."""


def stream_of(place: Desk) -> StreamSource:
    made = place.made()
    assert isinstance(made, StreamSource)
    return made


class Receiving:
    """The plugin in a thread; `error` is what it ended with."""

    def __init__(self, stream: StreamSource, take: Callable[[Batch], None]) -> None:
        self.stopping = threading.Event()
        self.caught_up = threading.Event()
        self.error: Exception | None = None
        self._stream, self._take = stream, take
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        try:
            self._stream.consume(self._one, self.stopping)
        except (MetricloopError, Crash) as error:
            self.error = error

    def _one(self, batch: Batch) -> None:
        self._take(batch)
        if batch.caught_up:
            self.caught_up.set()

    def end(self, *, within: float = 20.0) -> None:
        self._thread.join(within)
        assert not self._thread.is_alive()


@contextmanager
def receiving(place: Desk, take: Callable[[Batch], None] | None = None) -> Iterator[Receiving]:
    found = Receiving(stream_of(place), take or place.keep)
    try:
        yield found
    finally:
        found.stopping.set()
        found.end()


@contextmanager
def place_at(broker: Broker, folder: Path, port: int | None = None) -> Iterator[Desk]:
    with desk(folder, broker.plugin, broker.options(port or broker.port)) as place:
        with receiving(place) as first:  # makes the session or the consumer
            assert first.caught_up.wait(20), first.error
        yield place


def test_every_message_lands_once_however_often_it_is_delivered(broker: Broker, tmp_path: Path) -> None:
    with place_at(broker, tmp_path) as place, receiving(place):
        broker.publish([*messages(1, 2, 3), *messages(2, 3), *messages(*range(10, 60))])
        assert eventually(lambda: len(place.bodies()) == 53)


def test_what_was_sent_while_nobody_listened_is_received_later(broker: Broker, tmp_path: Path) -> None:
    with place_at(broker, tmp_path) as place:
        broker.publish(messages(1, 2))
        with receiving(place):
            assert eventually(lambda: len(place.bodies()) == 2)


def test_what_was_received_but_not_committed_comes_again(broker: Broker, tmp_path: Path) -> None:
    def dies(batch: Batch) -> None:
        if batch.records:
            raise Crash

    with place_at(broker, tmp_path) as place:
        broker.publish(messages(1, 2, 3))
        with receiving(place, dies) as first:
            first.end()
            assert isinstance(first.error, Crash) and place.bodies() == []
        with receiving(place):
            assert eventually(lambda: len(place.bodies()) == 3)


def test_what_was_committed_but_not_acknowledged_is_not_there_twice(broker: Broker, tmp_path: Path) -> None:
    seen: list[int] = []

    def commits_and_dies(batch: Batch) -> None:
        place.keep(batch)
        if batch.records:
            raise Crash

    def counts(batch: Batch) -> None:
        place.keep(batch)
        seen.append(len(batch.records))

    with place_at(broker, tmp_path) as place:
        broker.publish(messages(1))
        with receiving(place, commits_and_dies) as first:
            first.end()
        with receiving(place, counts):
            assert eventually(lambda: sum(seen) == 1), "the broker should deliver it again"
        assert len(place.bodies()) == 1


def test_a_store_that_fails_is_told_and_nothing_is_acknowledged(broker: Broker, tmp_path: Path) -> None:
    def full(batch: Batch) -> None:
        if batch.records:
            raise StoreFailed("the disk is full")

    with place_at(broker, tmp_path) as place:
        broker.publish(messages(1))
        with receiving(place, full) as first:
            first.end()
            assert isinstance(first.error, StoreFailed)
        with receiving(place):
            assert eventually(lambda: len(place.bodies()) == 1)


def test_a_poisoned_message_is_set_aside_and_blocks_nothing(broker: Broker, tmp_path: Path) -> None:
    poison = [b"\xff not json", b'{"id": "seven"}', b"[1]", b'{"id": 4, "at": null}']
    with place_at(broker, tmp_path) as place, receiving(place):
        broker.publish([poison[0], *messages(1), *poison[1:], *messages(2)])
        assert eventually(lambda: len(place.bodies()) == 2 and len(place.reasons()) == 4)
        with place.store.unit(write=False) as unit:
            kept = {one.body for one in unit.landed.asides("desk")}
        assert '{"id": "seven"}' in kept


def test_after_a_cut_connection_everything_goes_on(broker: Broker, tmp_path: Path) -> None:
    with wire(broker.port) as line, place_at(broker, tmp_path, line.port) as place:
        with receiving(place) as first:
            assert first.caught_up.wait(20)
            broker.publish(messages(1))
            assert eventually(lambda: len(place.bodies()) == 1)
            line.cut()
            first.end()
            assert isinstance(first.error, SourceFailed) and first.error.retryable and first.error.fix
        broker.publish(messages(2))
        with receiving(place):
            assert eventually(lambda: len(place.bodies()) == 2)


def test_a_broker_that_is_not_there_is_a_failure_of_the_source(broker: Broker, tmp_path: Path) -> None:
    with desk(tmp_path, broker.plugin, broker.options(9)) as place, receiving(place) as first:
        first.end()
        assert isinstance(first.error, SourceFailed) and first.error.retryable and first.error.fix


def test_a_quiet_stream_gives_signs_of_life(broker: Broker, tmp_path: Path) -> None:
    signs: list[bool] = []
    with place_at(broker, tmp_path) as place, receiving(place, lambda batch: signs.append(batch.caught_up)):
        assert eventually(lambda: signs.count(True) >= 3)

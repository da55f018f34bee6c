"""The host of streams: one process receives at a time, a killed one loses nothing, and silence is not zero."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast

import pytest

from metricloop.collect.landing import LEASE, held
from metricloop.define.model import Source
from metricloop.kernel.errors import SourceFailed
from metricloop.kernel.message import Text
from metricloop.plugins.landed_pull import Puller
from metricloop.plugins.landed_rows import place_of
from metricloop.plugins.landed_streams import Receiver, Streams
from metricloop.plugins.registry import Registry, load_registry
from metricloop.sdk import Batch, Context, Declared, Options, PullSource, SourcePlugin, StreamSource
from tests.plugins import brokers
from tests.plugins.landing import DATASET, ORDERS, Desk, desk, eventually, order
from tests.plugins.web_api import Says, api


@contextmanager
def running(place: Desk, sources: Callable[[], Mapping[str, Source]] | None = None) -> Iterator[Streams]:
    found = Streams(load_registry(), place.context, place.store.unit, sources or (lambda: {"desk": place.source}))
    found.start()
    try:
        yield found
    finally:
        found.stop()


def complete_until(place: Desk) -> datetime | None:
    with place.store.unit(write=False) as unit:
        return unit.landed.landing("desk").complete_until


def sent(*ids: int) -> list[bytes]:
    return [json.dumps(order(id)).encode() for id in ids]


def test_a_running_server_receives_and_its_readings_see_it(tmp_path: Path) -> None:
    with brokers.nats() as broker, desk(tmp_path, "nats", broker.options(broker.port)) as place, running(place):
        broker.publish(sent(1, 2, 2))
        assert eventually(lambda: len(place.bodies()) == 2)
        assert eventually(lambda: complete_until(place) is not None)
        assert place.totals() == (2.0, 2.0)


def test_a_stream_nobody_receives_fails_the_reading_instead_of_telling_zero(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("metricloop.plugins.landed_source.PATIENCE_S", 0.5)
    with brokers.nats() as broker, desk(tmp_path, "nats", broker.options(broker.port)) as place:
        with pytest.raises(SourceFailed, match="nothing was received") as caught:
            place.totals()
        assert caught.value.retryable and "serve or worker" in caught.value.fix


def test_one_process_receives_and_another_takes_over_when_it_ends(tmp_path: Path) -> None:
    with brokers.rabbitmq() as broker, desk(tmp_path, "rabbitmq", broker.options(broker.port)) as place:
        with running(place):
            assert eventually(lambda: complete_until(place) is not None)
            with place.store.unit(write=False) as unit:
                first = unit.landed.landing("desk").holder
            with running(place):
                broker.publish(sent(*range(20)))
                assert eventually(lambda: len(place.bodies()) == 20)
                with place.store.unit(write=False) as unit:
                    assert unit.landed.landing("desk").holder == first
        with running(place):
            broker.publish(sent(30))
            assert eventually(lambda: len(place.bodies()) == 21)


class Endless:
    """A stream that gives a sign of life whenever it may."""

    def __init__(self) -> None:
        self.given = 0

    def declared(self) -> Declared:
        return Declared()

    def consume(self, take: Callable[[Batch], None], stopping: threading.Event) -> None:
        while not stopping.wait(0.01):
            take(Batch(caught_up=True))
            self.given += 1

    def close(self) -> None:
        """Nothing to give back."""


def test_who_has_lost_the_lease_stops_receiving(tmp_path: Path) -> None:
    with desk(tmp_path, "push", {"points": {"p": {}}}) as place:
        stream = Endless()
        assert isinstance(stream, StreamSource)
        home = place_of(place.source, place.made(), place.store.unit)
        now = place.context.clock.now()
        home.keep(Batch(), now, lambda landing: held(landing, "another", now))
        Receiver(stream, home, place.context.clock, "me").receive(threading.Event())
        assert stream.given == 0
        past = now - LEASE - timedelta(seconds=1)
        home.keep(Batch(), now, lambda landing: held(landing, "another", past))
        thread = threading.Thread(
            target=Receiver(stream, home, place.context.clock, "me").receive, args=[threading.Event()]
        )
        thread.start()
        assert eventually(lambda: stream.given > 0)
        home.keep(Batch(), now, lambda landing: held(replace(landing, holder=None), "another", now))
        assert eventually(lambda: not thread.is_alive())


def test_a_source_that_is_removed_or_changed_is_followed(tmp_path: Path) -> None:
    with brokers.nats() as broker, desk(tmp_path, "nats", broker.options(broker.port)) as place:
        live: dict[str, Source] = {}
        with running(place, lambda: dict(live)):
            live["desk"] = place.source
            broker.publish(sent(1))
            assert eventually(lambda: len(place.bodies()) == 1)
            live.clear()
            assert eventually(lambda: "land-desk" not in {thread.name for thread in threading.enumerate()})


def test_a_source_that_lands_nothing_is_looked_at_once(tmp_path: Path) -> None:
    opened: list[str] = []

    class Asked:
        dialect = "duckdb"

        def __init__(self, options: Options, context: Context) -> None:
            opened.append("opened")

        def close(self) -> None:
            opened.append("closed")

    plain: SourcePlugin[Any] = SourcePlugin("asked", Options, build=cast(Any, Asked))
    with desk(tmp_path, "push", {"points": {"p": {}}}) as place:
        sources = {"a": Source("a", "asked", Text()), "broken": Source("broken", "nowhere", Text())}
        found = Streams(Registry(sources={"asked": plain}), place.context, place.store.unit, lambda: sources)
        found.start()
        assert not eventually(lambda: len(opened) > 2, seconds=2.5)
        found.stop()
        assert opened == ["opened", "closed"]


def test_a_source_is_pulled_every_so_often_besides_when_it_is_read(tmp_path: Path) -> None:
    with api(lambda asked: Says([order(1)])) as found:
        options = {"url": found.url, "tables": {"orders": ORDERS}, "every_s": 5}
        with desk(tmp_path, "http", options) as place, running(place):
            assert eventually(lambda: len(place.bodies()) == 1)


def test_an_outage_is_written_down_and_ends_by_itself(tmp_path: Path) -> None:
    with brokers.nats() as broker, desk(tmp_path, "nats", broker.options(9)) as place:
        with running(place):
            assert eventually(lambda: failing(place) is not None)
        place.source = replace(place.source, options=broker.options(broker.port))
        with running(place):
            assert eventually(lambda: failing(place) is None and complete_until(place) is not None)


@pytest.mark.parametrize(
    ("plugin", "address"),
    [("nats", {"servers": ["env:BROKER"]}), ("rabbitmq", {"url": "env:BROKER"})],
)
def test_a_password_in_an_address_is_in_no_log_and_no_store(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, plugin: str, address: Any
) -> None:
    scheme = "nats" if plugin == "nats" else "amqp"
    monkeypatch.setenv("BROKER", f"{scheme}://ann:s3cret@127.0.0.1:9/s3cret")
    table = {**ORDERS, **({"stream": "s"} if plugin == "nats" else {"queue": "q"})}
    with desk(tmp_path, plugin, {**address, "timeout_s": 1, "tables": {"orders": table}}) as place:
        with running(place):
            assert eventually(lambda: failing(place) is not None)
        assert "s3cret" not in caplog.text
        place.store.close()
        assert b"s3cret" not in b"".join(path.read_bytes() for path in tmp_path.glob("desk.db*"))


def failing(place: Desk) -> datetime | None:
    with place.store.unit(write=False) as unit:
        return unit.landed.landing("desk").failed_since


def test_what_is_older_than_the_source_keeps_is_forgotten(tmp_path: Path) -> None:
    old = {**order(1), "at": "2001-01-01T00:00:00Z"}
    now = {**order(2), "at": datetime.now(UTC).isoformat()}
    with api(lambda asked: Says([old, now])) as found:
        options = {"url": found.url, "tables": {"orders": ORDERS}, "keep_days": 30}
        with desk(tmp_path, "http", options) as place:
            made = place.made()
            home = place_of(place.source, made, place.store.unit)
            assert isinstance(made, PullSource)
            Puller(made, home, place.context.clock).ensure(datetime.now(UTC))
            assert len(place.bodies()) == 2
            with running(place):
                assert eventually(lambda: len(place.bodies()) == 1)


RECEIVE_AND_DIE = """
import os, sys, threading
from pathlib import Path
from tests.plugins.landing import desk
import json
folder, plugin, options, when = Path(sys.argv[1]), sys.argv[2], json.loads(sys.argv[3]), sys.argv[4]
with desk(folder, plugin, options) as place:
    def take(batch):
        if batch.records and when == "before":
            os.kill(os.getpid(), 9)
        place.keep(batch)
        if batch.records:
            os.kill(os.getpid(), 9)
    place.made().consume(take, threading.Event())
"""


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("kind", sorted(brokers.BROKERS))
def test_a_process_that_is_killed_around_its_commit_loses_and_doubles_nothing(
    tmp_path: Path, kind: str, when: str
) -> None:
    with brokers.BROKERS[kind]() as broker:
        options = broker.options(broker.port)
        with desk(tmp_path, broker.plugin, options) as place, running(place):
            assert eventually(lambda: complete_until(place) is not None)
        broker.publish(sent(1, 2, 3))
        command = [sys.executable, "-c", RECEIVE_AND_DIE, str(tmp_path), broker.plugin, json.dumps(options), when]
        ended = subprocess.run(command, check=False, timeout=60, env=os.environ, cwd=Path(__file__).parents[2])
        assert ended.returncode == -signal.SIGKILL
        broker.publish(sent(4))
        with desk(tmp_path, broker.plugin, options) as place, running(place):
            assert eventually(lambda: len(place.bodies()) == 4)
            assert eventually(lambda: place.read(dataset=DATASET)[0].measures == (4.0, 4.0))

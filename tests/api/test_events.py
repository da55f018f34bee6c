"""The stream of changes, over a real socket."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import pytest
from fastapi import FastAPI

from metricloop.api import streams
from metricloop.api.server import Server, build_server, listen
from metricloop.api.streams import ChangeQueue
from metricloop.kernel.errors import Conflict, InvalidInput
from tests.api.world import PASSWORD, World

PATIENCE = 30


@contextmanager
def serving(app: FastAPI) -> Iterator[tuple[Server, str]]:
    """The application on a free port; ended, and waited for, at the end."""
    server = build_server(app)
    bound = listen("127.0.0.1", 0)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [bound]}, daemon=True)
    thread.start()
    try:
        yield server, f"http://127.0.0.1:{bound.getsockname()[1]}"
    finally:
        server.stop()
        thread.join(PATIENCE)
        assert not thread.is_alive(), "the server did not end"


@contextmanager
def enter(url: str) -> Iterator[httpx.Client]:
    """Ann's browser."""
    with httpx.Client(base_url=url, headers={"X-Metricloop": "1"}, timeout=PATIENCE) as client:
        assert client.post("/api/v1/session", json={"username": "ann", "password": PASSWORD}).status_code == 200
        yield client


def heard(lines: Iterator[str]) -> Iterator[tuple[str, dict[str, object]]]:
    """(event, data) of a stream's lines."""
    name = ""
    for line in lines:
        if line.startswith("event: "):
            name = line.removeprefix("event: ")
        elif line.startswith("data: "):
            yield name, json.loads(line.removeprefix("data: "))


def test_a_change_is_told_to_who_listens(app: FastAPI) -> None:
    with serving(app) as (_, url), enter(url) as client, client.stream("GET", "/api/v1/events") as stream:
        assert stream.headers["content-type"].startswith("text/event-stream")
        assert "content-encoding" not in stream.headers
        news = heard(stream.iter_lines())
        first = next(news)
        assert first[0] == "clock"
        assert first[1]["kind"] == "live"
        assert client.post("/api/v1/incidents/1/acknowledge", json={}).status_code == 200
        assert next(news) == ("change", {"kind": "incident", "id": "1"})


def test_an_open_stream_does_not_keep_the_server_from_ending(app: FastAPI) -> None:
    with serving(app) as (server, url), enter(url) as client, client.stream("GET", "/api/v1/events") as stream:
        lines = stream.iter_lines()
        next(lines)
        server.stop()
        assert list(lines) is not None, "the stream ends by itself"


def test_who_leaves_is_forgotten(world: World, app: FastAPI) -> None:
    with serving(app) as (_, url), enter(url) as client:
        with client.stream("GET", "/api/v1/events") as stream:
            lines = stream.iter_lines()  # kept: without a reader the stream would be closed here
            next(lines)
            assert world.changes.count == 1
        gone = threading.Event()
        for _ in range(PATIENCE * 10):
            if world.changes.count == 0 or gone.wait(0.1):
                break
    assert world.changes.count == 0


def test_a_slow_reader_gets_one_change_for_each_kind() -> None:
    async def run() -> list[streams.Change | None]:
        queue = ChangeQueue(asyncio.get_running_loop())
        for i in range(streams.MOST_WAITING + 1):
            queue.put("incident" if i % 2 else "points", str(i))
        queue.end()
        return [change async for change in queue.take(PATIENCE)]

    assert asyncio.run(run()) == [("points", ""), ("incident", ""), ("loop", "")]


def test_the_same_change_waits_once() -> None:
    async def run() -> list[streams.Change | None]:
        queue = ChangeQueue(asyncio.get_running_loop())
        for _ in range(5):
            queue.put("incident", "7")
        queue.end()
        return [change async for change in queue.take(PATIENCE)]

    assert asyncio.run(run()) == [("incident", "7")]


def test_a_change_after_the_server_has_ended_does_no_harm() -> None:
    loop = asyncio.new_event_loop()
    queue = ChangeQueue(loop)
    loop.close()
    queue.put("incident", "7")


def test_a_port_in_use_is_told_with_the_way_out() -> None:
    taken = listen("127.0.0.1", 0)
    port = taken.getsockname()[1]
    with pytest.raises(Conflict) as refused:
        listen("127.0.0.1", port)
    assert str(port) in refused.value.problem
    assert "--port" in refused.value.fix
    taken.close()


@pytest.mark.parametrize(
    ("host", "port"), [("127.0.0.1", 70000), ("203.0.113.7", 8321), ("no.such.host.invalid", 8321)]
)
def test_an_address_that_cannot_be_served_is_told(host: str, port: int) -> None:
    with pytest.raises(InvalidInput) as refused:
        listen(host, port)
    assert refused.value.fix

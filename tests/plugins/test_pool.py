from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from metricloop.plugins.pool import ConnectionCut, Pool
from metricloop.sdk import SourceFailed


class Server:
    """Counts its connections; a connection is a number."""

    def __init__(self) -> None:
        self.made = 0
        self.closed: list[int] = []
        self.alive: set[int] = set()
        self.lock = threading.Lock()

    def connect(self) -> int:
        with self.lock:
            self.made += 1
            self.alive.add(self.made)
            return self.made

    def close(self, connection: int) -> None:
        self.closed.append(connection)
        self.alive.discard(connection)

    def use(self, connection: int) -> int:
        if connection not in self.alive:
            raise ConnectionCut("gone", fix="wait", where="here")
        return connection


def pool(server: Server, size: int = 2, timeout_s: float = 1) -> Pool[int]:
    return Pool(size, server.connect, server.close, timeout_s)


def test_a_connection_is_kept_and_used_again() -> None:
    server = Server()
    asked = pool(server)
    assert [asked.ask(server.use) for _ in range(3)] == [1, 1, 1]
    asked.close()
    assert server.closed == [1]


def test_there_are_never_more_connections_than_allowed() -> None:
    server, barrier = Server(), threading.Barrier(2)
    asked = pool(server, size=2)

    def wait(connection: int) -> int:
        barrier.wait(5)
        return connection

    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(lambda _: asked.ask(wait), range(8)))
    assert set(found) == {1, 2}


def test_a_kept_connection_that_was_cut_is_tried_anew_and_its_fellows_are_given_up() -> None:
    server = Server()
    asked = pool(server)
    asked.ask(lambda first: asked.ask(lambda second: (first, second)))
    server.alive.clear()
    assert asked.ask(server.use) == 3
    assert sorted(server.closed) == [1, 2]


def test_a_new_connection_that_breaks_is_not_tried_again() -> None:
    server = Server()

    def broken(connection: int) -> int:
        raise ConnectionCut("gone", fix="wait", where="here")

    with pytest.raises(ConnectionCut):
        pool(server).ask(broken)
    assert (server.made, server.closed) == (1, [1])


def test_a_cut_that_took_the_whole_time_out_is_not_tried_again() -> None:
    server = Server()
    asked = pool(server)
    asked.ask(server.use)

    def slow(connection: int) -> int:
        raise ConnectionCut("slow", fix="wait", where="here", again=False)

    with pytest.raises(ConnectionCut, match="slow"):
        asked.ask(slow)
    assert (server.made, server.closed) == (1, [1])
    assert asked.ask(server.use) == 2


def test_after_another_error_the_connection_is_kept_and_the_turn_is_given_back() -> None:
    server = Server()
    asked = pool(server, size=1)
    for _ in range(3):
        with pytest.raises(ZeroDivisionError):
            asked.ask(lambda connection: connection // 0)
    assert asked.ask(server.use) == 1


def test_a_connection_that_cannot_be_made_takes_no_turn() -> None:
    def refuse() -> int:
        raise SourceFailed("no", retryable=True, fix="wait")

    asked = Pool(1, refuse, lambda connection: None, 1)
    for _ in range(3):
        with pytest.raises(SourceFailed, match="no"):
            asked.ask(lambda connection: connection)


def test_one_in_use_while_the_pool_is_closed_is_closed_when_it_comes_back() -> None:
    server = Server()
    asked = pool(server)

    def close(connection: int) -> int:
        asked.close()
        assert server.closed == []
        return connection

    assert asked.ask(close) == 1
    assert server.closed == [1]


def test_whoever_waits_too_long_is_told() -> None:
    asked = pool(Server(), size=1, timeout_s=0.005)
    with pytest.raises(SourceFailed, match="all 1 connections were busy") as caught:
        asked.ask(lambda _: asked.ask(lambda other: other))
    assert caught.value.retryable
    assert "connections" in caught.value.fix

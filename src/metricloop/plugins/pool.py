"""The few connections that one source may have at the same time."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

from metricloop.sdk import SourceFailed

C = TypeVar("C")
T = TypeVar("T")
_PATIENCE = 10  # time-outs that a call waits for its turn


class ConnectionCut(SourceFailed):
    """The connection is of no use any more. `again`: it may have been cut while idle, so a new one may do at once."""

    def __init__(self, problem: str, *, fix: str, where: str, again: bool = True) -> None:
        super().__init__(problem, retryable=True, fix=fix, where=where)
        self.again = again


class Pool(Generic[C]):
    """At most `size` connections, made when first needed and kept; further calls wait for their turn. Thread safe.

    A kept connection may have been cut since (a restart, a firewall): then the call is tried once more on a new one.
    """

    def __init__(self, size: int, connect: Callable[[], C], close: Callable[[C], None], timeout_s: float) -> None:
        self._size = size
        self._connect = connect
        self._close = close
        self._patience_s = timeout_s * _PATIENCE
        self._turns = threading.BoundedSemaphore(size)
        self._lock = threading.Lock()
        self._idle: list[C] = []
        self._generation = 0

    def ask(self, run: Callable[[C], T]) -> T:
        """What `run` gives back on a connection of its own. `run` raises ConnectionCut when the connection is of no
        use any more; after any other error it is kept. Raises SourceFailed when no turn comes in ten time-outs.
        """
        if not self._turns.acquire(timeout=self._patience_s):
            raise SourceFailed(
                f"all {self._size} connections were busy for {self._patience_s:g} s",
                retryable=True,
                fix="raise connections of this source, or ask it less at once",
            )
        try:
            return self._asked(run)
        finally:
            self._turns.release()

    def close(self) -> None:
        """Close what is idle now, and what is in use when it comes back. May be used again afterwards."""
        with self._lock:
            self._generation += 1
            idle, self._idle = self._idle, []
        for connection in idle:
            self._close(connection)

    def _asked(self, run: Callable[[C], T]) -> T:
        kept, generation = self._kept()
        if kept is None:
            return self._tried(self._connect(), generation, run)
        try:
            return self._tried(kept, generation, run)
        except ConnectionCut as cut:
            if not cut.again:
                raise
            self.close()  # its fellows were probably cut with it
            return self._tried(self._connect(), self._generation, run)

    def _kept(self) -> tuple[C | None, int]:
        with self._lock:
            return (self._idle.pop() if self._idle else None), self._generation

    def _tried(self, connection: C, generation: int, run: Callable[[C], T]) -> T:
        try:
            answer = run(connection)
        except ConnectionCut:
            self._close(connection)
            raise
        except BaseException:
            self._give_back(connection, generation)
            raise
        self._give_back(connection, generation)
        return answer

    def _give_back(self, connection: C, generation: int) -> None:
        with self._lock:
            if generation == self._generation:
                self._idle.append(connection)
                return
        self._close(connection)

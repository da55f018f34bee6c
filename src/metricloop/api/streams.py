"""Server-sent changes: one bounded queue per listening browser.

A browser that reads too slowly is not waited for: what it has missed is folded into one change per kind, on which it
reads that kind anew. Nothing is lost but the detail of what changed.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import suppress

MOST_WAITING = 200
Change = tuple[str, str]


class ChangeQueue:
    """Changes waiting for one browser. `put` may be called from any thread, `take` from its event loop."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._waiting: dict[Change, None] = {}
        self._news = asyncio.Event()
        self._ended = False

    def put(self, kind: str, id: str) -> None:
        self._call(lambda: self._add((kind, id)))

    def end(self) -> None:
        """Let `take` end once what waits is taken."""
        self._call(self._end)

    def _call(self, what: Callable[[], None]) -> None:
        with suppress(RuntimeError):  # the server has ended meanwhile, and nobody listens any more
            self._loop.call_soon_threadsafe(what)

    def _add(self, change: Change) -> None:
        self._waiting[change] = None
        if len(self._waiting) > MOST_WAITING:
            kinds = dict.fromkeys(kind for kind, _ in self._waiting)
            self._waiting = {(kind, ""): None for kind in [*kinds, "loop"]}
        self._news.set()

    def _end(self) -> None:
        self._ended = True
        self._news.set()

    async def take(self, patience: float) -> AsyncIterator[Change | None]:
        """Changes as they come, each once; None after `patience` seconds in which none came."""
        while True:
            try:
                async with asyncio.timeout(patience):
                    await self._news.wait()
            except TimeoutError:
                yield None
                continue
            self._news.clear()
            waiting, self._waiting = self._waiting, {}
            for change in waiting:
                yield change
            if self._ended:
                return


class Streams:
    """All queues of this server, so that it can end them when it stops."""

    def __init__(self) -> None:
        self._queues: set[ChangeQueue] = set()
        self._ending = False

    def open(self) -> ChangeQueue:
        queue = ChangeQueue(asyncio.get_running_loop())
        self._queues.add(queue)
        if self._ending:
            queue.end()
        return queue

    def close(self, queue: ChangeQueue) -> None:
        self._queues.discard(queue)

    def end_all(self) -> None:
        """End every stream now and to come: an open stream would keep the server from stopping."""
        self._ending = True
        for queue in list(self._queues):
            queue.end()

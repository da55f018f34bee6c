"""The stream of changes that keeps pages live."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

from fastapi import APIRouter, Request
from fastapi.sse import EventSourceResponse, ServerSentEvent
from starlette.concurrency import run_in_threadpool

from metricloop.api.auth import Reader, Running, caller_of
from metricloop.api.streams import Streams
from metricloop.api.views.words import stamp
from metricloop.kernel.errors import MetricloopError

router = APIRouter(tags=["events"])

CLOCK_EVERY_S = 5.0
CHECK_EVERY_S = 60.0


@router.get("/events", response_class=EventSourceResponse)
async def events(request: Request, caller: Reader, system: Running) -> AsyncIterator[ServerSentEvent]:
    """`change` {"kind", "id"} (id "": many of that kind), and `clock` (a Stamp) every five seconds as a heartbeat.

    Ends when the log-in ends or the server stops.
    """
    streams: Streams = request.app.state.streams
    queue = streams.open()
    unsubscribe = system.changes.subscribe(queue.put)
    now = asyncio.get_running_loop().time
    try:
        yield ServerSentEvent(event="clock", data=stamp(system), retry=2000)
        told = checked = now()
        async for change in queue.take(CLOCK_EVERY_S):
            if change is not None:
                yield ServerSentEvent(event="change", data={"kind": change[0], "id": change[1]})
            if now() - told >= CLOCK_EVERY_S:
                told = now()
                yield ServerSentEvent(event="clock", data=stamp(system))
            if now() - checked >= CHECK_EVERY_S:
                checked = now()
                if not await run_in_threadpool(_still_in, request):
                    return
    finally:
        unsubscribe()
        streams.close(queue)


def _still_in(request: Request) -> bool:
    try:
        caller_of(request)
    except MetricloopError:
        return False
    return True

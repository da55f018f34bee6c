"""How a route has the system do something."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

from metricloop.api.ports import System
from metricloop.kernel.errors import MetricloopError
from metricloop.loop.ports import LoopUnit

T = TypeVar("T")
_log = logging.getLogger(__name__)


def do(system: System, command: Callable[[LoopUnit, datetime], T]) -> T:
    """Run one command in one unit of work, then let the loop handle what it told, so that the answer shows the effect.

    What fails in the loop afterwards does not undo the command: the event waits and is tried again.
    """
    with system.open_unit() as unit:
        result = command(unit, system.clock.now())
    try:
        system.pump()
    except MetricloopError as error:
        _log.error("handling the effects of a command failed, they wait: %s", error, exc_info=error)
    return result

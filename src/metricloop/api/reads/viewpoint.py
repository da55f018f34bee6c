"""Who looks, when, at which definitions."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from metricloop.access.model import Caller
from metricloop.api.ports import System
from metricloop.api.views.words import Viewpoint
from metricloop.loop.ports import LoopUnit


@contextmanager
def look(system: System, caller: Caller) -> Iterator[tuple[LoopUnit, Viewpoint]]:
    """A unit that only reads, and how this caller sees the system now.

    The definitions are asked for before the unit is opened: a request holds one connection, never two, so that many
    requests at once cannot wait for each other.
    """
    project, now = system.project(), system.clock.now()
    with system.open_unit(write=False) as unit:
        people = {person.id: person for person in unit.people.all()}
        yield unit, Viewpoint(project, people, now, caller)

"""Who looks, when, at which definitions."""

from __future__ import annotations

from metricloop.access.model import Caller
from metricloop.api.ports import System
from metricloop.api.views.words import Viewpoint
from metricloop.loop.ports import LoopUnit


def viewpoint(system: System, unit: LoopUnit, caller: Caller) -> Viewpoint:
    """How this caller sees the system now."""
    people = {person.id: person for person in unit.people.all()}
    return Viewpoint(system.project(), people, system.clock.now(), caller)

"""Who looks and when, and the small shapes that all others are made of."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from metricloop.access.model import Caller, Permission, Person
from metricloop.access.rules import permissions
from metricloop.api.ports import System
from metricloop.api.schemas import shared
from metricloop.define.model import Metric, MetricType
from metricloop.define.project import Project
from metricloop.define.sight import Sight
from metricloop.kernel import message as kernel

T = TypeVar("T")
_PEOPLE = {"person", "by", "owner"}  # parameters that hold a person's id


@dataclass(frozen=True, slots=True)
class Viewpoint:
    """Who looks, when (the system's time), and at which definitions and people."""

    project: Project
    people: Mapping[str, Person]
    now: datetime
    caller: Caller

    @property
    def sight(self) -> Sight:
        """What the caller sees of the project's numbers."""
        return Sight(self.project, self.caller.person)

    def may(self, permission: Permission) -> bool:
        return permission in permissions(self.caller.roles)

    def metric(self, name: str) -> Metric | None:
        return self.project.metrics.get(name)

    def person(self, id: str | None) -> shared.PersonRef | None:
        """None for nobody; a person who is no longer in the project keeps the id as a name."""
        if id is None:
            return None
        known = self.people.get(id)
        if known is None:
            return shared.PersonRef(id=id, name=id)
        return shared.PersonRef(id=known.id, name=known.name, scripted=known.scripted)

    def somebody(self, id: str) -> shared.PersonRef:
        return self.person(id) or shared.PersonRef(id=id, name=id)

    def actor(self, id: str | None) -> shared.Actor:
        if id is None or id == "system":
            return shared.Actor(kind="system")
        return shared.Actor(kind="person", person=self.person(id))

    def message(self, said: kernel.Message) -> shared.Message:
        """The message with people's names for their ids."""
        params = {name: self._named(name, value) for name, value in said.params.items()}
        return shared.Message(code=said.code, params=params)

    def _named(self, name: str, value: kernel.Param) -> kernel.Param:
        known = self.people.get(value) if name in _PEOPLE and isinstance(value, str) else None
        return known.name if known else value

    def optional(self, said: kernel.Message | None) -> shared.Message | None:
        return None if said is None else self.message(said)


def local(text: kernel.Text) -> shared.LocalText:
    return shared.LocalText(zh=text.zh, en=text.en)


def as_param(text: kernel.Text) -> dict[str, str]:
    """A text in two languages as a parameter of a message."""
    return {language: words for language, words in (("zh", text.zh), ("en", text.en)) if words}


def stamp(system: System) -> shared.Stamp:
    now, kind, speed = system.stamp()
    return shared.Stamp(now=now, kind="demo" if kind == "demo" else "live", speed=speed)


def finite(value: float | None) -> float | None:
    """The number, or None for what JSON cannot say: missing, infinite."""
    return None if value is None or not math.isfinite(value) else float(value)


def seconds(span: timedelta) -> float:
    """Never negative: two clocks read a moment apart must not show an age below zero."""
    return max(span.total_seconds(), 0.0)


def unit_of(metric: Metric | None) -> str:
    return metric.governance.unit if metric else "count"


def money_or_count(metric: Metric | None) -> tuple[float, str]:
    """What one unit of impact is worth, and in which unit: money where the team knows it, else pieces."""
    if metric is None:
        return 1.0, "count"
    governance = metric.governance
    if governance.value_of_one is not None and governance.currency:
        return governance.value_of_one, governance.currency
    return 1.0, "count" if metric.type is MetricType.RATIO else governance.unit


def better(metric: Metric | None, difference: float | None) -> bool | None:
    """Whether a difference is good news; None where neither direction is, or nothing can be told."""
    if metric is None or difference is None or difference == 0:
        return None
    direction = metric.governance.good_direction.value
    return None if direction == "none" else (difference > 0) == (direction == "up")

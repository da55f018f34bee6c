"""Who is responsible for which slice, as written."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from metricloop.kernel.slices import Slice


@dataclass(frozen=True, slots=True)
class Responsibility:
    """`person` answers for `slice` (of `metric`, or of any metric when None)."""

    slice: Slice
    person: str
    metric: str | None = None


@dataclass(frozen=True, slots=True)
class EscalationStep:
    """After `wait` without acknowledgement, tell `person` too."""

    wait: timedelta
    person: str


@dataclass(frozen=True, slots=True)
class AssignmentTable:
    """The responsibility map, who answers when nobody else does, and who is told when nobody answers."""

    responsibilities: tuple[Responsibility, ...]
    fallback: str
    acknowledge_within: timedelta
    resolve_within: timedelta
    escalation: tuple[EscalationStep, ...] = ()


@dataclass(frozen=True, slots=True)
class ChannelDefinition:
    """A configured channel: plugin name and its options (secrets by reference: `env:NAME`)."""

    name: str
    plugin: str
    options: dict[str, object]

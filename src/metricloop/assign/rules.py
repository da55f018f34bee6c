"""Who owns an incident: the most specific responsibility that covers its cause. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from metricloop.define.responsibility import AssignmentTable, Responsibility
from metricloop.kernel.message import Message
from metricloop.kernel.slices import Slice


@dataclass(frozen=True, slots=True)
class Choice:
    """A person and the reason in words."""

    person: str
    reason: Message


def choose(table: AssignmentTable, metric: str, causes: Sequence[Slice], slice_: Slice) -> Choice:
    """The first cause that somebody answers for decides, then the incident's own slice, then the fallback.

    Where several responsibilities cover a slice, the one with most dimensions wins, then the one for this metric.
    """
    for cause in causes:
        found = _responsible(table, metric, cause)
        if found:
            return Choice(found.person, Message("assignment.cause_owner", {"slice": found.slice.as_dict()}))
    found = _responsible(table, metric, slice_)
    if found:
        return Choice(found.person, Message("assignment.slice_owner", {"slice": found.slice.as_dict()}))
    return Choice(table.fallback, Message("assignment.fallback", {}))


def choose_for_data(table: AssignmentTable, owner: str | None) -> Choice:
    """Who answers for the dataset, or else the fallback."""
    if owner is not None:
        return Choice(owner, Message("assignment.data_owner", {}))
    return Choice(table.fallback, Message("assignment.fallback", {}))


def _responsible(table: AssignmentTable, metric: str, slice_: Slice) -> Responsibility | None:
    fitting = [r for r in table.responsibilities if r.slice.contains(slice_) and r.metric in (None, metric)]
    return max(fitting, key=lambda r: (len(r.slice.pairs), r.metric is not None), default=None)

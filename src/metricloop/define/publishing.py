"""Who may publish which change. Pure.

A steward or administrator may publish anything. Besides, who has the role owner may publish what is theirs: the metrics
that they own, the monitors on these, the datasets whose data they answer for. What would show them, or certify, more
than they decide over takes a steward: a certified metric's numbers, another dataset, inputs that they may not see.
As long as a project names neither steward nor administrator, every owner publishes, and whoever is at the command line.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from metricloop.access.model import Permission, Person, Role
from metricloop.access.rules import permissions
from metricloop.define.impact import Meaning
from metricloop.define.model import Document, Kind, Metric, Status, Version
from metricloop.define.project import Project
from metricloop.define.sight import Sight
from metricloop.define.versions import Change, ChangeKind
from metricloop.kernel.errors import NotPermitted
from metricloop.kernel.message import Message

_SAME_DATA = ("source", "table", "sql", "joins")  # the parts of a dataset that say which data it reads


@dataclass(frozen=True, slots=True)
class Publisher:
    """Who publishes, with the roles that they have here (a token may have fewer than its person)."""

    person: Person
    roles: tuple[Role, ...]


class Why(StrEnum):
    """Why a change is not the publisher's to make, as the command line says it."""

    NOT_YOURS = "its owner or a steward may"
    STEWARD_ONLY = "a steward may"
    CERTIFIED = "a steward certifies, and changes what is certified"
    OTHER_DATA = "it would read other data"
    UNSEEN_INPUT = "it would show what you may not see"


@dataclass(frozen=True, slots=True)
class Refusal:
    """A change that the publisher may not make: why, and the ids of the people who may."""

    change: Change
    said: Message
    why: Why
    people: tuple[str, ...]


def governed(project: Project) -> bool:
    """Whether anybody is named who keeps the definitions; before that there is nobody to ask."""
    return bool(stewards(project))


def stewards(project: Project) -> tuple[str, ...]:
    """Ids of those who may publish anything: stewards, whose work it is, before administrators."""
    able = [p for p in project.people.values() if Permission.DEFINITION_PUBLISH in permissions(p.roles)]
    return tuple(p.id for p in sorted(able, key=lambda person: (Role.STEWARD not in person.roles, person.id)))


def refusals(
    told: Sequence[Meaning], publisher: Publisher, before: Project | None, after: Project
) -> tuple[Refusal, ...]:
    """Every change that is not the publisher's to make. None where nothing was live, or where nobody governs it."""
    held = permissions(publisher.roles)
    if before is None or not governed(before) or Permission.DEFINITION_PUBLISH in held:
        return ()
    rules = _Rules(publisher.person, Permission.DEFINITION_EDIT in held, before, after)
    return tuple(refusal for meaning in told for refusal in rules.of(meaning))


def require_publisher(found: Sequence[Refusal], project: Project) -> None:
    """Raise NotPermitted with every change that was refused and who may make it."""
    if not found:
        return
    lines = "; ".join(f"{each.change.kind} {each.change.name} ({each.why})" for each in found)
    people = dict.fromkeys(person for each in found for person in each.people)
    names = ", ".join(project.people[id].name for id in people if id in project.people) or "a steward"
    raise NotPermitted(f"this is not yours to publish: {lines}", fix=f"ask one of these: {names}")


@dataclass(frozen=True, slots=True)
class _Rules:
    person: Person
    may_edit: bool
    before: Project
    after: Project

    def of(self, meaning: Meaning) -> Iterator[Refusal]:
        """The first reason that holds."""
        owners = self._owners(meaning.change)
        reason = self._reason(meaning, owners)
        if reason is not None:
            why, helped = reason
            people = tuple(dict.fromkeys([*helped, *stewards(self.before)]))
            code = {
                Why.NOT_YOURS: "publish.not_yours",
                Why.STEWARD_ONLY: "publish.steward_only",
                Why.CERTIFIED: "publish.certified",
                Why.OTHER_DATA: "publish.other_data",
                Why.UNSEEN_INPUT: "publish.unseen_input",
            }[why]
            yield Refusal(meaning.change, Message(code, {"people": self._names(people)}), why, people)

    def _reason(self, meaning: Meaning, owners: Sequence[str] | None) -> tuple[Why, Sequence[str]] | None:
        change = meaning.change
        if owners is None:
            return Why.STEWARD_ONLY, ()
        if not self.may_edit or not owners or any(owner != self.person.id for owner in owners):
            return Why.NOT_YOURS, self._editors(owners)
        if self._certifies(meaning):
            return Why.CERTIFIED, ()
        if self._reads_other_data(change):
            return Why.OTHER_DATA, ()
        if change.kind is Kind.METRIC and not self._sees_inputs(change.name):
            return Why.UNSEEN_INPUT, ()
        return None

    def _owners(self, change: Change) -> tuple[str, ...] | None:
        """All of whom the publisher must be. None: nobody owns such a definition."""
        if change.kind is Kind.METRIC:
            live = self.before.metrics.get(change.name)
            return (live.governance.owner,) if live else self._owners_of_data(self.after.metrics[change.name])
        if change.kind is Kind.DATASET:
            known = self.before.datasets.get(change.name)
            return None if known is None or known.owner is None else (known.owner,)
        if change.kind is Kind.MONITOR:
            return self._owners_of_monitor(change.name)
        return None

    def _owners_of_data(self, metric: Metric) -> tuple[str, ...] | None:
        """A new metric is for those who answer for what it reads: its dataset's data, or its inputs."""
        if metric.inputs:
            inputs = [self.before.metrics.get(each.name) for each in metric.inputs]
            return tuple({each.governance.owner for each in inputs if each}) if all(inputs) else None
        dataset = self.before.datasets.get(metric.dataset)
        return (dataset.owner,) if dataset and dataset.owner else None

    def _owners_of_monitor(self, name: str) -> tuple[str, ...]:
        watched = [
            project.metrics[project.monitors[name].metric]
            for project in (self.before, self.after)
            if name in project.monitors and project.monitors[name].metric in project.metrics
        ]
        return tuple({metric.governance.owner for metric in watched})

    def _certifies(self, meaning: Meaning) -> bool:
        """Whether a metric becomes certified, or the numbers of one that is become others."""
        change = meaning.change
        new = self.after.metrics.get(change.name) if change.kind is Kind.METRIC else None
        old = self.before.metrics.get(change.name)
        was = old is not None and old.governance.status is Status.CERTIFIED
        if new is not None and new.governance.status is Status.CERTIFIED and not was:
            return True
        return any(
            self.after.metrics[name].governance.status is Status.CERTIFIED
            for name in meaning.recomputed
            if name in self.after.metrics
        )

    def _reads_other_data(self, change: Change) -> bool:
        if change.kind is Kind.DATASET and change.change is ChangeKind.CHANGED:
            return _parts(change.live) != _parts(change.document)
        old, new = self.before.metrics.get(change.name), self.after.metrics.get(change.name)
        if change.kind is not Kind.METRIC or old is None or new is None or old.dataset == new.dataset:
            return False
        dataset = self.before.datasets.get(new.dataset)
        return not new.inputs and (dataset is None or dataset.owner != self.person.id)

    def _sees_inputs(self, name: str) -> bool:
        metric = self.after.metrics.get(name)
        sight = Sight(self.before, self.person)
        return metric is None or all(sight.whole(each.name) for each in metric.inputs)

    def _editors(self, owners: Sequence[str]) -> list[str]:
        """Of the owners those who may publish at all."""
        known = [self.before.people[owner] for owner in owners if owner in self.before.people]
        return [person.id for person in known if Permission.DEFINITION_EDIT in permissions(person.roles)]

    def _names(self, people: Sequence[str]) -> list[str]:
        return [self.before.people[id].name for id in people if id in self.before.people]


def _parts(written: Document | Version | None) -> list[Any]:
    return [written.body.get(part) for part in _SAME_DATA] if written is not None else []


def may_publish(project: Project, kind: Kind, name: str, publisher: Publisher) -> bool:
    """Whether a plain change of a live definition is the publisher's to make; a special one may need a steward yet."""
    held = permissions(publisher.roles)
    if Permission.DEFINITION_PUBLISH in held:
        return True
    theirs = not governed(project) or owners_of(project, kind, name) == (publisher.person.id,)
    return Permission.DEFINITION_EDIT in held and theirs


def publishers(project: Project, kind: Kind, name: str) -> tuple[str, ...]:
    """Ids of who may publish a plain change of it: its owner first."""
    owners = [project.people[id] for id in owners_of(project, kind, name) if id in project.people]
    able = [person.id for person in owners if Permission.DEFINITION_EDIT in permissions(person.roles)]
    return tuple(dict.fromkeys([*able, *stewards(project)]))


def owners_of(project: Project, kind: Kind, name: str) -> tuple[str, ...]:
    """Who answers for a live definition; nobody in particular where this is empty."""
    if kind is Kind.DATASET:
        dataset = project.datasets.get(name)
        return (dataset.owner,) if dataset and dataset.owner else ()
    watched = project.monitors[name].metric if kind is Kind.MONITOR and name in project.monitors else name
    metric = project.metrics.get(watched) if kind in (Kind.METRIC, Kind.MONITOR) else None
    return (metric.governance.owner,) if metric else ()

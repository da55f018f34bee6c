"""From shapes to the frozen nouns of a project; everything has been checked before."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeVar

from metricloop.access.model import Contact, Grant, Person, Team
from metricloop.define import shapes
from metricloop.define.draft import Draft
from metricloop.define.metric_nouns import datasets_of, metrics_of
from metricloop.define.metric_shapes import SourceShape
from metricloop.define.model import Source
from metricloop.define.monitors import Gates, Monitor
from metricloop.define.playbooks import Field, Playbook, StepDefinition
from metricloop.define.project import Project
from metricloop.define.responsibility import AssignmentTable, ChannelDefinition, EscalationStep, Responsibility
from metricloop.define.slices_written import expand
from metricloop.define.written import Shape

S = TypeVar("S", bound=Shape)
N = TypeVar("N")


def project_of(draft: Draft) -> Project:
    """The project, its definitions in the order of their names (so that files and store give equal projects)."""
    _, head = next(draft.all(shapes.ProjectShape))
    _, table = next(draft.all(shapes.AssignmentShape))
    return Project(
        name=head.project,
        timezone=head.timezone,
        language=head.language,
        mode=head.mode,
        sources=_named(draft, SourceShape, lambda one: Source(one.name, one.plugin, one.label, one.options)),
        datasets=datasets_of(draft, head.timezone),
        metrics=metrics_of(draft),
        monitors=_named(draft, shapes.MonitorShape, _monitor),
        playbooks=_named(draft, shapes.PlaybookShape, _playbook),
        people=_named(draft, shapes.PersonShape, _person),
        teams=_named(draft, shapes.TeamShape, _team),
        assignment=_assignment(table),
        channels=_named(draft, shapes.ChannelShape, _channel),
    )


def _named(draft: Draft, shape_type: type[S], make: Callable[[S], N]) -> Mapping[str, N]:
    shaped = sorted(draft.all(shape_type), key=lambda pair: pair[0].name)
    return {document.name: make(shape) for document, shape in shaped}


def _monitor(shape: shapes.MonitorShape) -> Monitor:
    return Monitor(
        name=shape.name,
        metric=shape.metric,
        grain=shape.grain,
        slices=tuple(shape.slices),
        detector=shape.detector,
        options=shape.options,
        gates=Gates(**dict(shape.gates)),
        severity=shape.severity,
        verify_buckets=shape.verify_buckets,
        self_heal_after=shape.self_heal_after,
        review_required=shape.review_required,
    )


def _playbook(shape: shapes.PlaybookShape) -> Playbook:
    return Playbook(
        name=shape.name,
        label=shape.label,
        mode=shape.mode,
        metrics=tuple(shape.metrics),
        steps=tuple(_step(step) for step in shape.steps),
        target=shape.target,
    )


def _step(shape: shapes.StepShape) -> StepDefinition:
    stop_on = next(((name, _answer(value)) for name, value in shape.stop_on.items()), None)
    return StepDefinition(
        id=shape.id,
        kind=shape.kind,
        title=shape.title,
        grade=shape.grade,
        to=shape.to,
        within=shape.within,
        help=shape.help,
        effect=shape.effect,
        undo=shape.undo,
        form=tuple(Field(one.name, one.label, one.type, one.required, tuple(one.options)) for one in shape.form),
        action=shape.action,
        options=shape.options,
        stop_on=stop_on,
    )


def _answer(value: str | bool) -> str:
    """A boolean as YAML writes it."""
    return str(value).lower() if isinstance(value, bool) else value


def _team(shape: shapes.TeamShape) -> Team:
    return Team(shape.name, shape.label, tuple(Grant(one.where, tuple(one.metrics)) for one in shape.grants))


def _person(shape: shapes.PersonShape) -> Person:
    return Person(
        id=shape.id,
        name=shape.name,
        language=shape.language,
        roles=tuple(shape.roles),
        teams=tuple(shape.teams),
        contacts=tuple(Contact(one.channel, one.address, one.verified) for one in shape.contacts),
        scripted=shape.scripted,
    )


def _assignment(shape: shapes.AssignmentShape) -> AssignmentTable:
    return AssignmentTable(
        responsibilities=tuple(
            Responsibility(one, entry.person, entry.metric)
            for entry in shape.responsibilities
            for one in expand(entry.slice)
        ),
        fallback=shape.fallback,
        acknowledge_within=shape.acknowledge_within,
        resolve_within=shape.resolve_within,
        escalation=tuple(EscalationStep(step.wait, step.person) for step in shape.escalation),
    )


def _channel(shape: shapes.ChannelShape) -> ChannelDefinition:
    return ChannelDefinition(shape.name, shape.plugin, dict(shape.options))

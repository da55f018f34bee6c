"""Meaning of people, assignment and channels: everybody can be reached, and every incident finds somebody."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from metricloop.define.draft import Draft, check_name, check_plugin, issue, repeated
from metricloop.define.metric_nouns import lead_dataset
from metricloop.define.metric_shapes import DatasetShape, MetricShape
from metricloop.define.model import Document, Kind
from metricloop.define.shapes import AssignmentShape, ChannelShape, PersonShape, TeamShape
from metricloop.define.slices_written import expand
from metricloop.define.suggest import did_you_mean
from metricloop.kernel.errors import Issue
from metricloop.kernel.slices import Slice


def check_people(draft: Draft) -> Iterator[Issue]:
    for document, person in draft.all(PersonShape):
        if not person.contacts:
            fix = "add contacts: [{channel: CHANNEL, address: ...}]; who cannot be reached cannot own anything"
            yield issue(document, "", "has no contact", fix)
        for at, contact in enumerate(person.contacts):
            yield from check_name(draft, document, f"contacts.{at}.channel", Kind.CHANNEL, contact.channel)
        for at, role in repeated([role.value for role in person.roles]):
            yield issue(document, f"roles.{at}", f"the role {role} is there twice", "remove one")


def check_teams(draft: Draft) -> Iterator[Issue]:
    """Grants name what is there: a row grant that fits nothing would quietly hide everything."""
    known = {name for _, dataset in draft.all(DatasetShape) for name in dataset.dimension_names}
    for document, team in draft.all(TeamShape):
        for at, grant in enumerate(team.grants):
            for metric in grant.metrics:
                yield from check_name(draft, document, f"grants.{at}.metrics", Kind.METRIC, metric)
            for dimension in grant.where:
                if dimension not in known and not draft.incomplete:
                    problem = f"{dimension} is no dimension of any dataset"
                    fix = did_you_mean(dimension, known, "dimensions")
                    yield issue(document, f"grants.{at}.where.{dimension}", problem, fix)


def check_channels(draft: Draft) -> Iterator[Issue]:
    for document, channel in draft.all(ChannelShape):
        yield from check_plugin(draft, document, "plugin", "channels", channel.plugin)


def check_assignment(draft: Draft) -> Iterator[Issue]:
    for document, table in draft.all(AssignmentShape):
        yield from check_name(draft, document, "fallback", Kind.PERSON, table.fallback)
        yield from _check_times(document, table)
        for at, step in enumerate(table.escalation):
            yield from check_name(draft, document, f"escalation.{at}.person", Kind.PERSON, step.person)
        yield from _check_responsibilities(draft, document, table)


def _check_times(document: Document, table: AssignmentShape) -> Iterator[Issue]:
    if table.acknowledge_within > table.resolve_within:
        problem = "acknowledge_within is longer than resolve_within"
        yield issue(document, "acknowledge_within", problem, "give less time to acknowledge than to resolve")
    for path, wait in (("acknowledge_within", table.acknowledge_within), ("resolve_within", table.resolve_within)):
        if wait <= timedelta(0):
            yield issue(document, path, f"{path} is zero", "write a time people can keep, such as 30m")
    for at, step in enumerate(table.escalation):
        if step.wait <= timedelta(0):
            yield issue(document, f"escalation.{at}.wait", "the wait is zero", "write a wait such as 30m")


def _check_responsibilities(draft: Draft, document: Document, table: AssignmentShape) -> Iterator[Issue]:
    taken: dict[tuple[str | None, Slice], str] = {}
    for at, entry in enumerate(table.responsibilities):
        path = f"responsibilities.{at}"
        yield from check_name(draft, document, f"{path}.person", Kind.PERSON, entry.person)
        if entry.metric is not None:
            yield from check_name(draft, document, f"{path}.metric", Kind.METRIC, entry.metric)
        yield from _check_dimensions(draft, document, path, entry.metric, list(entry.slice))
        for one in expand(entry.slice):
            first = taken.setdefault((entry.metric, one), entry.person)
            if first != entry.person:
                problem = f"both {first} and {entry.person} answer for {one}"
                yield issue(document, path, problem, "name one person for each slice")


def _check_dimensions(
    draft: Draft, document: Document, path: str, metric: str | None, dimensions: list[str]
) -> Iterator[Issue]:
    """Dimensions must be declared: by the metric's dataset, or by any dataset when no metric is named."""
    known = {name for _, dataset in draft.all(DatasetShape) for name in dataset.dimension_names}
    shape = draft.one(MetricShape, metric) if metric else None
    own = lead_dataset(shape, draft) if shape else None
    if own is not None:
        known = set(own.dimension_names)
    everything_read = len(list(draft.all(DatasetShape))) == len(draft.names(Kind.DATASET)) and not draft.incomplete
    for dimension in dimensions:
        if dimension not in known and everything_read:
            problem = f"{dimension} is no dimension of any dataset" if own is None else f"{metric} has no {dimension}"
            fix = did_you_mean(dimension, known, "dimensions")
            yield issue(document, f"{path}.slice.{dimension}", problem, fix)

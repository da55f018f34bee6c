"""The routes that are more than one call: each reads what the next use case needs, and calls it.

Nothing is decided here; where a line looks like a decision it belongs into a stage's rules.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from metricloop.act import use_cases as act
from metricloop.act.model import TaskKind
from metricloop.assign import use_cases as assign_
from metricloop.attribute import use_cases as attribute
from metricloop.attribute.rules import headline
from metricloop.attribute.suspects import Suspect
from metricloop.collect.recipe import recipe_of, splits
from metricloop.collect.series import series_span
from metricloop.define.playbooks import Mode
from metricloop.kernel.errors import SourceFailed
from metricloop.kernel.events import Event
from metricloop.kernel.message import Message
from metricloop.loop.ports import LoopUnit
from metricloop.loop.site import Site
from metricloop.notify import use_cases as notify
from metricloop.notify.model import DeliveryState
from metricloop.review import use_cases as review
from metricloop.triage import use_cases as triage
from metricloop.triage.model import IncidentKind, Trigger
from metricloop.triage.rules import allowed, span_to_explain, suspects_of
from metricloop.verify import use_cases as verify

Write = Callable[[LoopUnit], None]


def nothing(unit: LoopUnit) -> None:
    """There is nothing left to do about this event."""


def look_again(site: Site, event: Event) -> Write:
    return lambda unit: verify.look_again(unit, site.project, at=event.at)


def attribute_incident(site: Site, event: Event) -> Write:
    number = int(event.subject)
    with site.open_unit(write=False) as look:
        incident = look.incidents.get(number)
        if incident is not None and incident.kind is IncidentKind.DATA:
            return lambda unit: assign_.assign_incident(unit, site.project, number, [], at=event.at)
        if incident is None or not incident.anomalies or incident.metric not in site.project.metrics:
            return nothing  # one that was merged away meanwhile has none left
        recipe = recipe_of(site.project, site.project.metric(incident.metric))
        span = series_span(look.points, recipe, incident.grain)
        members = look.anomalies.of(incident.anomalies)
    start, end = span_to_explain(incident, members)
    if span is None or not splits(site.project, recipe.metric):
        return lambda unit: assign_.assign_incident(unit, site.project, number, [], at=event.at)
    try:
        found = attribute.attribute_window(
            site.leaves,
            site.project,
            number,
            recipe.metric,
            start,
            end,
            known_since=span[0],
            direction=-1 if incident.impact < 0 else 1,
            # The detector has said that the whole is off; where only a slice is, the past tells what is noise.
            total_noise=None if incident.slice else 0.0,
            suspects=[Suspect(slice_, score) for slice_, score in suspects_of(incident, members)],
            at=event.at,
        )
    except SourceFailed as error:
        told = Message("timeline.attribution_failed", {"problem": error.problem})
        return lambda unit: triage.note(unit, number, event.at, "attribute", None, told, event.key)
    if found is None:
        return lambda unit: assign_.assign_incident(unit, site.project, number, [], at=event.at)
    return lambda unit: attribute.keep(unit, found, at=event.at)


def explain(site: Site, event: Event) -> Write:
    number = int(event.subject)

    def write(unit: LoopUnit) -> None:
        found = unit.attributions.get(number)
        if found is not None:
            triage.explained(
                unit,
                number,
                headline=headline(found),
                localisable=found.localisable,
                verdict=found.verdict.value,
                at=event.at,
            )

    return write


def assign(site: Site, event: Event) -> Write:
    number = int(event.subject)

    def write(unit: LoopUnit) -> None:
        found = unit.attributions.get(number)
        causes = [cause.slice for cause in found.causes] if found and found.localisable else []
        assign_.assign_incident(unit, site.project, number, causes, at=event.at)

    return write


def _tell(site: Site, unit: LoopUnit, person: str | None, message: Message, number: int | None, event: Event) -> None:
    if person:
        notify.tell(unit, person, message, incident=number, cause=event.key, channels=site.channel_names, at=event.at)


def tell_owner(site: Site, event: Event) -> Write:
    number = int(event.subject)

    def write(unit: LoopUnit) -> None:
        incident, given = triage.get(unit, number), unit.assignments.latest(number)
        due = given.acknowledge_due_at.isoformat() if given else None
        told = Message("notify.assigned", {"number": number, "severity": incident.severity, "due": due})
        _tell(site, unit, incident.owner, told, number, event)

    return write


def tell_escalated(site: Site, event: Event) -> Write:
    number = int(event.subject)

    def write(unit: LoopUnit) -> None:
        severity = triage.get(unit, number).severity
        told = Message("notify.escalated", {"number": number, "severity": severity})
        _tell(site, unit, str(event.data["person"]), told, number, event)

    return write


def tell_assignee(site: Site, event: Event) -> Write:
    def write(unit: LoopUnit) -> None:
        task = unit.tasks.get(event.subject)
        if task is None:
            return
        code = "notify.approval" if task.kind is TaskKind.APPROVAL else "notify.task"
        _tell(site, unit, task.assignee, Message(code, {"title": task.title.both()}), task.incident, event)

    return write


def tell_step(site: Site, event: Event) -> Write:
    def write(unit: LoopUnit) -> None:
        run = unit.runs.get(event.subject)
        if run is None:
            return
        incident = triage.get(unit, run.incident)
        to = str(event.data["person"])
        told = Message("notify.step", {"text": event.data["text"]})
        _tell(site, unit, incident.owner if to == "owner" else to, told, run.incident, event)

    return write


def tell_reopened(site: Site, event: Event) -> Write:
    number = int(event.subject)

    def write(unit: LoopUnit) -> None:
        _tell(site, unit, triage.get(unit, number).owner, Message("notify.reopened", {"number": number}), number, event)

    return write


def tell_verified(site: Site, event: Event) -> Write:
    number = int(event.subject)

    def write(unit: LoopUnit) -> None:
        incident = triage.get(unit, number)
        about_data = incident.kind is IncidentKind.DATA
        told = Message("notify.data_verified" if about_data else "notify.verified", {"number": number})
        _tell(site, unit, incident.owner, told, number, event)

    return write


def tell_proposal(site: Site, event: Event) -> Write:
    def write(unit: LoopUnit) -> None:
        proposal = unit.proposals.get(event.subject)
        if proposal is not None:
            owner = site.project.metric(site.project.monitor(proposal.monitor).metric).governance.owner
            _tell(site, unit, owner, Message("notify.proposal", {"monitor": proposal.monitor}), None, event)

    return write


def start_work(site: Site, event: Event) -> Write:
    """A person has done something about it: the incident is in progress."""

    def write(unit: LoopUnit) -> None:
        task = unit.tasks.get(event.subject)
        if task is not None and task.incident is not None and task.done_by not in (None, "system"):
            triage.start(unit, task.incident, person=task.done_by, at=event.at)

    return write


def resolve_automatic(site: Site, event: Event) -> Write:
    """A finished automatic run says "mended"; in the other modes a person does."""

    def write(unit: LoopUnit) -> None:
        run = unit.runs.get(event.subject)
        if run is None or run.mode is not Mode.AUTOMATIC:
            return
        if Trigger.RESOLVE in allowed(triage.get(unit, run.incident).state):
            triage.resolve(unit, run.incident, person=None, at=event.at)

    return write


def pull(unit: LoopUnit, number: int, trigger: Trigger, at: datetime) -> None:
    """Pull a trigger of the data, unless a person was quicker."""
    if trigger in allowed(triage.get(unit, number).state):
        triage.move(unit, number, trigger, at=at, by=None)


def close_if_done(site: Site, event: Event) -> Write:
    number = int(event.subject)

    def write(unit: LoopUnit) -> None:
        if review.may_close(unit, site.project, number):
            triage.close(unit, number, person=None, at=event.at)

    return write


def apply_label(site: Site, event: Event) -> Write:
    def write(unit: LoopUnit) -> None:
        label = unit.labels.get(event.subject)
        if label is not None and label.incident is not None and label.withdrawn_at is None:
            triage.apply_label(unit, label.incident, label.verdict, person=label.by, at=event.at)

    return write


def tell_withdrawal(site: Site, event: Event) -> Write:
    """A label that was taken back stays on the timeline, and so does its end."""

    def write(unit: LoopUnit) -> None:
        label = unit.labels.get(event.subject)
        if label is not None and label.incident is not None:
            told = Message("timeline.label_withdrawn", {"verdict": label.verdict.value})
            triage.note(unit, label.incident, event.at, "tune", str(event.data["person"]), told, event.key)

    return write


def deliver(site: Site, event: Event) -> Write:
    """Send one notification. The provider is asked outside the transaction; a repeat carries the same id."""
    with site.open_unit(write=False) as look:
        waiting = look.outbox.get(event.subject)
        person = look.people.get(waiting.person) if waiting else None
        incident = look.incidents.get(waiting.incident) if waiting and waiting.incident is not None else None
    if waiting is None or waiting.state is not DeliveryState.PENDING:
        return nothing
    language = person.language if person else "en"
    parcel = notify.parcel_of(waiting, language, site.base_url, incident.headline if incident else None)
    result = notify.send(site.channels, waiting, parcel)
    return lambda unit: notify.keep_attempt(unit, event.subject, result, at=event.at)


def perform(site: Site, event: Event) -> Write:
    """Perform one outward effect, with its idempotency key, outside the transaction."""
    with site.open_unit(write=False) as look:
        effect = look.runs.effect(event.subject)
        run = look.runs.get(effect.run) if effect else None
    if effect is None or run is None or effect.done_at is not None:
        return nothing
    options = next((s.options for s in run.playbook.steps if s.id == effect.step), {})
    try:
        outcome = site.actions.perform(effect.action, options, effect.request, effect.key)
    except SourceFailed as error:
        problem = str(error)
        return lambda unit: act.keep_effect(unit, event.subject, None, problem, at=event.at)
    return lambda unit: act.keep_effect(unit, event.subject, outcome, None, at=event.at)

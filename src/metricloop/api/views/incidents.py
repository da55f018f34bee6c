"""Incidents as rows and pages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, cast, get_args

from metricloop.access.model import Permission
from metricloop.act.model import Run
from metricloop.api.schemas import incidents as shapes
from metricloop.api.schemas.shared import LocalText, RootCause, Severity
from metricloop.api.views import handling
from metricloop.api.views.acceptance import may_accept
from metricloop.api.views.waiting import ENDED, Facts, wait_of
from metricloop.api.views.words import Viewpoint, finite, local, money_or_count, seconds, unit_of
from metricloop.attribute.model import Attribution, Cause, Part
from metricloop.detect.model import Anomaly, AnomalyState, Label
from metricloop.notify.model import DeliveryAttempt, Notification
from metricloop.review.model import Review
from metricloop.triage.model import Incident, IncidentKind, IncidentState, TimelineEntry, Trigger
from metricloop.triage.rules import allowed
from metricloop.verify.model import Watch

Action = Literal["acknowledge", "take", "assign", "resolve", "reopen", "close", "comment", "label", "accept"]
TimelineKind = Literal[
    "detect", "attribute", "triage", "assign", "notify", "act", "verify", "review", "tune", "comment"
]
_BY_TRIGGER: dict[Action, Trigger] = {
    "acknowledge": Trigger.ACKNOWLEDGE,
    "resolve": Trigger.RESOLVE,
    "reopen": Trigger.REOPEN,
    "close": Trigger.CLOSE,
}
_NEAR_ZERO = 1e-9


def row(facts: Facts, view: Viewpoint) -> shapes.IncidentRow:
    """One line of the list."""
    incident, metric = facts.incident, view.metric(facts.incident.metric)
    wait = wait_of(facts, view.project, view.now)
    worth, impact_unit = money_or_count(metric)
    since = wait.since if wait else incident.opened_at
    until = view.now if wait else (incident.closed_at or incident.last_anomalous_at)
    impact = finite(incident.impact)
    dataset = view.project.datasets.get(incident.dataset or "")
    return shapes.IncidentRow(
        id=incident.number,
        kind=incident.kind.value,
        dataset=incident.dataset,
        dataset_label=local(dataset.label) if dataset else None,
        source=dataset.source if dataset else None,
        headline=view.message(incident.headline),
        metric=incident.metric,
        metric_label=local(metric.label) if metric else LocalText(en=incident.metric),
        metrics=list(incident.metrics),
        unit=unit_of(metric),
        slice=incident.slice.as_dict(),
        grain=incident.grain.value,
        severity=cast(Severity, incident.severity),
        state=incident.state.value,
        owner=view.person(incident.owner),
        started_at=incident.started_at,
        opened_at=incident.opened_at,
        ended_at=incident.ended_at,
        closed_at=incident.closed_at,
        impact=None if impact is None else impact * worth,
        impact_unit=impact_unit,
        localisable=incident.localisable,
        verdict=facts.attribution.verdict.value if facts.attribution else None,
        root_causes=[_cause(cause) for cause in facts.attribution.causes] if facts.attribution else [],
        next=view.message(wait.next) if wait else None,
        age_s=seconds(until - since),
        target_s=seconds(wait.due_at - wait.since) if wait else None,
        stuck=wait is not None and view.now > wait.due_at,
    )


@dataclass(frozen=True, slots=True)
class Detail:
    """What an incident's page needs beyond its row."""

    facts: Facts
    data_until: datetime | None
    anomalies: Sequence[Anomaly]
    timeline: Sequence[TimelineEntry]
    notifications: Sequence[tuple[Notification, Sequence[DeliveryAttempt]]]
    labels: Sequence[Label]
    review: Review | None
    similar: Sequence[tuple[Incident, Review | None]]


def page(detail: Detail, view: Viewpoint) -> shapes.IncidentPage:
    """Everything on one incident's page."""
    facts = detail.facts
    incident, given = facts.incident, facts.assignment
    metric = view.metric(incident.metric)
    dataset = view.project.datasets.get(metric.dataset if metric else incident.dataset or "")
    headlines = {incident.number: incident}
    return shapes.IncidentPage(
        **dict(row(facts, view)),
        monitor=incident.monitor,
        monitor_version=incident.monitor_version,
        metric_version=incident.metric_version,
        timezone=str(dataset.timezone if dataset else view.project.timezone),
        data_until=detail.data_until,
        assignment_reason=view.optional(given.reason) if given else None,
        acknowledge_due_at=given.acknowledge_due_at if given else None,
        resolve_due_at=given.resolve_due_at if given else None,
        actions=list(actions(incident, view)),
        attribution=_attribution(facts.attribution, incident, view) if facts.attribution else None,
        anomalies=[_anomaly(anomaly) for anomaly in detail.anomalies],
        run=handling.run_row(facts.run, view) if facts.run else None,
        tasks=[handling.task_row(task, headlines, view) for task in facts.tasks],
        timeline=[_timeline(entry, facts.run, view) for entry in detail.timeline],
        notifications=[notification(sent, tries, view) for sent, tries in detail.notifications],
        labels=[label(each, view) for each in detail.labels],
        verification=_verification(facts.watch, view) if facts.watch else None,
        review=review_page(detail.review, incident, view) if detail.review else None,
        similar=[_similar(past, learnt, view) for past, learnt in detail.similar],
    )


def actions(incident: Incident, view: Viewpoint) -> Sequence[Action]:
    """What this reader may do with the incident as it now stands."""
    found: list[Action] = []
    triggers = allowed(incident.state)
    if view.may(Permission.INCIDENT_HANDLE):
        found += [action for action, trigger in _BY_TRIGGER.items() if trigger in triggers]
        if incident.state not in ENDED:
            found += ["assign"] if incident.owner == view.caller.person.id else ["take", "assign"]
        found.append("comment")
    about_data = incident.kind is IncidentKind.DATA
    if view.may(Permission.INCIDENT_LABEL) and incident.state is not IncidentState.MERGED and not about_data:
        found.append("label")
    if view.may(Permission.INCIDENT_HANDLE) and may_accept(incident, view.caller, view.project):
        found.append("accept")
    return sorted(found, key=get_args(Action).index)


def _cause(cause: Cause) -> RootCause:
    return RootCause(
        slice=cause.slice.as_dict(),
        contribution=cause.contribution,
        share=finite(cause.share),
        confidence=cause.confidence,
        expected=finite(cause.expected),
        actual=finite(cause.actual),
    )


def _contribution(part: Part, total: float) -> shapes.Contribution:
    return shapes.Contribution(
        slice=part.slice.as_dict() if part.slice is not None else None,
        value=part.value,
        rate=finite(part.rate),
        mix=finite(part.mix),
        share=None if abs(total) < _NEAR_ZERO else finite(part.value / total),
        expected=finite(part.expected),
        actual=finite(part.actual),
    )


def _attribution(found: Attribution, incident: Incident, view: Viewpoint) -> shapes.AttributionView:
    by_dimension: Mapping[str, Sequence[Part]] = found.by_dimension
    return shapes.AttributionView(
        made_at=found.made_at,
        start=found.start,
        end=found.end,
        expected=found.expected,
        actual=found.actual,
        total=found.total,
        unit=unit_of(view.metric(found.metric)),
        verdict=found.verdict.value,
        localisable=found.localisable,
        root_causes=[_cause(cause) for cause in found.causes],
        contributions=[_contribution(part, found.total) for part in found.parts],
        by_dimension={d: [_contribution(part, found.total) for part in parts] for d, parts in by_dimension.items()},
        text=view.message(incident.headline),
    )


def _anomaly(anomaly: Anomaly) -> shapes.AnomalyRow:
    return shapes.AnomalyRow(
        id=anomaly.id,
        metric=anomaly.metric,
        slice=anomaly.slice.as_dict(),
        grain=anomaly.grain.value,
        started_at=anomaly.started_at,
        ended_at=anomaly.ended_at if anomaly.state is AnomalyState.ENDED else None,
        state=anomaly.state.value,
        points=anomaly.points,
        peak_score=finite(anomaly.peak_score) or 0.0,
        monitor=anomaly.monitor,
        monitor_version=anomaly.monitor_version,
    )


def _timeline(entry: TimelineEntry, run: Run | None, view: Viewpoint) -> shapes.TimelineRow:
    kind = entry.kind if entry.kind in get_args(TimelineKind) else "act"
    return shapes.TimelineRow(
        at=entry.at,
        kind=cast(TimelineKind, kind),
        actor=view.actor(entry.actor),
        message=handling.in_words(entry.message, run.playbook if run else None, view),
    )


def notification(sent: Notification, tries: Sequence[DeliveryAttempt], view: Viewpoint) -> shapes.NotificationRow:
    """What was sent to whom, and each attempt's outcome. An attempt to be repeated shows as failed."""
    return shapes.NotificationRow(
        id=sent.id,
        incident_id=sent.incident,
        person=view.somebody(sent.person),
        channel=sent.channel,
        state=sent.state.value,
        created_at=sent.created_at,
        message=view.message(sent.message),
        attempts=[
            shapes.DeliveryRow(
                at=each.at,
                outcome="failed" if each.outcome.value == "pending" else each.outcome.value,
                provider_code=each.provider_code,
                provider_message=each.provider_message,
            )
            for each in tries
        ],
    )


def label(given: Label, view: Viewpoint) -> shapes.LabelRow:
    return shapes.LabelRow(
        id=given.id,
        verdict=given.verdict.value,
        by=view.somebody(given.by),
        at=given.at,
        note=given.note,
        start=given.start,
        end=given.end,
        slice=given.slice.as_dict(),
        effects=[view.message(effect) for effect in given.effects],
        withdrawn_at=given.withdrawn_at,
    )


def _verification(watch: Watch, view: Viewpoint) -> shapes.Verification:
    return shapes.Verification(
        at=watch.decided_at,
        outcome=watch.outcome.value,
        buckets_needed=watch.needed,
        buckets_back=watch.back,
        message=view.message(watch.message),
    )


def review_page(review: Review, incident: Incident, view: Viewpoint) -> shapes.ReviewPage:
    """A review; its impact is shown in the incident's unit."""
    worth, unit = money_or_count(view.metric(incident.metric))
    impact = finite(review.impact)
    return shapes.ReviewPage(
        incident_id=review.incident,
        state="published" if review.published_at else "draft",
        drafted_at=review.drafted_at,
        published_at=review.published_at,
        by=view.person(review.by),
        cause=review.cause,
        lesson=review.lesson,
        summary=[view.message(line) for line in review.summary],
        impact=None if impact is None else impact * worth,
        impact_unit=unit,
    )


def _similar(past: Incident, learnt: Review | None, view: Viewpoint) -> shapes.SimilarRow:
    """`helped` is the data's word on what was done: verified without having been reopened.

    None while the data has not spoken, where nobody said that it was mended, and where what was done is not known.
    """
    what = (learnt.lesson or learnt.cause) if learnt else ""
    decided = bool(what) and past.resolved_at is not None and (past.verified_at is not None or past.reopened > 0)
    return shapes.SimilarRow(
        incident_id=past.number,
        headline=view.message(past.headline),
        opened_at=past.opened_at,
        state=past.state.value,
        what=what,
        helped=(past.verified_at is not None and past.reopened == 0) if decided else None,
    )

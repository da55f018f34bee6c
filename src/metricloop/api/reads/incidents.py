"""Incidents with what hangs on them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import datetime

from metricloop.act.model import Run, RunStatus, Task, TaskState
from metricloop.api.views.incidents import Detail
from metricloop.api.views.waiting import ENDED, Facts
from metricloop.define.project import Project
from metricloop.kernel.errors import NotFound
from metricloop.loop.ports import LoopUnit
from metricloop.review.model import Review
from metricloop.triage.model import Incident, IncidentState

UNDER_WAY = (RunStatus.RUNNING, RunStatus.WAITING, RunStatus.PAUSED)
OPEN_TASKS = (TaskState.OPEN, TaskState.ESCALATED)
MOST_SEARCHED = 2000
WITHIN_ROWS = "headline.within_rows"
_MOST_SIMILAR = 3


def get(unit: LoopUnit, number: int) -> Incident:
    incident = unit.incidents.get(number)
    if incident is None:
        raise not_there(number)
    return incident


def not_there(number: int) -> NotFound:
    """The same words whether there is none or it is not for this reader."""
    return NotFound(f"there is no incident {number}", fix="look at the list of incidents")


def facts_of(unit: LoopUnit, incidents: Sequence[Incident]) -> list[Facts]:
    """What rows need: open tasks and runs in one query each; assignment and watch only where the incident waits."""
    live = any(incident.state not in ENDED for incident in incidents)
    tasks: defaultdict[int | None, list[Task]] = defaultdict(list)
    runs: defaultdict[int, list[Run]] = defaultdict(list)
    for task in unit.tasks.find(states=OPEN_TASKS, limit=1000) if live else ():
        tasks[task.incident].append(task)
    for run in unit.runs.find(statuses=UNDER_WAY, limit=1000) if live else ():
        runs[run.incident].append(run)
    return [_facts(unit, each, runs[each.number], tasks[each.number]) for each in incidents]


def _facts(unit: LoopUnit, incident: Incident, runs: Sequence[Run], tasks: Sequence[Task]) -> Facts:
    waits = incident.state not in ENDED
    watched = incident.state in (IncidentState.RESOLVED, IncidentState.REOPENED)
    return Facts(
        incident=incident,
        attribution=unit.attributions.get(incident.number),
        assignment=unit.assignments.latest(incident.number) if waits else None,
        watch=unit.watches.get(incident.number) if watched else None,
        runs=runs,
        tasks=tasks,
    )


def states_of(text: str) -> tuple[IncidentState, ...]:
    """ "active", "all" or states with commas -> states; none stands for all. Raises ValueError on a word unknown."""
    if text in ("", "all"):
        return ()
    if text == "active":
        return tuple(state for state in IncidentState if state not in ENDED)
    return tuple(dict.fromkeys(IncidentState(word.strip()) for word in text.split(",")))


def search(
    unit: LoopUnit,
    project: Project,
    *,
    states: Sequence[IncidentState],
    metric: str | None,
    owner: str | None,
    words: str,
    limit: int,
    offset: int,
    shown: Callable[[Sequence[Incident]], Sequence[Incident]] | None = None,
) -> tuple[list[Facts], int]:
    """One page of incidents, newest first, and how many there are. With words, or a reader who is not shown all, the
    newest 2,000 are looked through. shown: the incidents that this reader is shown, as they are shown; None: all."""
    if shown is None and not words.strip():
        found, total = unit.incidents.find(states=states, metric=metric, owner=owner, limit=limit, offset=offset)
        return facts_of(unit, found), total
    all_, _ = unit.incidents.find(states=states, metric=metric, owner=owner, limit=MOST_SEARCHED)
    seen = shown(all_) if shown is not None else all_
    names = {person.id: person.name for person in unit.people.all()}
    fitting = [incident for incident in seen if _fits(unit, incident, _text(incident, project, names), words)]
    return facts_of(unit, fitting[offset : offset + limit]), len(fitting)


def _fits(unit: LoopUnit, incident: Incident, text: str, words: str) -> bool:
    """All words stand in the incident's text, or else in it and its root causes (which take a query)."""
    missing = [word for word in words.casefold().split() if word not in text]
    narrowed = incident.headline.code == WITHIN_ROWS  # what others' rows did must not be found by guessing
    found = unit.attributions.get(incident.number) if missing and not narrowed else None
    causes = " ".join(str(cause.slice) for cause in found.causes).casefold() if found else ""
    return all(word in causes for word in missing)


def _text(incident: Incident, project: Project, names: dict[str, str]) -> str:
    """Everything about an incident that somebody might type, in small letters."""
    metric = project.metrics.get(incident.metric)
    labels = [metric.label.zh or "", metric.label.en or ""] if metric else []
    parts = [str(incident.number), *incident.metrics, *labels, str(incident.slice), incident.severity]
    parts += [str(value) for value in incident.headline.params.values()]
    parts.append(names.get(incident.owner or "", ""))
    return " ".join(parts).casefold()


def detail_of(unit: LoopUnit, project: Project, number: int) -> Detail:
    """Everything of one incident's page."""
    incident = get(unit, number)
    sent = unit.outbox.find(incident=number)
    return Detail(
        facts=Facts(
            incident=incident,
            attribution=unit.attributions.get(number),
            assignment=unit.assignments.latest(number),
            watch=unit.watches.get(number),
            runs=unit.runs.of_incident(number),
            tasks=unit.tasks.find(incident=number),
        ),
        data_until=data_until(unit, project, incident.metric),
        anomalies=sorted(unit.anomalies.of(incident.anomalies), key=lambda each: (each.started_at, each.id)),
        timeline=unit.incidents.timeline(number),
        notifications=[(each, unit.outbox.attempts(each.id)) for each in sent],
        labels=unit.labels.of_incident(number),
        review=unit.reviews.get(number),
        similar=_similar(unit, incident),
    )


def data_until(unit: LoopUnit, project: Project, metric: str) -> datetime | None:
    """Up to when the metric's data have been collected."""
    known = project.metrics.get(metric)
    collection = unit.collections.get(known.dataset) if known else None
    return collection.until if collection else None


def _similar(unit: LoopUnit, incident: Incident) -> list[tuple[Incident, Review | None]]:
    """Ended incidents on this metric whose slice has rows in common, those on the very slice first, then the newest."""
    past, _ = unit.incidents.find(states=tuple(ENDED), metric=incident.metric, limit=200)
    alike = [each for each in past if each.number != incident.number and each.slice.may_overlap(incident.slice)]
    alike = [each for each in alike if bool(each.slice) == bool(incident.slice)]
    alike.sort(key=lambda each: (each.slice != incident.slice, -each.opened_at.timestamp()))
    return [(each, unit.reviews.get(each.number)) for each in alike[:_MOST_SIMILAR]]

"""What of the stored numbers this caller is shown: tracks narrowed to their rows, incidents they may see."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property

import numpy as np

from metricloop.access.grants import Rows
from metricloop.access.model import AuditEvent, Caller
from metricloop.act.model import Run
from metricloop.api.ports import System
from metricloop.api.reads import incidents, tracks
from metricloop.api.reads.viewpoint import look
from metricloop.api.views.incidents import Detail
from metricloop.api.views.loop import LoopFacts
from metricloop.api.views.track import Track
from metricloop.api.views.waiting import Facts
from metricloop.api.views.words import Viewpoint
from metricloop.define.model import Kind, Metric
from metricloop.kernel.errors import NotPermitted
from metricloop.kernel.grain import Grain
from metricloop.kernel.message import Message
from metricloop.kernel.series import Floats, Panel
from metricloop.kernel.slices import TOTAL, Slice
from metricloop.loop.ports import LoopUnit
from metricloop.notify.model import Notification
from metricloop.triage.model import Incident, IncidentKind
from metricloop.tune.model import Proposal


def read_seen(
    unit: LoopUnit,
    view: Viewpoint,
    metric: Metric,
    grain: Grain,
    start: datetime,
    end: datetime,
    wanted: Slice,
    known_at: datetime | None = None,
) -> Track:
    """The slice as this caller sees it; the total of somebody who sees rows alone is that of these rows.

    Raises NotPermitted where nothing of it is shown, or where stored points cannot be narrowed that way.
    """
    handled = IncidentSight(unit, view).handles(metric.name, wanted)
    parts = [wanted] if handled else seen_parts(metric, view.sight.rows(metric.name), wanted)
    return as_one(tracks.read_track(unit, view.project, metric, grain, start, end, parts, known_at))


def spark_seen(unit: LoopUnit, view: Viewpoint, metric: Metric) -> Track | None:
    """The last days or hours of the metric's total as this caller sees it; None where they see none."""
    try:
        parts = seen_parts(metric, view.sight.rows(metric.name), TOTAL)
    except NotPermitted:
        return None
    return as_one(tracks.spark(unit, view.project, metric, view.now, parts))


def seen_parts(metric: Metric, rows: Rows | None, wanted: Slice) -> list[Slice]:
    """Stored slices that add up to what is wanted within the rows. Raises NotPermitted where none do."""
    if rows is None or rows.holds(wanted):
        return [wanted]
    single = rows.single() if wanted == TOTAL else None
    if single is not None and (metric.additive or len(single[1]) == 1):
        dimension, values = single
        return [Slice.of({dimension: value}) for value in values]
    fix = f"you see {rows.predicate()}; ask the source with POST /metrics/{metric.name}/query"
    raise NotPermitted(f"{metric.name} is stored by single dimensions, which cannot be narrowed to your rows", fix=fix)


def as_one(track: Track) -> Track:
    """Several slices as their sum. Nothing was expected of the sum, so that it has no band."""
    if len(track.panel.slices) == 1:
        return track
    panel = track.panel
    ratio = track.metric.is_ratio
    below = panel.denominator.sum(axis=1) if ratio else panel.denominator.max(axis=1, initial=0.0)
    whole = Panel((TOTAL,), panel.starts, panel.numerator.sum(axis=1)[:, None], below[:, None], panel.collected_at)
    unknown: Floats = np.full(whole.numerator.shape, np.nan)
    calm = np.zeros(whole.numerator.shape, dtype=np.bool_)
    return replace(track, panel=whole, expected=unknown, lower=unknown, upper=unknown, score=unknown, anomalous=calm)


@dataclass(frozen=True)
class IncidentSight:
    """Which incidents the caller is shown: whole, or their rows of it without what other rows did, or not at all.

    Whoever has an incident, or a task of it, or was called to it, sees it whole: one cannot handle what one does not
    see.
    """

    unit: LoopUnit
    view: Viewpoint

    @cached_property
    def _restricted(self) -> bool:
        return self.view.sight.restricted

    @cached_property
    def _mine(self) -> frozenset[int]:
        """Incidents of the caller's tasks, done or not, and those to which they were called."""
        me = self.view.caller.person.id
        tasks, sent = self.unit.tasks.find(assignee=me, limit=1000), self.unit.outbox.find(person=me, limit=1000)
        numbers = [*(task.incident for task in tasks), *(each.incident for each in sent)]
        return frozenset(number for number in numbers if number is not None)

    def handles(self, metric: str, slice_: Slice) -> bool:
        """Whether an open incident of the caller's is about this slice: who handles it sees its chart."""
        return self._restricted and any(
            metric in each.metrics and each.slice == slice_ and self._is_mine(each)
            for each in self.unit.incidents.live()
        )

    def _is_mine(self, incident: Incident) -> bool:
        return incident.owner == self.view.caller.person.id or incident.number in self._mine

    def shows(self, incident: Incident) -> bool:
        return self.whole(incident) or self.view.sight.shows(incident.metric, incident.slice)

    def whole(self, incident: Incident) -> bool:
        if not self._restricted or self._is_mine(incident) or incident.kind is IncidentKind.DATA:
            return True  # what is about data tells no number of a metric
        if incident.metric in self.view.project.metrics:
            return self.view.sight.whole(incident.metric)
        return self._open_when_it_ended(incident.metric)

    def _open_when_it_ended(self, metric: str) -> bool:
        """Of a metric that is no more: as its last version had it."""
        last = self.unit.definitions.newest(Kind.METRIC, metric)
        if last is None:
            return True
        person, teams = self.view.caller.person, self.view.project.teams
        access = dict(last.body.get("governance", {})).get("access") or ()
        narrowed = any(name in teams and teams[name].grants for name in person.teams)
        return not narrowed and (not access or bool(set(access) & set(person.teams)))

    def require(self, number: int) -> Incident:
        """The incident as it is shown. Raises NotFound where it is not, or not for this caller."""
        incident = incidents.get(self.unit, number)
        if not self.shows(incident):
            raise incidents.not_there(number)
        return self.shown(incident)

    def shown(self, incident: Incident) -> Incident:
        """Without the head line's numbers, which are those of all rows, where the caller sees some rows alone."""
        if self.whole(incident):
            return incident
        said = Message("headline.within_rows", {"metric": incident.metric, "slice": incident.slice.as_dict()})
        return replace(incident, headline=said)

    def of(self, found: Iterable[Incident]) -> list[Incident]:
        return [self.shown(each) for each in found if self.shows(each)]

    def facts(self, found: Sequence[Facts]) -> list[Facts]:
        """Rows of a list: those shown, each without what other rows did."""
        return [
            each if self.whole(each.incident) else replace(each, incident=self.shown(each.incident), attribution=None)
            for each in found
            if self.shows(each.incident)
        ]

    def detail(self, found: Detail) -> Detail:
        """An incident's page: where only some rows are the caller's, without everything that others' rows are in."""
        similar = [(past, review) for past, review in found.similar if self.whole(past)]
        if self.whole(found.facts.incident):
            return replace(found, similar=similar)
        me = self.view.caller.person.id
        return replace(
            found,
            facts=self.facts([found.facts])[0],
            anomalies=[each for each in found.anomalies if self.view.sight.shows(each.metric, each.slice)],
            timeline=[entry for entry in found.timeline if entry.kind not in _TELLING],
            notifications=[(sent, tries) for sent, tries in found.notifications if sent.person == me],
            review=None,
            similar=similar,
        )

    def runs(self, found: Iterable[Run]) -> list[Run]:
        """Runs of incidents that are shown."""
        runs = list(found)
        if not self._restricted or not runs:
            return runs
        numbers = sorted({run.incident for run in runs})
        there, _ = self.unit.incidents.find(numbers=numbers, limit=len(numbers))
        shown = {each.number for each in there if self.shows(each)}
        return [run for run in runs if run.incident in shown]

    def notifications(self, sent: Sequence[Notification]) -> list[Notification]:
        """One's own, and those about incidents that one is shown whole."""
        numbers = sorted({each.incident for each in sent if each.incident is not None})
        if not self._restricted or not numbers:
            return list(sent)
        there, _ = self.unit.incidents.find(numbers=numbers, limit=len(numbers))
        whole = {each.number for each in there if self.whole(each)}
        me = self.view.caller.person.id
        return [each for each in sent if each.person == me or each.incident is None or each.incident in whole]

    def lines(self, found: Sequence[AuditEvent]) -> list[AuditEvent]:
        """The audit trail: that somebody did something stays; what was said of what is not shown does not."""
        if not self._restricted:
            return list(found)
        return [each if self._told(each) else replace(each, before=None, after=None) for each in found]

    def _told(self, line: AuditEvent) -> bool:
        if line.subject_kind not in _ABOUT_NUMBERS:
            return True
        number = int(line.subject_id) if line.subject_id.isdigit() else None
        incident = self.unit.incidents.get(number) if number is not None else None
        return incident is not None and self.whole(incident)

    def proposal(self, proposal: Proposal) -> bool:
        """A backtest tells what the whole metric did."""
        monitor = self.view.project.monitors.get(proposal.monitor)
        metric = monitor.metric if monitor else str(proposal.before.get("metric", ""))
        return not self._restricted or self.view.sight.whole(metric)

    def loop(self, facts: LoopFacts) -> LoopFacts:
        """The overview of what the caller is shown."""
        if not self._restricted:
            return facts
        return replace(
            facts,
            live=self.facts(facts.live),
            recent=self.of(facts.recent),
            proposals=[each for each in facts.proposals if self.proposal(each)],
            open_anomalies=[a for a in facts.open_anomalies if self.view.sight.shows(a.metric, a.slice)],
        )


# Subjects of the audit trail of which people write, or of which words could tell what other rows did.
_ABOUT_NUMBERS = frozenset({"incident", "review", "label", "task", "run", "proposal"})
# Kinds of lines on the timeline that name slices and numbers of all rows.
_TELLING = frozenset({"attribute", "review", "tune"})


def require_seen(system: System, caller: Caller, number: int) -> None:
    """Raise NotFound where the incident is not, or not for this caller; before anything is done about it."""
    with look(system, caller) as (unit, view):
        IncidentSight(unit, view).require(number)

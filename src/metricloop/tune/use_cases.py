"""Make proposals from labels, and let people decide on them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from metricloop.define.model import Kind, Origin
from metricloop.define.monitors import Monitor
from metricloop.define.project import Project
from metricloop.define.versions import content_hash, next_version
from metricloop.detect.model import Anomaly, Label, Verdict
from metricloop.detect.rules import passes
from metricloop.kernel.errors import Conflict, NotFound
from metricloop.kernel.events import Event
from metricloop.kernel.ids import derived_id
from metricloop.kernel.message import Message
from metricloop.tune.model import Proposal, ProposalState
from metricloop.tune.ports import TuneUnit
from metricloop.tune.rules import Candidate, best_change, changed_body, verdict_on

LOOK_BACK = timedelta(days=180)


def consider(unit: TuneUnit, project: Project, label_id: str, *, needed: int, at: datetime) -> None:
    """A false alarm was labelled: once a monitor has `needed` of them, propose the change that silences most.

    Only those that rang, and that the monitor as it is now would still raise, count: what an earlier proposal silenced
    is settled.
    Nothing is proposed while a proposal for the monitor is open, or when no change helps without losing a true alarm.
    """
    label = unit.labels.get(label_id)
    if label is None or label.verdict is not Verdict.FALSE_ALARM:
        return
    start = at - LOOK_BACK
    for monitor in sorted(project.monitors.values(), key=lambda m: m.name):
        if monitor.metric != label.metric or unit.proposals.find(states=[ProposalState.OPEN], monitor=monitor.name):
            continue
        anomalies = [a for a in unit.anomalies.between(monitor.metric, start, at) if a.monitor == monitor.name]
        labels = unit.labels.of_metric(monitor.metric)
        wrong = [a for a in anomalies if passes(monitor.gates, a) and _false(a, labels)]
        if len(wrong) < needed:
            continue
        found = best_change(monitor, anomalies, labels, start, at)
        if found is not None:
            _propose(unit, monitor, found, labels, at)


def _false(anomaly: Anomaly, labels: Sequence[Label]) -> bool:
    label = verdict_on(anomaly, labels)
    return anomaly.raised_at is not None and label is not None and label.verdict is Verdict.FALSE_ALARM


def _propose(unit: TuneUnit, monitor: Monitor, found: Candidate, labels: Sequence[Label], at: datetime) -> None:
    live = unit.definitions.newest(Kind.MONITOR, monitor.name)
    if live is None:
        return
    before, test = dict(live.body), found.backtest
    after = changed_body(before, found.gates)
    proposal = Proposal(
        id=derived_id("proposal", monitor.name, live.hash, content_hash(after)),
        monitor=monitor.name,
        monitor_version=live.number,
        created_at=at,
        title=Message(
            "proposal.raise_gates",
            {
                "monitor": monitor.name,
                "minimum_impact": found.gates.minimum_impact,
                "minimum_buckets": found.gates.minimum_buckets,
            },
        ),
        why=(
            Message("proposal.why_false", {"before": test.before.false, "after": test.after.false}),
            Message("proposal.why_caught", {"before": test.before.caught, "after": test.after.caught}),
        ),
        before=before,
        after=after,
        backtest=test,
        labels=tuple(x.id for x in labels if x.start < test.end and test.start < x.end),
    )
    if unit.proposals.get(proposal.id) is None:
        unit.proposals.add(proposal)
        unit.events.tell(Event(f"proposal.made:{proposal.id}", "proposal.made", proposal.id, at))


def accept(unit: TuneUnit, proposal_id: str, *, reason: str, person: str, at: datetime) -> Proposal:
    """A yes writes a new version of the monitor, with the proposal as its origin.

    Raises Conflict when the monitor has moved on since the proposal was made.
    """
    proposal = _open(unit, proposal_id)
    live = unit.definitions.newest(Kind.MONITOR, proposal.monitor)
    if live is None or live.number != proposal.monitor_version:
        raise Conflict(
            f"monitor {proposal.monitor} has changed since this proposal was made",
            fix="reject it; a new one is made from the present version",
        )
    new = next_version(live, Kind.MONITOR, proposal.monitor, proposal.after, origin=Origin.PROPOSAL, by=person, at=at)
    unit.definitions.add(new)
    return _decide(unit, replace(proposal, new_version=new.number), ProposalState.ACCEPTED, reason, person, at)


def reject(unit: TuneUnit, proposal_id: str, *, reason: str, person: str, at: datetime) -> Proposal:
    """A no; the rule stays as it is."""
    return _decide(unit, _open(unit, proposal_id), ProposalState.REJECTED, reason, person, at)


def _open(unit: TuneUnit, proposal_id: str) -> Proposal:
    proposal = unit.proposals.get(proposal_id)
    if proposal is None:
        raise NotFound(f"there is no proposal {proposal_id}", fix="look at the list of proposals")
    if proposal.state is not ProposalState.OPEN:
        raise Conflict(f"this proposal is {proposal.state.value} already", fix="reload it")
    return proposal


def _decide(
    unit: TuneUnit, proposal: Proposal, state: ProposalState, reason: str, person: str, at: datetime
) -> Proposal:
    done = unit.proposals.save(replace(proposal, state=state, decided_by=person, decided_at=at, decision_reason=reason))
    unit.audit.record(
        at=at, actor=person, action=f"proposal.{state.value}", subject_kind="proposal", subject_id=proposal.id,
        before=f"version {proposal.monitor_version}",
        after=f"version {done.new_version}" if done.new_version else reason,
    )  # fmt: skip
    unit.events.tell(Event(f"proposal.{state.value}:{proposal.id}", f"proposal.{state.value}", proposal.id, at))
    return done

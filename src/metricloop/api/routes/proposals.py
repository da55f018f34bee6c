"""Proposals: read the evidence, accept or reject."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Path

from metricloop.access.model import Caller
from metricloop.api.auth import Decider, Reader, Running
from metricloop.api.commands import do
from metricloop.api.ports import System
from metricloop.api.reads import tracks
from metricloop.api.reads.sight import IncidentSight
from metricloop.api.reads.viewpoint import look
from metricloop.api.schemas.proposals import ProposalPage, ProposalRow
from metricloop.api.schemas.shared import ReasonBody
from metricloop.api.views import proposals as views
from metricloop.api.views.track import Track
from metricloop.define.project import Project
from metricloop.kernel.errors import NotFound
from metricloop.kernel.grain import Grain
from metricloop.kernel.slices import Slice
from metricloop.loop.ports import LoopUnit
from metricloop.tune import use_cases as tune
from metricloop.tune.model import Proposal, ProposalState

router = APIRouter(prefix="/proposals", tags=["proposals"])

ProposalId = Annotated[str, Path(max_length=64)]
_LONGEST_CHART = {Grain.HOUR: timedelta(days=60), Grain.DAY: timedelta(days=400)}


@router.get("")
def proposals(caller: Reader, system: Running) -> list[ProposalRow]:
    """Open ones first, each newest first."""
    with look(system, caller) as (unit, view):
        sight = IncidentSight(unit, view)
        found = [each for each in unit.proposals.find(limit=200) if sight.proposal(each)]
    ranked = sorted(found, key=lambda each: each.state is not ProposalState.OPEN)
    return [views.proposal_row(each, view) for each in ranked]


def page(system: System, caller: Caller, id: str) -> ProposalPage:
    """One proposal as it stands now."""
    with look(system, caller) as (unit, view):
        found = unit.proposals.get(id)
        if found is None or not IncidentSight(unit, view).proposal(found):
            raise NotFound(f"there is no proposal {id}", fix="look at the list of proposals")
        slice_ = views.main_slice(found)
        track = _track(unit, view.project, found, slice_)
    return views.proposal_page(found, view.project.monitors.get(found.monitor), slice_, track, view)


def _track(unit: LoopUnit, project: Project, proposal: Proposal, slice_: Slice) -> Track | None:
    """The newest part of the backtest's history that a chart can still show."""
    monitor = project.monitors.get(proposal.monitor)
    metric = project.metrics.get(monitor.metric) if monitor else None
    if monitor is None or metric is None:
        return None
    start, end = proposal.backtest.start, proposal.backtest.end
    start = max(start, end - _LONGEST_CHART[monitor.grain])
    return tracks.read_track(unit, project, metric, monitor.grain, start, end, [slice_])


@router.get("/{id}")
def proposal(id: ProposalId, caller: Reader, system: Running) -> ProposalPage:
    """One proposal with its backtest."""
    return page(system, caller, id)


@router.post("/{id}/accept")
def accept_proposal(id: ProposalId, body: ReasonBody, caller: Decider, system: Running) -> ProposalPage:
    """Say yes: the monitor gets a new version."""
    page(system, caller, id)  # who may not see the evidence, may not decide on it
    do(system, lambda unit, at: tune.accept(unit, id, reason=body.reason, person=caller.person.id, at=at))
    return page(system, caller, id)


@router.post("/{id}/reject")
def reject_proposal(id: ProposalId, body: ReasonBody, caller: Decider, system: Running) -> ProposalPage:
    """Say no: the rule stays as it is."""
    page(system, caller, id)
    do(system, lambda unit, at: tune.reject(unit, id, reason=body.reason, person=caller.person.id, at=at))
    return page(system, caller, id)

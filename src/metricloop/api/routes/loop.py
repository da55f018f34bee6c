"""The loop's overview, the site's mode, the demo's clock."""

from __future__ import annotations

from fastapi import APIRouter

from metricloop.access.model import Caller
from metricloop.act import use_cases as act
from metricloop.api.auth import ModeSetter, Reader, Running
from metricloop.api.commands import do
from metricloop.api.ports import System
from metricloop.api.reads import loop as reads
from metricloop.api.reads.incidents import OPEN_TASKS
from metricloop.api.reads.sight import IncidentSight
from metricloop.api.reads.viewpoint import look
from metricloop.api.routes.tasks import incidents_of
from metricloop.api.schemas.loop import ClockBody, LoopOverview, ModeBody, TroubleRow
from metricloop.api.schemas.shared import Stamp
from metricloop.api.views import loop as views
from metricloop.api.views.handling import task_row
from metricloop.api.views.health import health
from metricloop.api.views.words import stamp
from metricloop.define.playbooks import Mode
from metricloop.kernel.errors import InvalidInput

router = APIRouter(tags=["loop"])


@router.get("/loop")
def loop(caller: Reader, system: Running) -> LoopOverview:
    """How many are where, what is stuck, what is off its path, how healthy the loop is."""
    return _overview(caller, system)


def _overview(caller: Caller, system: System) -> LoopOverview:
    with look(system, caller) as (unit, view):
        facts = IncidentSight(unit, view).loop(reads.loop_facts(unit, view.project, view.now))
        timelines = reads.timelines(unit, facts.recent, view.now)
        mine = unit.tasks.find(assignee=caller.person.id, states=OPEN_TASKS)
        incidents = incidents_of(unit, mine, view)
        mode = unit.site.mode() or view.project.mode
    stations, stuck = views.stations(facts, view)
    reached = [state.until for source in facts.sources for state in source.datasets if state.until]
    found = system.trouble()
    return LoopOverview(
        clock=stamp(system),
        trouble=TroubleRow(code=found.code, problem=found.problem, fix=found.fix) if found else None,
        mode=mode.value,
        data_until=min(reached, default=None),
        stations=stations,
        incidents_open=len(facts.live),
        opened_24h=sum(view.now - views.DAY < each.opened_at <= view.now for each in facts.recent),
        closed_24h=sum(
            each.closed_at is not None and view.now - views.DAY < each.closed_at <= view.now for each in facts.recent
        ),
        closed_share_30d=views.closed_share(facts.recent, view.now),
        stuck=stuck,
        my_tasks=[task_row(task, incidents, view) for task in mine],
        off_path=views.off_path(facts, view),
        metrics_total=len(view.project.metrics),
        health=health(facts.recent, timelines, view),
    )


@router.put("/loop/mode")
def set_mode(body: ModeBody, caller: ModeSetter, system: Running) -> LoopOverview:
    """Switch the whole site; it holds from the next step of every run on. A reason is owed."""
    if not body.reason.strip():
        raise InvalidInput("switching the mode needs a reason", fix="write one sentence that says why")
    mode = Mode(body.mode)
    do(system, lambda unit, at: act.set_site_mode(unit, mode, reason=body.reason, person=caller.person.id, at=at))
    return _overview(caller, system)


@router.put("/loop/clock")
def set_clock(body: ClockBody, caller: ModeSetter, system: Running) -> Stamp:
    """How fast the demo's clock goes, in seconds per second; there is no such thing where the clock is live."""
    system.set_speed(body.speed)
    return stamp(system)

"""The whole loop on one screen: which event leads to which use case.

A route has two halves. `prepare` may look and may ask the outside world, without a transaction; what it gives back is
done inside the transaction that marks the event handled. So an event is handled once, or not at all, whatever dies.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from metricloop.act import use_cases as act
from metricloop.assign import use_cases as assign
from metricloop.detect.use_cases import FALSE_ALARMS_FOR_PROPOSAL
from metricloop.kernel.events import Event
from metricloop.loop import data_steps, judging, keeping, redefinition, steps
from metricloop.loop.ports import LoopUnit
from metricloop.loop.site import Site
from metricloop.review import use_cases as review
from metricloop.triage import use_cases as triage
from metricloop.triage.model import Trigger
from metricloop.tune import use_cases as tune
from metricloop.verify import use_cases as verify

Write = Callable[[LoopUnit], None]
Route = Callable[[Site, Event], Write]


def _n(event: Event) -> int:
    return int(event.subject)


ROUTES: Mapping[str, tuple[Route, ...]] = {
    # collect -> detect -> triage
    "points.collected": (keeping.keep_closed, judging.judge, steps.look_again),
    "points.restated": (keeping.keep_restated, judging.relearn),
    "points.suspected": (keeping.keep_restated,),
    "data.held": (data_steps.hold,),
    "data.released": (data_steps.release,),
    "metric.redefined": (redefinition.announce,),
    "monitor.broken": (judging.record_broken,),
    "anomaly.raised": (lambda s, e: lambda u: triage.sort_anomaly(u, s.project, e.subject, at=e.at),),
    "anomaly.grew": (lambda s, e: lambda u: triage.follow_anomaly(u, s.project, e.subject, at=e.at),),
    "anomaly.ended": (lambda s, e: lambda u: triage.follow_anomaly(u, s.project, e.subject, at=e.at),),
    # triage -> attribute -> assign -> notify, act
    "incident.opened": (steps.attribute_incident,),
    "incident.grew": (steps.attribute_incident,),
    "incident.attributed": (steps.explain, steps.assign),
    "incident.assigned": (steps.tell_owner, lambda s, e: lambda u: act.begin_run(u, s.project, _n(e), at=e.at)),
    "incident.escalated": (steps.tell_escalated,),
    "run.moved": (lambda s, e: lambda u: act.advance(u, e.subject, at=e.at),),
    "task.opened": (steps.tell_assignee,),
    "task.overdue": (steps.tell_assignee,),
    "task.closed": (steps.start_work,),
    "step.notify": (steps.tell_step,),
    "run.succeeded": (steps.resolve_automatic,),
    # act -> verify
    "incident.ended": (
        steps.attribute_incident,
        lambda s, e: lambda u: verify.wait_for_self_heal(u, s.project, _n(e), at=e.at),
    ),
    "incident.resolved": (lambda s, e: lambda u: verify.watch_resolved(u, s.project, _n(e), at=e.at),),
    "recovery.verified": (lambda s, e: lambda u: steps.pull(u, _n(e), Trigger.VERIFY, e.at),),
    "recovery.self_healed": (lambda s, e: lambda u: steps.pull(u, _n(e), Trigger.SELF_HEAL, e.at),),
    "recovery.denied": (lambda s, e: lambda u: steps.pull(u, _n(e), Trigger.DISAGREE, e.at),),
    "incident.reopened": (steps.tell_reopened,),
    # verify -> review
    "incident.verified": (
        lambda s, e: lambda u: act.recovered(u, _n(e), at=e.at),
        lambda s, e: lambda u: review.draft_review(u, s.project, _n(e), at=e.at),
        steps.tell_verified,
    ),
    "review.published": (steps.close_if_done,),
    "incident.closed": (lambda s, e: lambda u: act.put_away(u, _n(e), at=e.at),),
    "incident.merged": (lambda s, e: lambda u: act.put_away(u, _n(e), at=e.at),),
    "incident.false_alarm": (lambda s, e: lambda u: act.put_away(u, _n(e), at=e.at),),
    "incident.expected": (lambda s, e: lambda u: act.put_away(u, _n(e), at=e.at),),
    # review -> tune -> detect
    "label.added": (
        steps.apply_label,
        lambda s, e: lambda u: tune.consider(u, s.project, e.subject, needed=FALSE_ALARMS_FOR_PROPOSAL, at=e.at),
    ),
    "label.withdrawn": (steps.tell_withdrawal,),
    "proposal.made": (steps.tell_proposal,),
}

TIMERS: Mapping[str, Route] = {
    redefinition.AGAIN: redefinition.redefine,
    keeping.AGAIN: keeping.keep_restated,
    "incident.escalate": lambda s, e: (
        lambda u: assign.escalate(u, _n(e), str(e.data["person"]), int(str(e.data["level"])), at=e.at)
    ),
    "task.due": lambda s, e: lambda u: act.task_due(u, s.project, e.subject, at=e.at),
    verify.SELF_HEAL: lambda s, e: lambda u: verify.check_self_heal(u, s.project, _n(e), at=e.at),
    verify.DEADLINE: steps.look_again,
    review.CLOSE: steps.close_if_done,
    "notification.deliver": steps.deliver,
    act.PERFORM: steps.perform,
}

"""One incident all the way by hand: explained, assigned, told, handled, verified, reviewed, labelled, learnt from."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update

from metricloop.access.rules import first_break
from metricloop.act import use_cases as act
from metricloop.act.model import RunStatus, Task, TaskState
from metricloop.assign import use_cases as assign
from metricloop.define.model import Kind, Origin
from metricloop.detect import use_cases as detect
from metricloop.detect.model import Verdict
from metricloop.kernel.grain import Grain
from metricloop.kernel.slices import Slice
from metricloop.loop.ports import LoopUnit
from metricloop.review import use_cases as review
from metricloop.store.tables import metadata
from metricloop.store.tables.loop import events
from metricloop.triage import use_cases as triage
from metricloop.triage.model import Incident, IncidentState
from metricloop.tune import use_cases as tune
from tests.loop.world import AFTERNOON, BAD_FROM, BAD_TO, HOUR, Shop
from tests.triage.nouns import anomaly

S = IncidentState
PORTO = Slice.of({"city": "Porto"})
MINUTE = timedelta(minutes=1)


def incident(shop: Shop, number: int = 1) -> Incident:
    with shop.store.unit(write=False) as unit:
        return triage.get(unit, number)


def task(shop: Shop) -> Task:
    with shop.store.unit(write=False) as unit:
        (found,) = unit.tasks.find(incident=1, states=[TaskState.OPEN])
        return found


def run_status(shop: Shop) -> RunStatus:
    with shop.store.unit(write=False) as unit:
        (run,) = unit.runs.of_incident(1)
        return run.status


def do(shop: Shop, verb: Any, *args: Any, **given: Any) -> None:
    """A person does something in one transaction; the loop then does what follows, within a minute."""
    with shop.store.unit() as unit:
        verb(unit, *args, at=shop.now, **given)
    shop.pump()
    shop.run_until(shop.now + MINUTE)


def handle(shop: Shop) -> None:
    """Acknowledge, decide to act, get a yes."""
    do(shop, triage.acknowledge, 1, person="rui")
    do(shop, act.complete_task, task(shop).id, answer={"decision": "act"}, note="", person="rui")
    do(shop, act.decide, task(shop).id, approve=True, reason="go", person="ana")


def mend(shop: Shop) -> None:
    """Next morning somebody says it is mended, and the data has had time to agree."""
    shop.run_until(BAD_TO + 12 * HOUR)
    do(shop, triage.resolve, 1, person="rui")
    shop.run_until(BAD_TO + 20 * HOUR)


def close(shop: Shop) -> None:
    do(shop, review.publish, 1, cause="the card network was down", lesson="switch earlier", person="rui")


def false_alarm(unit: LoopUnit, number: int, at: datetime) -> None:
    """A small alarm of the hourly monitor some days before, which a person calls false."""
    start = BAD_FROM - (2 + number) * 24 * HOUR
    end = start + 2 * HOUR
    small = anomaly(f"false-{number}", PORTO, impact=-21.0 - number, started_at=start, ended_at=end)
    unit.anomalies.put(replace(small, metric="paid_rate", monitor="paid_hourly"))
    detect.add_label(
        unit,
        incident=None,
        metric="paid_rate",
        slice_=PORTO,
        grain=Grain.HOUR,
        start=start,
        end=end,
        verdict=Verdict.FALSE_ALARM,
        note="",
        person="rui",
        at=at,
    )


def learn(shop: Shop) -> None:
    """The incident was true; three small alarms before it were false; the proposal that follows is accepted."""
    now = incident(shop)
    do(
        shop,
        detect.add_label,
        incident=1,
        metric=now.metric,
        slice_=now.slice,
        grain=now.grain,
        start=now.started_at,
        end=now.last_anomalous_at,
        verdict=Verdict.TRUE,
        note="",
        person="rui",
    )
    for number in range(3):
        do(shop, false_alarm, number)
    with shop.store.unit(write=False) as unit:
        (made,) = unit.proposals.find()
    do(shop, tune.accept, made.id, reason="fair", person="ana")


def whole_way(shop: Shop) -> None:
    handle(shop)
    mend(shop)
    close(shop)
    learn(shop)


def test_an_incident_opens_for_the_right_slice_and_owner(trouble: Shop) -> None:
    made = incident(trouble)
    assert (made.state, made.owner, made.verdict, made.localisable) == (S.OPEN, "rui", "local", True)
    assert made.headline.params["slice"] == {"city": "Porto"}
    with trouble.store.unit(write=False) as unit:
        found = unit.attributions.get(1)
        assert found is not None
        assert found.causes[0].slice == PORTO
        assert abs(sum(part.value for part in found.parts) - found.total) < 1e-9
        assert len(unit.incidents.live()) == 1


def test_the_owner_is_told_first_and_others_when_nobody_answers(trouble: Shop) -> None:
    assert trouble.outside.told("rui")[:2] == ["notify.assigned", "notify.task"]
    assert trouble.outside.told("ana") == ["notify.escalated"]
    assert trouble.outside.told("boss") == ["notify.escalated"]
    subjects = [parcel.subject for _, parcel in trouble.outside.parcels if parcel.data["person"] == "ana"]
    assert subjects == ["事件单 #1（S3）无人确认，已升级给你。"]


def test_who_answers_in_time_is_left_in_peace(shop: Shop) -> None:
    while not shop.outside.told("rui"):
        shop.run_until(shop.now + 10 * MINUTE)
    do(shop, triage.acknowledge, 1, person="rui")
    shop.run_until(AFTERNOON)
    assert (shop.outside.told("ana"), shop.outside.told("boss")) == ([], [])


def test_a_critical_step_waits_for_a_yes_and_is_done_once(trouble: Shop) -> None:
    do(trouble, triage.acknowledge, 1, person="rui")
    do(trouble, act.complete_task, task(trouble).id, answer={"decision": "act"}, note="", person="rui")
    assert incident(trouble).state is S.IN_PROGRESS
    assert trouble.outside.effects == {}
    assert trouble.outside.told("ana")[-1] == "notify.approval"
    do(trouble, act.decide, task(trouble).id, approve=True, reason="go", person="ana")
    assert [request["approved_by"] for request in trouble.outside.effects.values()] == ["ana"]
    assert len(trouble.outside.performed) == 1
    assert run_status(trouble) is RunStatus.WAITING


def test_a_failed_effect_pauses_the_run_until_a_person_tries_again(trouble: Shop) -> None:
    do(trouble, act.complete_task, task(trouble).id, answer={"decision": "act"}, note="", person="rui")
    trouble.outside.failing = 1
    do(trouble, act.decide, task(trouble).id, approve=True, reason="go", person="ana")
    assert (run_status(trouble), trouble.outside.effects) == (RunStatus.PAUSED, {})
    with trouble.store.unit(write=False) as unit:
        run = unit.runs.of_incident(1)[0].id
    do(trouble, act.control, run, action="retry", mode=None, reason="again", person="ana")
    do(trouble, act.decide, task(trouble).id, approve=True, reason="go", person="ana")
    assert (run_status(trouble), len(trouble.outside.effects)) == (RunStatus.WAITING, 1)


def test_a_message_that_fails_is_sent_again_until_it_arrives(shop: Shop) -> None:
    shop.outside.failing = 3
    shop.run_until(AFTERNOON)
    assert shop.outside.told("rui").count("notify.assigned") == 1
    with shop.store.unit(write=False) as unit:
        states = {n.state.value for n in unit.outbox.find()}
    assert states == {"delivered"}


def test_the_data_has_the_last_word(trouble: Shop) -> None:
    do(trouble, triage.resolve, 1, person="rui")
    trouble.run_until(BAD_TO + 4 * HOUR)
    assert (incident(trouble).state, incident(trouble).reopened >= 1) == (S.REOPENED, True)
    assert "notify.reopened" in trouble.outside.told("rui")


def test_recovery_is_seen_in_the_data_and_ends_the_run(trouble: Shop) -> None:
    handle(trouble)
    mend(trouble)
    done = incident(trouble)
    assert (done.state, done.resolved_by) == (S.VERIFIED, "rui")
    assert run_status(trouble) is RunStatus.SUCCEEDED
    assert "notify.verified" in trouble.outside.told("rui")
    with trouble.store.unit(write=False) as unit:
        drafted = unit.reviews.get(1)
        assert drafted is not None and drafted.summary[1].params["slice"] == {"city": "Porto"}


def test_an_untouched_incident_heals_by_itself(shop: Shop) -> None:
    shop.run_until(BAD_TO + 4 * 24 * HOUR)
    healed = incident(shop)
    assert (healed.resolved_by, healed.verified_at is not None) == (None, True)
    with shop.store.unit(write=False) as unit:
        codes = [entry.message.code for entry in unit.incidents.timeline(1)]
    assert "timeline.self_heal" in codes


def test_a_published_review_closes_the_incident(trouble: Shop) -> None:
    handle(trouble)
    mend(trouble)
    close(trouble)
    assert incident(trouble).state is S.CLOSED
    with trouble.store.unit(write=False) as unit:
        assert [r.cause for r in unit.reviews.published()] == ["the card network was down"]


def test_labels_lead_to_a_new_version_of_the_monitor_that_the_loop_uses_at_once(trouble: Shop) -> None:
    whole_way(trouble)
    assert "notify.proposal" in trouble.outside.told("ana")
    with trouble.store.unit(write=False) as unit:
        live = unit.definitions.newest(Kind.MONITOR, "paid_hourly")
        (proposal,) = unit.proposals.find()
    assert live is not None and (live.number, live.origin) == (2, Origin.PROPOSAL)
    assert (proposal.backtest.before.false, proposal.backtest.after.false) == (3, 0)
    assert proposal.backtest.after.caught == proposal.backtest.before.caught
    assert trouble.loop.site.project.monitor("paid_hourly").gates.minimum_impact == 24.0
    trouble.run_until(trouble.now + 24 * HOUR)
    with trouble.store.unit(write=False) as unit:
        judged = unit.bands.judged_until("paid_hourly")
    assert judged is not None and judged >= trouble.now - 4 * HOUR


def test_a_false_alarm_puts_everything_away(trouble: Shop) -> None:
    now = incident(trouble)
    do(
        trouble,
        detect.add_label,
        incident=1,
        metric=now.metric,
        slice_=now.slice,
        grain=now.grain,
        start=now.started_at,
        end=now.last_anomalous_at,
        verdict=Verdict.FALSE_ALARM,
        note="",
        person="rui",
    )
    assert (incident(trouble).state, run_status(trouble)) == (S.FALSE_ALARM, RunStatus.CANCELLED)
    with trouble.store.unit(write=False) as unit:
        assert unit.tasks.find(states=[TaskState.OPEN, TaskState.ESCALATED]) == ()


def test_a_handover_is_told_and_escalates_as_before(trouble: Shop) -> None:
    do(trouble, assign.reassign, 1, to="boss", person="rui", note="you know it")
    assert incident(trouble).owner == "boss"
    assert trouble.outside.told("boss")[-1] == "notify.assigned"


def test_nothing_is_left_unhandled_and_the_audit_chain_holds(trouble: Shop) -> None:
    whole_way(trouble)
    with trouble.store.unit(write=False) as unit:
        assert unit.events.unhandled() == ()
        lines = unit.audit.lines(0, 10_000)
    assert len(lines) > 10
    assert first_break(lines) is None
    assert not [line for line in lines if line.action == "event.failed"]


def test_handling_every_event_a_second_time_changes_nothing(trouble: Shop) -> None:
    whole_way(trouble)
    before, parcels, effects = everything(trouble), len(trouble.outside.parcels), dict(trouble.outside.effects)
    with trouble.store.unit() as unit:
        unit.connection.execute(update(events).values(handled=False))
    trouble.pump()
    assert everything(trouble) == before
    trouble.run_until(trouble.now + MINUTE)
    assert (len(trouble.outside.parcels), trouble.outside.effects) == (parcels, effects)


def everything(shop: Shop) -> dict[str, list[tuple[Any, ...]]]:
    """Rows of every table, but for the log of events, due times, counters of changes, and what is worked out anew each
    time it is asked for: attributions and drafts."""
    quiet = {"events", "timers", "detector_states", "attributions", "reviews"}
    with shop.store.unit(write=False) as unit:
        found = {}
        for table in metadata.sorted_tables:
            if table.name not in quiet:
                columns = [c for c in table.c if c.name not in ("revision", "epoch")]
                found[table.name] = sorted(map(tuple, unit.connection.execute(select(*columns))), key=repr)
    return found

"""Anomalies become incidents, grow together, end; people and data move them. On a real store."""

from __future__ import annotations

from dataclasses import replace

import pytest

from metricloop.detect.model import Anomaly, AnomalyState, Verdict
from metricloop.kernel.errors import Conflict, InvalidInput, NotFound
from metricloop.kernel.grain import Grain
from metricloop.kernel.message import Message
from metricloop.triage import use_cases as triage
from metricloop.triage.model import IncidentState, Trigger
from tests.loop.desk import OPENED, Desk
from tests.triage.nouns import AA, AT, HOUR, MQ, SFO, TOTAL, anomaly

S = IncidentState


def sort(desk: Desk, *anomalies: Anomaly) -> None:
    for each in anomalies:
        with desk.unit() as unit:
            unit.anomalies.put(each)
            triage.sort_anomaly(unit, desk.project, each.id, at=OPENED)


def follow(desk: Desk, each: Anomaly) -> None:
    with desk.unit() as unit:
        unit.anomalies.put(each)
        triage.follow_anomaly(unit, desk.project, each.id, at=OPENED)


def move(desk: Desk, trigger: Trigger, number: int = 1) -> None:
    with desk.unit() as unit:
        triage.move(unit, number, trigger, at=OPENED, by="wei_lan")


def test_an_anomaly_opens_one_incident_with_versions_pinned(desk: Desk) -> None:
    sort(desk, anomaly("a1"))
    made = desk.incident()
    assert (made.state, made.anomalies, made.severity) == (S.OPEN, ("a1",), "S3")
    assert (made.monitor_version, made.metric_version) == (3, 1)
    assert [e.kind for e in desk.told("incident")] == ["incident.opened"]
    assert desk.timeline() == ["timeline.detected", "timeline.opened"]


def test_the_same_anomaly_told_twice_opens_one_incident(desk: Desk) -> None:
    sort(desk, anomaly("a1"), anomaly("a1"))
    assert len(desk.told("incident")) == 1
    with desk.unit() as unit:
        assert len(unit.incidents.live()) == 1


def test_an_anomaly_that_nobody_knows_opens_nothing(desk: Desk) -> None:
    with desk.unit() as unit:
        triage.sort_anomaly(unit, desk.project, "gone", at=OPENED)
    assert desk.told() == []


def test_what_belongs_together_becomes_one_incident(desk: Desk) -> None:
    sort(desk, anomaly("a1", AA), anomaly("a2", MQ, first=1), anomaly("a3", TOTAL, impact=-70))
    made = desk.incident()
    assert (made.slice, made.anomalies, made.impact) == (TOTAL, ("a1", "a2", "a3"), -70)
    assert [e.kind for e in desk.told("incident")] == ["incident.opened", "incident.grew", "incident.grew"]


def test_another_dataset_or_another_time_is_another_incident(desk: Desk) -> None:
    sort(desk, anomaly("a1"), anomaly("a2", first=30), anomaly("a3", SFO, metric="cancellations"))
    with desk.unit() as unit:
        assert [i.anomalies for i in unit.incidents.live()] == [("a1",), ("a2",), ("a3",)]


def test_an_anomaly_that_touches_two_incidents_makes_them_one(desk: Desk) -> None:
    sort(desk, anomaly("a1", AA), anomaly("a2", SFO, metric="cancellations"), anomaly("a3", TOTAL))
    assert set(desk.incident(1).anomalies) == {"a1", "a2", "a3"}
    gone = desk.incident(2)
    assert (gone.state, gone.anomalies) == (S.MERGED, ())
    assert "timeline.merged_into" in desk.timeline(2)
    assert "timeline.merged" in desk.timeline(1)
    with desk.unit() as unit:
        found = unit.incidents.of_anomaly("a2")
        assert found is not None and found.number == 1
    assert desk.audit_holds()


def test_a_merged_incident_follows_nothing_any_more(desk: Desk) -> None:
    second = anomaly("a2", SFO, metric="cancellations")
    sort(desk, anomaly("a1", AA), second, anomaly("a3", TOTAL))
    before = desk.incident(2)
    follow(desk, replace(second, state=AnomalyState.ENDED))
    assert desk.incident(2) == before


def test_an_incident_grows_and_ends_with_its_anomalies(desk: Desk) -> None:
    one, two = anomaly("a1", AA), anomaly("a2", MQ)
    sort(desk, one, two)
    follow(desk, replace(one, ended_at=AT + 4 * HOUR, points=4, impact=-90.0))
    assert desk.incident().last_anomalous_at == AT + 4 * HOUR
    follow(desk, replace(one, ended_at=AT + 4 * HOUR, points=4, impact=-90.0, state=AnomalyState.ENDED))
    assert desk.incident().ended_at is None
    follow(desk, replace(two, state=AnomalyState.ENDED))
    assert desk.incident().ended_at == AT + 4 * HOUR
    assert [e.kind for e in desk.told("incident.ended")] == ["incident.ended"]


def test_following_twice_changes_nothing(desk: Desk) -> None:
    sort(desk, anomaly("a1"))
    over = anomaly("a1", state=AnomalyState.ENDED)
    follow(desk, over)
    before = desk.incident()
    follow(desk, over)
    assert desk.incident() == before
    assert len(desk.told("incident.ended")) == 1


def test_it_opens_again_when_the_metric_falls_again_soon_after(desk: Desk) -> None:
    sort(desk, anomaly("a1", state=AnomalyState.ENDED))
    move(desk, Trigger.RESOLVE)
    move(desk, Trigger.VERIFY)
    sort(desk, anomaly("a2", first=5))
    again = desk.incident()
    assert (again.state, again.reopened, again.anomalies) == (S.REOPENED, 1, ("a1", "a2"))


def test_a_sibling_of_the_same_hours_does_not_open_it_again(desk: Desk) -> None:
    sort(desk, anomaly("a1"))
    move(desk, Trigger.RESOLVE)
    sort(desk, anomaly("a2", MQ, first=1, hours=1))
    assert desk.incident().state is S.RESOLVED


def test_what_comes_after_the_end_is_a_new_incident(desk: Desk) -> None:
    sort(desk, anomaly("a1", state=AnomalyState.ENDED))
    move(desk, Trigger.CALL_FALSE)
    sort(desk, anomaly("a2", first=5))
    assert desk.incident(2).state is S.OPEN


def test_the_days_verdict_on_hours_that_were_dealt_with_joins_what_was_closed(desk: Desk) -> None:
    desk.open_incident(state=S.CLOSED)
    sort(desk, anomaly("day", AA, hours=24, grain=Grain.DAY, monitor="on_time_daily", state=AnomalyState.ENDED))
    closed = desk.incident()
    assert (closed.state, closed.anomalies) == (S.CLOSED, ("a1", "day"))
    with desk.unit() as unit:
        assert unit.incidents.live() == ()


def test_trouble_that_somebody_works_on_does_not_vanish_into_what_was_closed(desk: Desk) -> None:
    desk.open_incident(state=S.CLOSED)
    sort(desk, anomaly("now", MQ, first=9))
    sort(desk, anomaly("day", TOTAL, hours=24, grain=Grain.DAY, monitor="on_time_daily"))
    assert (desk.incident(1).state, desk.incident(1).anomalies) == (S.CLOSED, ("a1",))
    assert (desk.incident(2).state, desk.incident(2).anomalies) == (S.OPEN, ("now", "day"))


def test_every_move_is_on_the_timeline_in_the_audit_and_told(desk: Desk) -> None:
    desk.open_incident()
    with desk.unit() as unit:
        triage.acknowledge(unit, 1, person="wei_lan", at=OPENED, note="I see it")
        triage.start(unit, 1, person="wei_lan", at=OPENED)
        triage.resolve(unit, 1, person="wei_lan", at=OPENED)
    assert desk.timeline() == ["timeline.acknowledge", "timeline.start", "timeline.resolve"]
    assert [e.kind for e in desk.told("incident")] == [
        "incident.acknowledged",
        "incident.in_progress",
        "incident.resolved",
    ]
    with desk.unit() as unit:
        lines = [(x.action, x.before, x.after) for x in unit.audit.lines() if x.subject_kind == "incident"]
    assert lines == [
        ("incident.acknowledge", "open", "acknowledged"),
        ("incident.start", "acknowledged", "in_progress"),
        ("incident.resolve", "in_progress", "resolved"),
    ]
    assert desk.audit_holds()


def test_acknowledging_twice_is_a_conflict_and_changes_nothing(desk: Desk) -> None:
    desk.open_incident()
    move(desk, Trigger.ACKNOWLEDGE)
    before, told = desk.incident(), desk.told()
    with pytest.raises(Conflict):
        move(desk, Trigger.ACKNOWLEDGE)
    assert (desk.incident(), desk.told()) == (before, told)


def test_starting_work_twice_is_no_error(desk: Desk) -> None:
    desk.open_incident()
    for _ in range(2):
        with desk.unit() as unit:
            triage.start(unit, 1, person="wei_lan", at=OPENED)
    assert len(desk.told("incident.in_progress")) == 1


def test_a_save_over_somebody_elses_change_is_a_conflict(desk: Desk) -> None:
    old = desk.open_incident()
    move(desk, Trigger.ACKNOWLEDGE)
    with pytest.raises(Conflict, match="changed meanwhile"), desk.unit() as unit:
        unit.incidents.save(replace(old, owner="wei_lan"))
    assert desk.incident().owner is None


def test_reopening_owes_a_reason(desk: Desk) -> None:
    desk.open_incident(state=S.CLOSED)
    with pytest.raises(InvalidInput, match="needs a reason"), desk.unit() as unit:
        triage.reopen(unit, 1, person="wei_lan", at=OPENED, note="  ")
    with desk.unit() as unit:
        triage.reopen(unit, 1, person="wei_lan", at=OPENED, note="still late")
    assert desk.incident().state is S.REOPENED


def test_a_comment_is_a_line_and_an_empty_one_is_none(desk: Desk) -> None:
    desk.open_incident()
    for _ in range(2):
        with desk.unit() as unit:
            triage.comment(unit, 1, person="wei_lan", at=OPENED, note="crew is on the way")
    assert desk.timeline() == ["timeline.comment"]
    with pytest.raises(InvalidInput), desk.unit() as unit:
        triage.comment(unit, 1, person="wei_lan", at=OPENED, note=" ")


@pytest.mark.parametrize(
    ("verdict", "state"),
    [
        (Verdict.FALSE_ALARM, S.FALSE_ALARM),
        (Verdict.EXPECTED, S.EXPECTED),
        (Verdict.TRUE, S.OPEN),
        (Verdict.NEW_NORMAL, S.OPEN),
        (Verdict.MISSED, S.OPEN),
    ],
)
def test_a_verdict_ends_what_was_no_trouble(desk: Desk, verdict: Verdict, state: IncidentState) -> None:
    desk.open_incident()
    with desk.unit() as unit:
        triage.apply_label(unit, 1, verdict, person="wei_lan", at=OPENED)
    assert desk.incident().state is state
    assert "timeline.labelled" in desk.timeline()


def test_a_verdict_on_what_has_ended_leaves_its_state(desk: Desk) -> None:
    desk.open_incident(state=S.CLOSED)
    with desk.unit() as unit:
        triage.apply_label(unit, 1, Verdict.FALSE_ALARM, person="wei_lan", at=OPENED)
    assert desk.incident().state is S.CLOSED


def test_an_explanation_is_told_when_it_says_something_new(desk: Desk) -> None:
    desk.open_incident()
    for verdict in ("local", "local", "global"):
        with desk.unit() as unit:
            headline = Message(f"headline.{verdict}", {"metric": "on_time_rate"})
            triage.explained(unit, 1, headline=headline, localisable=verdict == "local", verdict=verdict, at=OPENED)
    made = desk.incident()
    assert (made.verdict, made.localisable, made.headline.code) == ("global", False, "headline.global")
    assert made.revision == 2


def test_an_incident_that_does_not_exist_says_so(desk: Desk) -> None:
    with pytest.raises(NotFound, match="no incident 99"), desk.unit() as unit:
        triage.get(unit, 99)

"""Which state may follow which; which anomalies belong together; who leads; nothing is counted twice."""

from __future__ import annotations

from datetime import timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metricloop.detect.model import Anomaly, AnomalyState
from metricloop.kernel.errors import Conflict
from metricloop.kernel.grain import Grain
from metricloop.kernel.message import Message
from metricloop.kernel.slices import Slice
from metricloop.triage.model import IncidentState, Trigger
from metricloop.triage.rules import (
    ENDED,
    IN_HANDS,
    LIVE,
    LONGEST,
    TRANSITIONS,
    allowed,
    homes_of,
    lead_of,
    line,
    moved,
    nest,
    severity_of,
    span_to_explain,
    summed_up,
)
from tests.triage.nouns import AA, AT, HOUR, JFK, MQ, SFO, TOTAL, anomaly, incident, metric

S, T, D = IncidentState, Trigger, Grain.DAY
DATASETS = {"on_time_rate": "flights", "cancellations": "flights", "sales": "orders"}
METRICS = {m.name: m for m in (metric(), metric("cancellations", "L2", ratio=False), metric("sales", "L1"))}

# Written out by hand: what a person would expect of each trigger, from where to where.
EXPECTED: dict[Trigger, dict[IncidentState, IncidentState]] = {
    T.ACKNOWLEDGE: {S.OPEN: S.ACKNOWLEDGED, S.REOPENED: S.ACKNOWLEDGED},
    T.ACKNOWLEDGE_LAPSED: {S.ACKNOWLEDGED: S.OPEN},
    T.START: {S.OPEN: S.IN_PROGRESS, S.ACKNOWLEDGED: S.IN_PROGRESS, S.REOPENED: S.IN_PROGRESS},
    T.RESOLVE: {
        S.OPEN: S.RESOLVED,
        S.ACKNOWLEDGED: S.RESOLVED,
        S.IN_PROGRESS: S.RESOLVED,
        S.REOPENED: S.RESOLVED,
    },
    T.VERIFY: {S.RESOLVED: S.VERIFIED},
    T.SELF_HEAL: {S.OPEN: S.VERIFIED, S.REOPENED: S.VERIFIED},
    T.DISAGREE: {S.RESOLVED: S.REOPENED},
    T.FALL_AGAIN: {S.RESOLVED: S.REOPENED, S.VERIFIED: S.REOPENED},
    T.REOPEN: dict.fromkeys((S.RESOLVED, S.VERIFIED, S.CLOSED, S.FALSE_ALARM, S.EXPECTED), S.REOPENED),
    T.CLOSE: {S.RESOLVED: S.CLOSED, S.VERIFIED: S.CLOSED},
    T.MERGE: dict.fromkeys(LIVE, S.MERGED),
    T.CALL_FALSE: dict.fromkeys(LIVE, S.FALSE_ALARM),
    T.CALL_EXPECTED: dict.fromkeys(LIVE, S.EXPECTED),
}


@pytest.mark.parametrize(("state", "trigger"), list(product(IncidentState, Trigger)))
def test_an_incident_moves_where_the_table_says_and_nowhere_else(state: IncidentState, trigger: Trigger) -> None:
    before = incident(state=state)
    after = EXPECTED[trigger].get(state)
    assert (trigger in allowed(state)) == (after is not None)
    if after is None:
        with pytest.raises(Conflict, match=f"incident 1 is {state.value}"):
            moved(before, trigger, AT, "wei_lan")
    else:
        assert moved(before, trigger, AT, "wei_lan").state is after


def test_every_trigger_stands_in_the_table() -> None:
    assert {trigger for _, trigger in TRANSITIONS} == set(Trigger)


def test_live_and_ended_are_all_states_and_share_none() -> None:
    assert set(LIVE) | set(ENDED) == set(IncidentState)
    assert not set(LIVE) & set(ENDED)
    assert set(IN_HANDS) <= set(LIVE)


def test_nothing_leads_out_of_merged() -> None:
    assert allowed(S.MERGED) == ()


def test_each_move_keeps_its_time_and_who() -> None:
    done = moved(incident(state=S.IN_PROGRESS), T.RESOLVE, AT, "wei_lan")
    assert (done.resolved_at, done.resolved_by) == (AT, "wei_lan")
    assert moved(done, T.VERIFY, AT + HOUR, None).verified_at == AT + HOUR
    assert moved(done, T.CLOSE, AT + HOUR, None).closed_at == AT + HOUR
    assert moved(incident(), T.ACKNOWLEDGE, AT, "wei_lan").acknowledged_at == AT


def test_reopening_clears_what_is_no_longer_true_and_counts() -> None:
    closed = incident(state=S.CLOSED, acknowledged_at=AT, resolved_at=AT, resolved_by="x", verified_at=AT, closed_at=AT)
    again = moved(closed, T.REOPEN, AT + HOUR, "wei_lan")
    assert (again.acknowledged_at, again.resolved_at, again.resolved_by) == (None, None, None)
    assert (again.verified_at, again.closed_at, again.reopened) == (None, None, 1)


def test_an_acknowledgement_that_lapsed_was_none() -> None:
    seen = moved(incident(), T.ACKNOWLEDGE, AT, "wei_lan")
    assert moved(seen, T.ACKNOWLEDGE_LAPSED, AT + HOUR, None).acknowledged_at is None


def joins(new: Anomaly, *members: Anomaly) -> bool:
    first, last = min(m.started_at for m in members), max(m.ended_at for m in members)
    return bool(homes_of(new, [(incident(started_at=first, last_anomalous_at=last), members)], DATASETS))


@pytest.mark.parametrize(
    ("why", "new", "old", "together"),
    [
        ("the same slice", anomaly("new", AA), anomaly(), True),
        ("the total holds a carrier", anomaly("new", TOTAL), anomaly(), True),
        ("siblings fail together", anomaly("new", MQ), anomaly(), True),
        ("crossing slices share rows", anomaly("new", JFK), anomaly(), True),
        ("other metric, same slice", anomaly("new", AA, metric="cancellations"), anomaly(), True),
        ("other metric, total", anomaly("new", TOTAL, metric="cancellations"), anomaly(), True),
        ("other metric, sibling", anomaly("new", MQ, metric="cancellations"), anomaly(), False),
        ("other metric, crossing slice", anomaly("new", JFK, metric="cancellations"), anomaly(), False),
        ("other dataset", anomaly("new", AA, metric="sales"), anomaly(), False),
        ("no row in common", anomaly("new", Slice.of({"carrier": "MQ", "dest": "SFO"})), anomaly(), False),
        ("days that touch share no hour", anomaly("new", MQ, 24, 24, grain=D), anomaly(hours=24, grain=D), False),
        ("days that overlap", anomaly("new", MQ, 0, 24, grain=D), anomaly(hours=24, grain=D), True),
        ("the same slice the day after", anomaly("new", AA, 24, 24, grain=D), anomaly(hours=24, grain=D), True),
        ("an hour of the day", anomaly("new", TOTAL, 20), anomaly(hours=24, grain=D), True),
        ("an hour of the day after", anomaly("new", TOTAL, 24), anomaly(hours=24, grain=D), False),
        ("six hours later", anomaly("new", first=8), anomaly(), True),
        ("more than six hours later", anomaly("new", first=8.5), anomaly(), False),
        ("six hours earlier", anomaly("new", first=-8), anomaly(), True),
        ("more than six hours earlier", anomaly("new", first=-8.5), anomaly(), False),
    ],
)
def test_anomalies_join_by_time_and_rows(why: str, new: Anomaly, old: Anomaly, together: bool) -> None:
    assert joins(new, old) is together, why


def test_an_anomaly_between_two_incidents_shows_that_they_are_one() -> None:
    first, second = anomaly("a1", AA), anomaly("a2", SFO, metric="cancellations")
    candidates = [(incident(1), [first]), (incident(2), [second])]
    assert [i.number for i in homes_of(anomaly("new", TOTAL), candidates, DATASETS)] == [1, 2]
    assert [i.number for i in homes_of(anomaly("new", MQ), candidates, DATASETS)] == [1]


def test_no_incident_grows_beyond_four_days() -> None:
    limit = LONGEST / HOUR
    lasting = anomaly("old", hours=limit - 2)
    assert joins(anomaly("new", first=limit - 2, hours=2), lasting)
    assert not joins(anomaly("new", first=limit - 2, hours=3), lasting)


def test_merging_does_not_grow_beyond_four_days_either() -> None:
    early, late = anomaly("a1", hours=60), anomaly("a2", first=65, hours=60)
    candidates = [(incident(1, hours=60), [early]), (incident(2, first=65, hours=60), [late])]
    assert [i.number for i in homes_of(anomaly("new", first=61, hours=2), candidates, DATASETS)] == [1]


def test_joining_is_the_same_seen_from_either_side() -> None:
    slices = (AA, MQ, JFK, SFO, TOTAL, Slice.of({"carrier": "AA", "origin": "JFK"}))
    for one, other, gap in product(slices, slices, (0, 5, 9)):
        left, right = anomaly("l", one), anomaly("r", other, first=gap)
        assert joins(left, right) == joins(right, left), (one, other, gap)


def test_nesting_is_mutual() -> None:
    assert nest(AA, TOTAL) and nest(TOTAL, AA) and nest(AA, AA)
    assert not nest(AA, JFK)


def test_the_highest_level_leads_then_the_broadest_slice_then_the_largest() -> None:
    total = anomaly("total", TOTAL)
    large, small = anomaly("large", MQ, hours=5), anomaly("small", AA, hours=2)
    other = anomaly("other", TOTAL, metric="cancellations", hours=9)
    assert lead_of([other, small, large, total], METRICS).id == "total"
    assert lead_of([other, small, large], METRICS).id == "large"
    assert lead_of([other, anomaly("gone", metric="no_longer_defined")], METRICS).id == "other"


def test_the_lead_does_not_depend_on_the_order() -> None:
    one, two = anomaly("b", AA), anomaly("a", MQ)
    assert lead_of([one, two], METRICS) == lead_of([two, one], METRICS)


def test_the_worst_severity_counts() -> None:
    members = [anomaly("a"), anomaly("b", monitor="on_time_daily"), anomaly("c", monitor="gone")]
    assert severity_of(members, {"on_time_hourly": "S4", "on_time_daily": "S2"}) == "S2"
    assert severity_of(members[2:], {}) == "S3"


def test_impact_adds_slices_of_one_cut_only() -> None:
    members = [
        anomaly("aa", AA, impact=-40),
        anomaly("mq", MQ, impact=-25, hours=1),
        anomaly("jfk", JFK, impact=-30),  # the same flights again, cut by airport
        anomaly("day", AA, impact=-70, grain=Grain.DAY),  # the same flights again, by the day
        anomaly("gone", AA, impact=9, metric="cancellations"),
    ]
    hourly = lead_of(members[:3], METRICS)
    assert (
        summed_up(incident(), members[:3], METRICS).impact
        == {"carrier": -65, "origin": -30}[hourly.slice.dimensions[0]]
    )
    summed = summed_up(incident(), [*members, anomaly("total", TOTAL, impact=-66)], METRICS)
    assert summed.impact == -66
    assert (summed.metric, summed.slice) == ("on_time_rate", TOTAL)
    assert summed.metrics == ("cancellations", "on_time_rate")


@given(
    st.lists(
        st.tuples(
            st.sampled_from([TOTAL, AA, MQ, JFK, SFO]),
            st.integers(0, 20),
            st.integers(1, 9),
            st.floats(-1e4, 1e4),
            st.sampled_from([Grain.HOUR, Grain.DAY]),
            st.sampled_from(list(AnomalyState)),
        ),
        min_size=1,
        max_size=6,
    )
)
def test_an_incident_spans_its_anomalies_and_ends_with_the_last(
    drawn: list[tuple[Slice, int, int, float, Grain, AnomalyState]],
) -> None:
    members = [
        anomaly(f"a{i}", slice_, first, hours, impact, grain=grain, state=state)
        for i, (slice_, first, hours, impact, grain, state) in enumerate(drawn)
    ]
    summed = summed_up(incident(), members, METRICS)
    assert summed.started_at == min(m.started_at for m in members)
    assert summed.last_anomalous_at == max(m.ended_at for m in members)
    ended = all(m.state is AnomalyState.ENDED for m in members)
    assert summed.ended_at == (summed.last_anomalous_at if ended else None)
    assert summed.anomalies == tuple(m.id for m in members)
    assert summed_up(summed, members, METRICS) == summed
    assert summed_up(incident(), members[::-1], METRICS).impact == pytest.approx(summed.impact)


def test_what_a_slice_lost_in_one_hour_is_counted_once_though_it_alarmed_twice() -> None:
    twice = [anomaly("one", AA, impact=-40), anomaly("two", AA, first=3, impact=-10)]
    assert summed_up(incident(), twice, METRICS).impact == -50


def test_the_span_to_explain_is_that_of_the_lead_metric() -> None:
    early = anomaly("c", metric="cancellations", first=-5, hours=20)
    members = [early, anomaly("a", hours=2), anomaly("b", MQ, first=3, hours=2)]
    assert span_to_explain(incident(), members) == (AT, AT + 5 * HOUR)


def test_the_same_line_told_twice_has_one_key() -> None:
    told = Message("timeline.comment", {"text": "x"})
    assert line(1, AT, "comment", None, told, "k").key == line(1, AT + timedelta(1), "comment", None, told, "k").key
    assert line(1, AT, "comment", None, told, "k").key != line(2, AT, "comment", None, told, "k").key

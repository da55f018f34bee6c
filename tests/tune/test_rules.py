"""Labels against gates: what each rule would have raised; a better one never loses a true alarm."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from metricloop.define.monitors import Gates
from metricloop.detect.model import Anomaly, Label, Verdict
from metricloop.detect.rules import passes
from metricloop.kernel.slices import Slice
from metricloop.tune.rules import best_change, changed_body, compare, verdict_on
from tests.triage.nouns import AA, AT, HOUR, JFK, MQ, TOTAL, anomaly, label, monitor

START, END = AT - timedelta(weeks=2), AT + timedelta(weeks=2)
NOW = Gates(minimum_impact=20.0, minimum_buckets=2, recovery_buckets=2)
TRUE, FALSE = Verdict.TRUE, Verdict.FALSE_ALARM


@pytest.mark.parametrize(
    ("why", "of", "found"),
    [
        ("same slice, same time", label("x", TRUE), True),
        ("a label on the total covers its parts", label("x", TRUE, TOTAL), True),
        ("a label on a part touches the whole", label("x", TRUE, Slice.of({"carrier": "AA", "origin": "JFK"})), True),
        ("a sibling is another matter", label("x", TRUE, MQ), False),
        ("a crossing slice is another matter", label("x", TRUE, JFK), False),
        ("it ended when the anomaly began", label("x", TRUE, first=-3, hours=3), False),
        ("it began when the anomaly ended", label("x", TRUE, first=2), False),
        ("it touches the first hour", label("x", TRUE, first=-3, hours=4), True),
        ("it was taken back", label("x", TRUE, withdrawn_at=AT), False),
    ],
)
def test_a_label_speaks_for_what_it_touches(why: str, of: Label, found: bool) -> None:
    assert (verdict_on(anomaly(), [of]) is not None) == found, why


def test_the_newest_word_counts() -> None:
    old, new = label("b", TRUE), label("a", FALSE, at=AT + 101 * HOUR)
    assert verdict_on(anomaly(), [new, old]) == new


def test_a_backtest_counts_what_each_rule_raises() -> None:
    large = anomaly("large", impact=-90, hours=5)
    small = anomaly("small", first=24, impact=-25)
    quiet = anomaly("quiet", first=48, impact=-5)
    unknown = anomaly("unknown", first=72, impact=-30)
    labels = [label("l", TRUE, hours=5), label("s", FALSE, first=24), label("q", Verdict.MISSED, first=48)]
    test = compare([large, small, quiet, unknown], labels, NOW, replace(NOW, minimum_impact=26), START, END)
    assert (test.before.alarms, test.before.caught, test.before.false, test.before.missed) == (3, 1, 1, 0)
    assert (test.after.alarms, test.after.caught, test.after.false, test.after.missed) == (2, 1, 0, 0)
    assert test.before.alarms_per_week == 3 / 4
    assert [(o.before, o.after, o.verdict) for o in test.occurrences] == [
        (True, True, TRUE),
        (True, False, FALSE),
        (True, True, None),
    ]


def test_a_rule_that_silences_a_true_alarm_misses_it() -> None:
    test = compare([anomaly(impact=-25)], [label("x", TRUE)], NOW, replace(NOW, minimum_impact=30), START, END)
    assert (test.before.caught, test.after.caught, test.after.missed) == (1, 0, 1)


def test_a_rule_that_hears_more_finds_what_the_old_one_missed() -> None:
    test = compare(
        [anomaly(impact=-15)], [label("x", Verdict.MISSED)], NOW, replace(NOW, minimum_impact=10), START, END
    )
    assert (test.before.missed, test.after.missed, test.after.caught) == (1, 0, 1)


def test_an_empty_stretch_has_no_alarms_and_divides_by_nothing() -> None:
    test = compare([], [], NOW, NOW, START, START)
    assert (test.before.alarms, test.before.alarms_per_week) == (0, 0.0)


def test_small_false_alarms_are_silenced_by_a_higher_minimum() -> None:
    seen = [anomaly(f"f{i}", first=24 * i, impact=-21 - i) for i in range(3)]
    seen.append(anomaly("true", first=96, impact=-80))
    labels = [label(f"f{i}", FALSE, first=24 * i) for i in range(3)] + [label("true", TRUE, first=96)]
    found = best_change(monitor(gates=NOW), seen, labels, START, END)
    assert found is not None
    assert found.gates.minimum_impact == 24
    assert (found.backtest.before.false, found.backtest.after.false) == (3, 0)
    assert found.backtest.after.caught == 1


def test_short_large_false_alarms_are_silenced_by_a_longer_run() -> None:
    seen = [anomaly("f", impact=-500, hours=2), anomaly("true", first=96, impact=-300, hours=4)]
    labels = [label("f", FALSE), label("true", TRUE, first=96, hours=4)]
    found = best_change(monitor(gates=NOW), seen, labels, START, END)
    assert found is not None
    assert (found.gates.minimum_impact, found.gates.minimum_buckets) == (20.0, 3)


def test_nothing_is_proposed_where_true_and_false_look_alike() -> None:
    seen = [anomaly("f", impact=-50), anomaly("true", first=96, impact=-50)]
    labels = [label("f", FALSE), label("true", TRUE, first=96)]
    assert best_change(monitor(gates=NOW), seen, labels, START, END) is None
    assert best_change(monitor(gates=NOW), seen, [], START, END) is None


def test_of_two_changes_that_silence_alike_the_one_that_silences_less_else_wins() -> None:
    seen = [anomaly("f", impact=-22, hours=2), anomaly("other", first=48, impact=-90, hours=2)]
    found = best_change(monitor(gates=NOW), seen, [label("f", FALSE)], START, END)
    assert found is not None and found.gates.minimum_buckets == 2
    assert found.backtest.after.alarms == 1


spans = st.tuples(
    st.sampled_from([TOTAL, AA, MQ, JFK]),
    st.integers(0, 60),
    st.integers(1, 6),
    st.floats(-50, 50) | st.floats(-1e6, 1e6, allow_nan=False),
)
judged = st.tuples(spans, st.sampled_from([FALSE, TRUE, None, *Verdict]))


@settings(max_examples=300)
@given(
    st.lists(judged, min_size=1, max_size=10),
    st.lists(st.tuples(spans, st.sampled_from(Verdict), st.booleans()), max_size=5),
    st.floats(0, 60),
    st.integers(1, 3),
)
def test_a_proposal_never_loses_an_alarm_that_people_called_true(
    drawn: list[tuple[tuple[Slice, int, int, float], Verdict | None]],
    verdicts: list[tuple[tuple[Slice, int, int, float], Verdict, bool]],
    minimum_impact: float,
    minimum_buckets: int,
) -> None:
    seen: list[Anomaly] = [anomaly(f"a{i}", *span) for i, (span, _) in enumerate(drawn)]
    labels = [label(f"a{i}", word, *span[:3]) for i, (span, word) in enumerate(drawn) if word is not None]
    labels += [
        label(f"l{i}", verdict, *span[:3], withdrawn_at=AT if gone else None, at=AT + i * HOUR)
        for i, (span, verdict, gone) in enumerate(verdicts)
    ]
    gates = Gates(minimum_impact, minimum_buckets)
    found = best_change(monitor(gates=gates), seen, labels, START, END)
    event("a change was found" if found else "no change helps")
    if found is None:
        return
    assert found.backtest.after.false < found.backtest.before.false
    for each in seen:
        word = verdict_on(each, labels)
        if word is not None and word.verdict in (Verdict.TRUE, Verdict.MISSED) and passes(gates, each):
            assert passes(found.gates, each)
    assert found.gates.recovery_buckets == gates.recovery_buckets


@given(st.floats(1e-6, 1e9))
def test_a_threshold_lies_above_the_alarm_it_silences_and_reads_well(impact: float) -> None:
    only = [anomaly("f", impact=impact, hours=9)]
    found = best_change(monitor(gates=Gates(0.0, 1)), only, [label("f", FALSE, hours=9)], START, END)
    assert found is not None
    threshold = found.gates.minimum_impact
    assert impact < threshold <= max(impact * 1.2, impact + 0.11)


def test_only_the_gates_change() -> None:
    body: dict[str, Any] = {"metric": "x", "gates": {"recovery_buckets": 4, "minimum_impact": 20}, "severity": "S2"}
    assert changed_body(body, replace(NOW, minimum_impact=24.0)) == {
        "metric": "x",
        "gates": {"recovery_buckets": 4, "minimum_impact": 24.0, "minimum_buckets": 2},
        "severity": "S2",
    }
    assert body["gates"] == {"recovery_buckets": 4, "minimum_impact": 20}
    assert changed_body({"metric": "x"}, NOW)["gates"] == {"minimum_impact": 20.0, "minimum_buckets": 2}

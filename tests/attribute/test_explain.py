"""Verdicts on small, clear tables."""

from __future__ import annotations

import math

import pytest

from metricloop.attribute.explain import Explanation, explain
from metricloop.attribute.leaves import LeafTable
from metricloop.attribute.model import VerdictKind
from tests.attribute.tables import Row, columns, factors, fulfilment, orders, rows, usual_rate, volumes


def named(answer: Explanation) -> set[str]:
    return {cause.slice.key for cause in answer.causes}


def test_a_slice_that_fell_alone_is_local() -> None:
    answer = explain(orders(lambda row: 0.5 if row["carrier"] == "C1" else 1.0))
    assert answer.verdict is VerdictKind.LOCAL and answer.localisable
    assert named(answer) == {"carrier=C1"}
    assert answer.causes[0].share == pytest.approx(1.0, abs=0.1)


def test_two_slices_of_different_depth_are_both_named() -> None:
    def factor(row: Row) -> float:
        fallen = row["carrier"] == "C1" or (row["warehouse"] == "W2" and row["line"] == "L3")
        return 0.4 if fallen else 1.0

    assert named(explain(orders(factor))) == {"carrier=C1", "line=L3&warehouse=W2"}


def test_a_finer_slice_is_named_when_the_coarser_one_is_fine_elsewhere() -> None:
    answer = explain(orders(lambda row: 0.3 if row["carrier"] == "C1" and row["warehouse"] == "W2" else 1.0))
    assert named(answer) == {"carrier=C1&warehouse=W2"}


def test_failures_of_a_ratio_are_localised() -> None:
    answer = explain(fulfilment(lambda row: 0.7 if row["carrier"] == "C1" else usual_rate(row)))
    assert answer.verdict is VerdictKind.LOCAL
    assert named(answer) == {"carrier=C1"}
    cause = answer.causes[0]
    assert cause.expected is not None and cause.actual is not None and cause.actual < cause.expected


def test_everything_down_alike_is_global_and_names_nothing() -> None:
    answer = explain(orders(lambda row: 0.7), total_noise=100)
    assert answer.verdict is VerdictKind.GLOBAL
    assert not answer.localisable and answer.causes == ()
    assert [part.slice for part in answer.parts] == [None]


def test_every_rate_down_alike_is_global() -> None:
    answer = explain(fulfilment(lambda row: usual_rate(row) - 0.15))
    assert answer.verdict is VerdictKind.GLOBAL and answer.causes == ()


def test_who_falls_far_beyond_a_common_fall_is_local() -> None:
    answer = explain(orders(lambda row: 0.2 if row["carrier"] == "C1" else 0.85))
    assert answer.verdict is VerdictKind.LOCAL
    assert named(answer) == {"carrier=C1"}


def test_volume_that_moved_to_a_weak_slice_is_mix() -> None:
    answer = explain(fulfilment(usual_rate, lambda row: 2.5 if row["warehouse"] == "W4" else 1.0))
    assert answer.verdict is VerdictKind.MIX
    assert named(answer) == {"warehouse=W4"}
    assert answer.parts[0].mix == pytest.approx(answer.parts[0].value, abs=0.01)


def test_a_change_within_its_noise_is_none() -> None:
    answer = explain(orders(lambda row: 1.0), total_noise=5000)
    assert answer.verdict is VerdictKind.NONE and not answer.localisable


def test_a_slice_far_off_is_named_though_the_total_is_within_noise() -> None:
    def factor(row: Row) -> float:
        return {"C1": 0.6, "C2": 1.4}.get(row["carrier"], 1.0)

    answer = explain(orders(factor), total_noise=5000, direction=-1)
    assert answer.verdict is VerdictKind.LOCAL
    assert named(answer) == {"carrier=C1"}


def test_no_percentage_of_a_total_near_zero() -> None:
    expected = volumes()
    actual = expected * factors(lambda row: {"C1": 0.6, "C2": 1.4}.get(row["carrier"], 1.0))
    actual *= expected.sum() / actual.sum()
    answer = explain(LeafTable.of_sum(columns(rows()), actual.round(), expected), total_noise=2000, direction=-1)
    assert named(answer) == {"carrier=C1"}
    assert answer.causes[0].share is None


def test_parts_add_up_with_causes_and_without() -> None:
    for table in (orders(lambda row: 0.5 if row["carrier"] == "C1" else 1.0), fulfilment(lambda row: 0.8)):
        answer = explain(table)
        assert math.fsum(part.value for part in answer.parts) == pytest.approx(answer.total, abs=1e-9)


def test_confidence_is_between_zero_and_one_and_grows_with_the_evidence() -> None:
    weak = explain(orders(lambda row: 0.85 if row["carrier"] == "C1" else 1.0)).causes
    strong = explain(orders(lambda row: 0.3 if row["carrier"] == "C1" else 1.0)).causes
    assert 0 <= weak[0].confidence <= strong[0].confidence <= 1


def test_a_table_of_one_leaf_has_nothing_to_compare_with() -> None:
    answer = explain(LeafTable.of_sum({"a": ["x"]}, [10.0], [100.0]), total_noise=1)
    assert answer.verdict is VerdictKind.GLOBAL and answer.causes == ()


def test_nothing_expected_and_nothing_seen_is_none() -> None:
    answer = explain(LeafTable.of_sum({"a": ["x", "y"]}, [0, 0], [0, 0]))
    assert answer.verdict is VerdictKind.NONE and answer.total == 0


def test_an_incident_against_the_total_names_its_slice_without_a_share() -> None:
    def factor(row: Row) -> float:
        return 0.5 if row["line"] == "L1" else 1.3

    answer = explain(orders(factor), total_noise=50, direction=-1)
    assert answer.total > 50
    assert named(answer) == {"line=L1"}
    assert answer.causes[0].contribution < 0 and answer.causes[0].share is None

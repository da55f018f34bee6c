"""The owner is the person with the most exact responsibility for the cause."""

from __future__ import annotations

from datetime import timedelta

import pytest

from metricloop.assign.rules import choose
from metricloop.define.responsibility import AssignmentTable, Responsibility
from metricloop.kernel.slices import TOTAL, Slice

AA, MQ, SFO = Slice.of({"carrier": "AA"}), Slice.of({"carrier": "MQ"}), Slice.of({"dest": "SFO"})
AA_TO_SFO = Slice.of({"carrier": "AA", "dest": "SFO"})
TABLE = AssignmentTable(
    responsibilities=(
        Responsibility(AA, "victor"),
        Responsibility(AA, "carla", metric="cancellations"),
        Responsibility(AA_TO_SFO, "exact"),
        Responsibility(SFO, "fang"),
        Responsibility(TOTAL, "boss", metric="revenue"),
    ),
    fallback="desk",
    acknowledge_within=timedelta(minutes=30),
    resolve_within=timedelta(hours=24),
)


@pytest.mark.parametrize(
    ("why", "metric", "causes", "slice_", "person", "code"),
    [
        ("the cause decides", "on_time_rate", [AA], TOTAL, "victor", "assignment.cause_owner"),
        ("two dimensions beat one", "on_time_rate", [AA_TO_SFO], TOTAL, "exact", "assignment.cause_owner"),
        ("a metric's own beats any", "cancellations", [AA], TOTAL, "carla", "assignment.cause_owner"),
        ("more dimensions beat the metric", "cancellations", [AA_TO_SFO], TOTAL, "exact", "assignment.cause_owner"),
        ("a finer cause belongs to the whole", "flights", [AA_TO_SFO, AA], TOTAL, "exact", "assignment.cause_owner"),
        ("the first cause somebody answers for", "flights", [MQ, SFO], AA, "fang", "assignment.cause_owner"),
        ("then the incident's slice", "on_time_rate", [MQ], SFO, "fang", "assignment.slice_owner"),
        ("then the slice without causes", "on_time_rate", [], AA, "victor", "assignment.slice_owner"),
        ("then the fallback", "on_time_rate", [MQ], TOTAL, "desk", "assignment.fallback"),
        ("somebody has a whole metric", "revenue", [MQ], TOTAL, "boss", "assignment.cause_owner"),
        ("a slice beats the whole metric", "revenue", [AA], TOTAL, "victor", "assignment.cause_owner"),
        (
            "a coarser slice is not its part",
            "on_time_rate",
            [],
            Slice.of({"origin": "JFK"}),
            "desk",
            "assignment.fallback",
        ),
    ],
)
def test_the_owner_is_found_by_cause_slice_and_metric(
    why: str, metric: str, causes: list[Slice], slice_: Slice, person: str, code: str
) -> None:
    choice = choose(TABLE, metric, causes, slice_)
    assert (choice.person, choice.reason.code) == (person, code), why


def test_the_reason_names_the_slice_that_the_person_answers_for() -> None:
    choice = choose(TABLE, "on_time_rate", [Slice.of({"carrier": "AA", "origin": "JFK"})], TOTAL)
    assert choice.person == "victor"
    assert choice.reason.params == {"slice": {"carrier": "AA"}}


def test_nobody_is_left_without_owner() -> None:
    empty = AssignmentTable((), "desk", timedelta(minutes=30), timedelta(hours=24))
    assert choose(empty, "anything", [AA, MQ], SFO).person == "desk"


def test_of_two_equal_responsibilities_the_first_written_counts() -> None:
    twice = AssignmentTable(
        (Responsibility(AA, "first"), Responsibility(AA, "second")), "desk", timedelta(minutes=30), timedelta(hours=24)
    )
    assert choose(twice, "on_time_rate", [AA], TOTAL).person == "first"

"""What the detector found stands where the search names nothing."""

from __future__ import annotations

import math

from metricloop.attribute.leaves import LeafTable
from metricloop.attribute.model import VerdictKind
from metricloop.attribute.suspects import Suspect, explain_by_suspects, leaves_in
from metricloop.kernel.slices import TOTAL, Slice

TABLE = LeafTable.of_sum(
    {"shop": ["A", "A", "B", "B"], "item": ["x", "y", "x", "y"]}, [80.0, 95.0, 101.0, 99.0], [100.0] * 4
)
A, B = Slice.of({"shop": "A"}), Slice.of({"shop": "B"})


def test_the_parts_of_the_suspects_and_the_rest_sum_to_the_change() -> None:
    found = explain_by_suspects(TABLE, [Suspect(B, 0.5), Suspect(A, 0.6)])
    assert found is not None
    assert [cause.slice for cause in found.causes] == [A, B]
    assert math.fsum(part.value for part in found.parts) == found.total == -25.0
    assert found.verdict is VerdictKind.LOCAL and found.localisable
    assert (found.causes[0].contribution, found.causes[0].expected, found.causes[0].actual) == (-25.0, 200.0, 175.0)


def test_one_slice_found_twice_is_one_cause() -> None:
    found = explain_by_suspects(TABLE, [Suspect(A, 0.5), Suspect(A, 0.7)])
    assert found is not None
    assert [(cause.slice, cause.confidence) for cause in found.causes] == [(A, 0.7)]


def test_a_slice_that_the_table_lacks_is_no_cause() -> None:
    assert explain_by_suspects(TABLE, [Suspect(Slice.of({"shop": "C"}), 0.9)]) is None
    assert explain_by_suspects(TABLE, [Suspect(Slice.of({"city": "A"}), 0.9)]) is None
    assert explain_by_suspects(TABLE, []) is None


def test_rows_of_a_slice() -> None:
    assert leaves_in(TABLE, Slice.of({"shop": "B", "item": "y"})).tolist() == [3]
    assert leaves_in(TABLE, TOTAL).tolist() == [0, 1, 2, 3]

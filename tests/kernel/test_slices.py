"""Slices: one key each, whatever the values hold."""

from __future__ import annotations

from hypothesis import example, given
from hypothesis import strategies as st

from metricloop.kernel.slices import TOTAL, Slice

texts = st.text(max_size=8) | st.text(alphabet="%&=25636D", max_size=8)
slices = st.dictionaries(texts, texts, max_size=4).map(Slice.of)
small = st.dictionaries(st.sampled_from("abc"), st.sampled_from("xy"), max_size=3).map(Slice.of)


@given(slices)
@example(Slice.of({"a": "%3D", "=": "&", "%": "%25"}))
@example(Slice.of({"": ""}))
def test_a_key_leads_back_to_its_slice(slice_: Slice) -> None:
    assert Slice.parse(slice_.key) == slice_


@given(slices, slices)
def test_different_slices_have_different_keys(one: Slice, other: Slice) -> None:
    assert (one.key == other.key) == (one == other)


@given(st.dictionaries(texts, texts, max_size=4))
def test_the_order_of_dimensions_does_not_matter(values: dict[str, str]) -> None:
    assert Slice.of(values) == Slice.of(dict(reversed(list(values.items()))))
    assert Slice.of(values).as_dict() == values


def test_the_total_is_the_empty_slice() -> None:
    assert (TOTAL.key, str(TOTAL), bool(TOTAL)) == ("", "total", False)
    assert Slice.parse("") == TOTAL


@given(small, small)
def test_a_slice_contains_another_when_each_of_its_values_is_there(one: Slice, other: Slice) -> None:
    assert one.contains(other) == all(other.as_dict().get(d) == v for d, v in one.pairs)
    assert TOTAL.contains(one)


@given(small, small)
def test_overlapping_is_mutual_and_follows_from_containing(one: Slice, other: Slice) -> None:
    assert one.may_overlap(other) == other.may_overlap(one)
    if one.contains(other):
        assert one.may_overlap(other)


def test_two_values_of_one_dimension_share_no_row() -> None:
    aa, mq, jfk = Slice.of({"carrier": "AA"}), Slice.of({"carrier": "MQ"}), Slice.of({"origin": "JFK"})
    assert not aa.may_overlap(mq)
    assert aa.may_overlap(jfk)

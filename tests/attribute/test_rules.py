"""Which past is comparable, how leaves become a table, and the incident in one line."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metricloop.attribute.model import Attribution, Cause, VerdictKind
from metricloop.attribute.rules import comparable_windows, headline, leaf_table, levels, rows_in
from metricloop.collect.model import Row
from metricloop.define.model import Metric
from metricloop.kernel.slices import Slice
from tests.triage.nouns import metric

NEW_YORK, SHANGHAI = ZoneInfo("America/New_York"), ZoneInfo("Asia/Shanghai")
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)
RATE, COUNT = metric(), metric("flights", ratio=False)


def local(month: int, day: int, hour: int = 0, zone: ZoneInfo = NEW_YORK) -> datetime:
    return datetime(2013, month, day, hour, tzinfo=zone).astimezone(UTC)


def windows(
    of: Metric, start: datetime, end: datetime, zone: ZoneInfo = NEW_YORK, known: datetime = LONG_AGO
) -> list[tuple[datetime, datetime]]:
    return comparable_windows(of, start, end, zone, known)


def test_a_rate_is_compared_with_every_day_of_six_weeks() -> None:
    found = windows(RATE, local(6, 4, 9), local(6, 4, 12))
    assert len(found) == 42
    assert found[0] == (local(6, 3, 9), local(6, 3, 12))
    assert found[-1] == (local(4, 23, 9), local(4, 23, 12))


def test_a_count_is_compared_with_the_same_weekday_of_eight_weeks() -> None:
    found = windows(COUNT, local(6, 4, 9), local(6, 4, 12))
    assert [begin for begin, _ in found] == [local(6, 4, 9) - timedelta(weeks=k) for k in range(1, 9)]


def test_the_clock_on_the_wall_counts_across_daylight_saving() -> None:
    found = windows(RATE, local(3, 12, 9), local(3, 12, 12))  # the clock went forward on the 10th
    assert {begin.astimezone(NEW_YORK).hour for begin, _ in found} == {9}
    assert {begin.hour for begin, _ in found} == {13, 14}
    assert {end - begin for begin, end in found} == {3 * HOUR}


def test_a_whole_day_is_compared_with_whole_days_whatever_their_length() -> None:
    found = windows(RATE, local(11, 5), local(11, 6))
    lengths = [(end - begin) / HOUR for begin, end in found]
    assert lengths[1] == 25  # 3 November
    assert sorted(set(lengths)) == [24, 25]


def test_an_hour_that_the_clock_left_out_is_no_window() -> None:
    found = windows(RATE, local(3, 12, 2), local(3, 12, 3))
    assert len(found) == 41


@pytest.mark.parametrize(("days", "first"), [(1, 1), (2, 2), (4, 4)])
def test_long_windows_do_not_overlap_the_present_one(days: int, first: int) -> None:
    start, end = local(6, 4), local(6, 4 + days)
    found = windows(RATE, start, end)
    assert found[0][0] == local(6, 4) - timedelta(days=first)
    assert all(stop <= start for _, stop in found)


def test_history_is_not_invented() -> None:
    start, end = local(1, 10, 9), local(1, 10, 12)
    assert len(windows(RATE, start, end, known=local(1, 7))) == 3
    assert windows(RATE, start, end, known=local(1, 10)) == []
    assert windows(COUNT, start, end, known=local(1, 4)) == []


@given(
    st.integers(0, 8760),
    st.integers(1, 100),
    st.booleans(),
    st.sampled_from([NEW_YORK, SHANGHAI, ZoneInfo("Europe/Berlin"), ZoneInfo("Australia/Lord_Howe")]),
)
def test_every_window_is_past_known_and_at_the_same_local_time(
    first: int, hours: int, ratio: bool, zone: ZoneInfo
) -> None:
    start = datetime(2013, 1, 1, tzinfo=UTC) + first * HOUR
    end = start + hours * HOUR
    known = start - timedelta(days=30)
    found = windows(RATE if ratio else COUNT, start, end, zone, known)
    for begin, stop in found:
        assert known <= begin < stop
        assert stop <= start + HOUR  # a clock that changes may make the window before an hour longer
    assert [begin for begin, _ in found] == sorted((begin for begin, _ in found), reverse=True)


def row(hour: int, carrier: str, on_time: float, flights: float) -> Row:
    return Row(local(6, 4) + hour * HOUR, (carrier,), (on_time, flights))


def test_rows_of_a_window_are_those_that_begin_in_it() -> None:
    rows = [row(h, "AA", 1, 1) for h in (0, 0, 1, 2, 3)]
    found = rows_in(rows, [r.bucket for r in rows], (local(6, 4, 1), local(6, 4, 3)))
    assert [r.bucket for r in found] == [local(6, 4, 1), local(6, 4, 2)]
    assert rows_in([], [], (local(6, 4), local(6, 5))) == []


def test_a_table_holds_every_leaf_of_now_and_of_the_past() -> None:
    table = leaf_table(RATE, ["carrier"], [row(0, "AA", 4, 10)], [[row(0, "AA", 8, 10), row(0, "MQ", 9, 10)]])
    assert table is not None and table.actual_den is not None
    assert table.actual.tolist() == [4, 0]
    assert table.actual_den.tolist() == [10, 0]
    assert levels(table)[1] == pytest.approx(0.4)


def test_hours_of_one_leaf_add_up() -> None:
    table = leaf_table(RATE, ["carrier"], [row(0, "AA", 4, 10), row(1, "AA", 1, 10)], [[row(0, "AA", 8, 10)]])
    assert table is not None
    assert levels(table)[1] == pytest.approx(5 / 20)


@pytest.mark.parametrize(
    ("why", "of", "now", "past"),
    [
        ("no past", RATE, [row(0, "AA", 4, 10)], []),
        ("no rows at all", RATE, [], [[]]),
        ("nothing flies now", RATE, [], [[row(0, "AA", 8, 10)]]),
        ("nothing flew then", RATE, [row(0, "AA", 4, 10)], [[], []]),
        ("nothing was counted then", COUNT, [row(0, "AA", 4, 10)], [[row(0, "AA", 0, 10)]]),
    ],
)
def test_where_nothing_is_to_compare_nobody_can_tell(
    why: str, of: Metric, now: list[Row], past: list[list[Row]]
) -> None:
    assert leaf_table(of, ["carrier"], now, past) is None, why


def test_a_count_that_fell_to_nothing_is_compared_all_the_same() -> None:
    table = leaf_table(COUNT, ["carrier"], [], [[row(0, "AA", 30, 0)], [row(0, "AA", 34, 0)]])
    assert table is not None
    expected, actual = levels(table)
    assert actual == 0.0
    assert expected == pytest.approx(32.0)


AA = Slice.of({"carrier": "AA"})
FOUND = Attribution(
    incident=1,
    metric="on_time_rate",
    made_at=LONG_AGO,
    start=local(6, 4),
    end=local(6, 5),
    expected=0.8,
    actual=0.6,
    total=-0.2,
    verdict=VerdictKind.LOCAL,
    localisable=True,
    causes=(Cause(AA, -0.15, 0.75, 0.9, 0.8, 0.3), Cause(Slice.of({"carrier": "MQ"}), -0.04, 0.2, 0.8)),
    parts=(),
    by_dimension={},
)


def test_the_headline_of_a_local_change_names_the_slice_and_its_own_numbers() -> None:
    told = headline(FOUND)
    assert told.code == "headline.local"
    assert told.params["slice"] == {"carrier": "AA"}
    assert (told.params["expected"], told.params["actual"], told.params["more"]) == (0.8, 0.3, 1)
    assert told.params["difference"] == pytest.approx(-0.5)


def test_a_cause_without_numbers_of_its_own_keeps_the_wholes() -> None:
    told = headline(replace(FOUND, causes=FOUND.causes[1:]))
    assert (told.params["expected"], told.params["actual"]) == (0.8, 0.6)


@pytest.mark.parametrize(
    ("verdict", "localisable", "code"),
    [
        (VerdictKind.MIX, True, "headline.mix"),
        (VerdictKind.GLOBAL, False, "headline.global"),
        (VerdictKind.NONE, False, "headline.none"),
        (VerdictKind.LOCAL, False, "headline.none"),
    ],
)
def test_the_headline_says_when_no_slice_explains_it(verdict: VerdictKind, localisable: bool, code: str) -> None:
    told = headline(replace(FOUND, verdict=verdict, localisable=localisable))
    assert told.code == code
    assert ("slice" in told.params) == localisable

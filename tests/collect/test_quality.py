"""What stops a verdict on data, and what does not: a drop is a drop while rows keep arriving."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from metricloop.collect.model import Tally
from metricloop.collect.quality import (
    Finding,
    Held,
    arriving,
    drifts,
    emptied,
    first_block,
    key_of,
    silence,
    staleness,
    surges,
    suspicious,
)
from metricloop.define.dataset import Quality
from metricloop.kernel.message import Message
from tests.collect.flights import FLIGHTS, hour

H = timedelta(hours=1)
NOW = hour(3, 1, 17)


def bucket(at: datetime, rows: int = 100, nulls: Mapping[str, int] | None = None, duplicates: int = 0) -> Held:
    return Held(at, at + H, rows, nulls or {}, duplicates)


def past(*rows: int, nulls: int = 0) -> list[Tally]:
    return [
        Tally("flights", hour(1, 1) + i * H, count, NOW, count, NOW, {"carrier": nulls}) for i, count in enumerate(rows)
    ]


def quiet(newest: datetime, *rows: int, usual: list[Tally] | None = None) -> Finding | None:
    buckets = [bucket(hour(3, 1, 9) + i * H, count) for i, count in enumerate(rows)]
    like = past(100, 110, 90, 105) if usual is None else usual
    return silence(FLIGHTS, buckets, newest, {each.start: like for each in buckets})


def test_no_rows_where_there_always_were_many_is_silence() -> None:
    found = quiet(hour(3, 1, 9), 0)
    assert found is not None
    assert (found.key, found.since, found.blocks) == ("quality.silence", hour(3, 1, 9), True)
    assert found.message.params["missed"] == 100


def test_a_bucket_that_ends_in_silence_is_not_complete() -> None:
    found = quiet(hour(3, 1, 9) + timedelta(minutes=20), 30)
    assert found is not None and found.since == hour(3, 1, 9)


def test_few_rows_that_go_on_to_the_end_are_a_drop_and_no_silence() -> None:
    assert quiet(hour(3, 1, 10) - timedelta(minutes=3), 8) is None
    assert quiet(hour(3, 1, 11), 0, 3) is None


def test_where_little_happens_silence_takes_longer_to_be_one() -> None:
    little = past(6, 5, 7, 6)
    assert quiet(hour(3, 1, 9), 0, 0, 0, usual=little) is None
    found = quiet(hour(3, 1, 9), 0, 0, 0, 0, usual=little)
    assert found is not None and found.since == hour(3, 1, 12)


def test_nights_are_silent_every_night_and_a_young_dataset_has_no_habits() -> None:
    assert quiet(hour(3, 1, 9), 0, 0, usual=past(0, 0, 0, 0)) is None
    assert quiet(hour(3, 1, 9), 0, 0, usual=past(100, 100)) is None


def test_one_outage_in_the_past_is_no_habit() -> None:
    assert quiet(hour(3, 1, 9), 0, usual=past(100, 0, 100, 100)) is not None


def test_data_are_stale_after_a_day_or_longer_where_that_happens() -> None:
    assert staleness(FLIGHTS, NOW, NOW - 23 * H, timedelta(0), NOW) is None
    assert staleness(FLIGHTS, NOW, NOW - 40 * H, timedelta(0), NOW) is not None
    assert staleness(FLIGHTS, NOW, NOW - 40 * H, 48 * H, NOW) is None


def test_a_declared_freshness_wins() -> None:
    strict = replace(FLIGHTS, quality=Quality(freshness=2 * H))
    found = staleness(strict, NOW, NOW - 3 * H, 48 * H, NOW)
    assert found is not None and found.message.params["allowed_s"] == 7200


def test_rows_that_usually_are_late_are_waited_for_but_not_for_ever() -> None:
    usual = past(100, 100, 100)
    found = arriving(FLIGHTS, bucket(hour(3, 1, 9), 60), usual, 0.6, hour(3, 1, 18))
    assert found is not None and found.waits
    assert arriving(FLIGHTS, bucket(hour(3, 1, 9), 95), usual, 0.6, hour(3, 1, 18)) is None
    assert arriving(FLIGHTS, bucket(hour(3, 1, 9), 60), usual, 0.97, hour(3, 1, 18)) is None
    assert arriving(FLIGHTS, bucket(hour(3, 1, 9), 60), usual, None, hour(3, 1, 18)) is None
    assert arriving(FLIGHTS, bucket(hour(3, 1, 9), 60), usual, 0.6, hour(3, 3, 18)) is None


def test_a_column_that_always_was_filled_and_is_not_is_a_surge() -> None:
    hit = bucket(hour(3, 1, 9), 100, {"carrier": 30})
    (found,) = surges(FLIGHTS, hit, past(*[100] * 20))
    assert (found.key, found.message.params["share"]) == ("quality.nulls:carrier", 0.3)
    assert suspicious(hit)
    assert not suspicious(bucket(hour(3, 1, 9), 100, {"carrier": 3}))


def test_a_column_that_is_empty_now_and_then_is_business() -> None:
    """In a blizzard nobody arrives: arr_delay is NULL, and that is what the metric is about."""
    assert surges(FLIGHTS, bucket(hour(2, 8, 20), 100, {"carrier": 100}), past(*[100] * 20, nulls=2)) == []


def weeks(*shares: float, rows: int = 100) -> tuple[list[Tally], list[Held]]:
    """Two weeks of hours in which carrier is NULL in 3 of 100 rows, and the shares of the hours after them; all but the
    last hour have been taken."""
    counts = [3 if i % 24 else 5 for i in range(24 * 14)] + [round(share * rows) for share in shares]
    totals = [100] * (24 * 14) + [rows] * len(shares)
    taken = [
        Tally("flights", hour(1, 1) + i * H, total, NOW, total, NOW, {"carrier": nulls})
        for i, (nulls, total) in enumerate(zip(counts, totals, strict=True))
    ]
    last = taken.pop()
    return taken, [bucket(last.start, last.rows, last.nulls)]


def lost(*shares: float, rows: int = 100) -> list[str]:
    taken, due = weeks(*shares, rows=rows)
    return [found.key for found in emptied(FLIGHTS, due, taken)]


def test_a_column_that_is_lost_at_once_and_for_hours_is_no_business() -> None:
    assert lost(1, 1, 1) == lost(0.4, 1, 1, 1) == lost(1, 0.99, 1, 1) == ["quality.nulls:carrier"]
    assert lost(1) == lost(1, 1) == lost(1, 1, 0.9) == []


def test_a_storm_grows_before_it_cancels_everything() -> None:
    assert lost(0.25, 0.5, 0.8, 0.9, 1, 1, 1) == []
    assert lost(0.3, 0.3, 1, 1, 1) == []


def test_a_column_is_not_lost_where_rows_are_missing_or_that_has_been_so_before() -> None:
    assert lost(1, 1, 1, rows=40) == []
    assert lost(1, 1, 1, 0, 0, 0, 1, 1, 1) == []
    taken, due = weeks(1, 1, 1)
    assert emptied(FLIGHTS, due, taken[-24:]) == []
    assert emptied(replace(FLIGHTS, quality=Quality(nulls=False)), due, taken) == []


def test_of_hours_that_are_read_together_those_before_it_is_known_are_taken() -> None:
    taken, due = weeks(1, 1, 1)
    late = [bucket(each.start, each.rows, each.nulls) for each in taken[-2:]]
    (found,) = emptied(FLIGHTS, [*late, *due], taken[:-2])
    assert found.since == due[0].start


def test_without_enough_of_a_past_nobody_knows_what_a_surge_is() -> None:
    assert surges(FLIGHTS, bucket(hour(3, 1, 9), 100, {"carrier": 90}), past(100, 100)) == []
    assert surges(FLIGHTS, bucket(hour(3, 1, 9), 100, {"origin": 90}), past(*[100] * 20)) == []


def test_a_key_that_repeats_is_a_surge_where_it_is_one() -> None:
    keyed = replace(FLIGHTS, key=("flight",))
    hit = bucket(hour(3, 1, 9), 100, duplicates=50)
    assert [each.key for each in surges(keyed, hit, past(*[100] * 20))] == ["quality.duplicates:flight"]
    assert surges(FLIGHTS, hit, past(*[100] * 20)) == []
    off = replace(keyed, quality=Quality(duplicates=False))
    assert surges(off, hit, past(*[100] * 20)) == []


def test_a_column_that_is_gone_or_another_kind_of_thing_blocks() -> None:
    before = {"carrier": "varchar", "distance": "integer", "dep_time": "integer"}
    found = drifts(FLIGHTS, before, {"carrier": "varchar(10)", "distance": "text"}, NOW)
    assert {each.key: each.blocks for each in found} == {
        "quality.column_changed:carrier": False,
        "quality.column_changed:distance": True,
        "quality.column_gone:dep_time": True,
    }
    assert drifts(FLIGHTS, before, {**before, "new": "text"}, NOW) == []


def test_what_was_accepted_blocks_no_more_and_the_earliest_comes_first() -> None:
    one = Finding(Message("quality.nulls", {"column": "carrier"}), NOW + H)
    two = Finding(Message("quality.silence", {}), NOW)
    noted = Finding(Message("quality.column_changed", {"column": "x"}), NOW, blocks=False)
    assert first_block([one, two, noted], ()) == two
    assert first_block([one, two, noted], [two.key]) == one
    assert first_block([one, two, noted], [two.key, key_of(one.message)]) is None

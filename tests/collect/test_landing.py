"""The rules of landing: keys, versions, cursors that belong to options, leases."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from metricloop.collect.landing import (
    LEASE,
    LONGEST_ASIDE,
    Landing,
    failed,
    for_options,
    held,
    is_complete,
    landed_row,
    mark_of,
    may_hold,
    newest_of_each,
    set_aside,
    sound,
)
from metricloop.kernel.message import Message

AT = datetime(2026, 3, 1, 12, tzinfo=UTC)


def test_a_record_without_a_key_gets_one_of_its_content() -> None:
    one, same, other = (
        landed_row("s", "t", None, AT, None, body, AT) for body in ({"a": 1, "b": 2}, {"b": 2, "a": 1}, {})
    )
    assert one.key == same.key != other.key and one.hash == same.hash


def test_the_same_content_at_another_time_is_another_content() -> None:
    early, late = (landed_row("s", "t", "k", at, None, {}, AT) for at in (AT, AT + LEASE))
    assert early.hash != late.hash


def test_of_one_key_in_a_batch_the_last_wins_unless_its_version_is_older() -> None:
    def row(n: int, version: float | None) -> tuple[int, float | None]:
        return n, version

    def kept(*rows: tuple[int, float | None]) -> str:
        (found,) = newest_of_each([landed_row("s", "t", "k", AT, version, {"n": n}, AT) for n, version in rows])
        return found.body

    assert kept(row(1, None), row(2, None)) == '{"n":2}'
    assert kept(row(1, 2.0), row(2, 1.0)) == '{"n":1}'
    assert kept(row(1, 2.0), row(2, 2.0)) == '{"n":2}'


def test_rows_of_a_batch_are_in_one_order_whatever_came_first() -> None:
    rows = [landed_row("s", table, key, AT, None, {}, AT) for table, key in (("b", "1"), ("a", "2"), ("a", "1"))]
    assert newest_of_each(rows) == newest_of_each(rows[::-1])


def test_under_other_options_a_source_begins_anew() -> None:
    mark = mark_of("http", {"url": "a"})
    landing = Landing("crm", mark, "page 7", AT)
    assert for_options(landing, mark) == landing
    anew = for_options(landing, mark_of("http", {"url": "b"}))
    assert anew.cursor is None and anew.complete_until is None


def test_complete_is_only_what_the_source_was_asked_for_since() -> None:
    assert not is_complete(Landing("crm"), AT)
    landing = Landing("crm", complete_until=AT)
    assert is_complete(landing, AT) and not is_complete(landing, AT + timedelta(seconds=1))
    assert is_complete(landing, AT + timedelta(seconds=1), grace=timedelta(minutes=1))


def test_a_stream_is_received_by_one_process_until_its_lease_ends() -> None:
    mine = held(Landing("mq"), "me", AT)
    assert may_hold(mine, "me", AT) and not may_hold(mine, "you", AT)
    assert may_hold(mine, "you", AT + LEASE)


def test_an_outage_keeps_the_time_when_it_began() -> None:
    first = failed(Landing("mq"), Message("source.failed"), AT)
    again = failed(first, Message("source.failed"), AT + LEASE)
    assert again.failed_since == AT and sound(again) == replace(first, failed_since=None, failure=None)


def test_a_very_long_message_is_cut_and_says_so() -> None:
    kept = set_aside("s", "t", "x" * (LONGEST_ASIDE + 1), "is not JSON", AT)
    assert len(kept.body) == LONGEST_ASIDE and "only the first" in kept.reason

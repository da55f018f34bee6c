"""Events are handled once, in the order they were told; timers fall due once."""

from __future__ import annotations

import pytest

from metricloop.kernel.events import Event, Timer
from metricloop.store import Store
from tests.store.nouns import AT, HOUR


def event(key: str) -> Event:
    return Event(key, "points.collected", "flights", AT, {"from": "x", "n": 3, "some": ["a"], "by": {"a": "b"}})


def test_events_come_in_the_order_they_were_told(store: Store) -> None:
    told = [event(key) for key in ("z", "a", "m")]
    with store.unit() as unit:
        for each in (*told, told[0]):
            unit.events.tell(each)
        assert unit.events.unhandled() == tuple(told)
        assert unit.events.unhandled(limit=2) == tuple(told[:2])


def test_an_event_is_handled_once(store: Store) -> None:
    with store.unit() as unit:
        unit.events.tell(event("a"))
    with store.unit() as unit:
        assert unit.events.mark_handled("a")
        assert not unit.events.mark_handled("a")
        assert not unit.events.mark_handled("never told")
    with store.unit() as unit:
        unit.events.tell(event("a"))
        assert unit.events.unhandled() == (), "the same fact told again is no new event"


def test_an_event_whose_handling_failed_is_unhandled(store: Store) -> None:
    with store.unit() as unit:
        unit.events.tell(event("a"))
    with pytest.raises(ZeroDivisionError), store.unit() as unit:
        assert unit.events.mark_handled("a")
        raise ZeroDivisionError
    with store.unit(write=False) as unit:
        assert unit.events.unhandled() == (event("a"),)


def test_the_earliest_timer_is_next_whether_due_or_not(store: Store) -> None:
    timers = [Timer(key, "collect", "flights", AT + hours * HOUR, {"n": hours}) for key, hours in (("b", 5), ("a", 2))]
    with store.unit() as unit:
        assert unit.events.next_timer() is None
        for timer in timers:
            unit.events.set_timer(timer)
        assert unit.events.next_timer() == timers[1]
        unit.events.set_timer(Timer("a", "collect", "flights", AT + 9 * HOUR))
        assert unit.events.next_timer() == timers[0]


def test_a_timer_is_taken_once_and_only_where_it_stands(store: Store) -> None:
    with store.unit() as unit:
        unit.events.set_timer(Timer("a", "collect", "flights", AT))
        assert not unit.events.take_timer("a", AT + HOUR), "it has moved"
        assert unit.events.take_timer("a", AT)
        assert not unit.events.take_timer("a", AT)
        unit.events.set_timer(Timer("b", "collect", "flights", AT))
        unit.events.cancel_timer("b")
        unit.events.cancel_timer("b")
        assert unit.events.next_timer() is None

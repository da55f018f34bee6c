"""What the loop promises whatever happens: nothing lost, nothing twice, and nothing that holds up the rest."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from metricloop.bootstrap import apply, check
from metricloop.define.model import Kind
from metricloop.define.versions import content_hash
from metricloop.kernel.errors import Conflict, InvalidProject, SourceFailed, StoreFailed
from metricloop.kernel.events import Event, Timer
from metricloop.loop.loop import RETRY_SOURCE
from metricloop.loop.ports import LoopUnit
from metricloop.loop.routes import ROUTES, TIMERS, Route
from metricloop.loop.site import Site
from metricloop.store.tables.loop import events
from metricloop.triage.model import IncidentState
from tests.loop.conftest import MakeShop
from tests.loop.world import AFTERNOON, BEFORE, HOUR, Shop, make_shop

Write = Callable[[LoopUnit], None]
BROKEN, FINE = "test.broken", "test.fine"


def story(shop: Shop) -> list[tuple[Any, ...]]:
    """Everything that was told, in order."""
    with shop.store.unit(write=False) as unit:
        columns = (events.c.key, events.c.kind, events.c.subject, events.c.at, events.c.data)
        return [tuple(row) for row in unit.connection.execute(select(*columns).order_by(events.c.sequence))]


def kept(shop: Shop, key: str) -> str | None:
    with shop.store.unit(write=False) as unit:
        return unit.settings.get(key)


def tell(shop: Shop, *kinds: str) -> None:
    with shop.store.unit() as unit:
        for number, kind in enumerate(kinds):
            unit.events.tell(Event(f"{kind}:{number}", kind, str(number), shop.now))


def failed(shop: Shop) -> list[str]:
    with shop.store.unit(write=False) as unit:
        return [line.subject_id for line in unit.audit.lines(0, 10_000) if line.action == "event.failed"]


class Breaks:
    """A route that writes, and then fails the first `times` times."""

    def __init__(self, error: Exception, times: int = 10**9) -> None:
        self.error, self.left, self.tried = error, times, 0

    def __call__(self, site: Site, event: Event) -> Write:
        def write(unit: LoopUnit) -> None:
            self.tried += 1
            unit.settings.put(f"seen:{event.key}", "yes")
            if self.left > 0:
                self.left -= 1
                raise self.error

        return write


def notes(site: Site, event: Event) -> Write:
    return lambda unit: unit.settings.put(f"seen:{event.key}", "yes")


def broken_shop(new_shop: MakeShop, route: Route) -> Shop:
    shop = new_shop(extra_routes={BROKEN: [route], FINE: [notes]}, extra_timers={BROKEN: route, FINE: notes})
    tell(shop, BROKEN, FINE)
    return shop


@pytest.mark.parametrize(
    "error",
    [
        ValueError("wrong"),
        KeyError("gone"),
        TypeError("not that"),
        ZeroDivisionError("nothing"),
        AttributeError("no such"),
        RuntimeError("broken"),
        OSError("no space"),
        SourceFailed("no answer", retryable=True),
    ],
    ids=lambda error: type(error).__name__,
)
def test_a_handler_that_fails_is_tried_parked_and_told_of_and_holds_up_nothing(
    new_shop: MakeShop, error: Exception
) -> None:
    route = Breaks(error)
    shop = broken_shop(new_shop, route)
    shop.pump()
    assert route.tried == 3
    assert failed(shop) == ["test.broken:0"]
    assert kept(shop, "seen:test.broken:0") is None, "what a failed handler wrote is undone"
    assert kept(shop, "seen:test.fine:1") == "yes"
    assert FINE in shop.heard and BROKEN not in shop.heard
    shop.pump()
    assert route.tried == 3


def test_a_handler_that_fails_once_succeeds_the_next_time(new_shop: MakeShop) -> None:
    route = Breaks(ValueError("wrong"), times=2)
    shop = broken_shop(new_shop, route)
    shop.pump()
    assert (route.tried, failed(shop), kept(shop, "seen:test.broken:0")) == (3, [], "yes")


def test_a_conflict_is_only_a_reason_to_look_again(new_shop: MakeShop) -> None:
    route = Breaks(Conflict("somebody was quicker"), times=9)
    shop = broken_shop(new_shop, route)
    shop.pump()
    assert (route.tried, failed(shop)) == (10, [])


def test_a_conflict_without_end_is_parked_too(new_shop: MakeShop) -> None:
    shop = broken_shop(new_shop, Breaks(Conflict("for ever")))
    shop.pump()
    assert failed(shop) == ["test.broken:0"]


def test_without_its_store_the_loop_stops_and_loses_nothing(new_shop: MakeShop) -> None:
    route = Breaks(StoreFailed("the disk is full"), times=1)
    shop = broken_shop(new_shop, route)
    with pytest.raises(StoreFailed):
        shop.pump()
    shop.pump()
    assert (route.tried, failed(shop)) == (2, [])
    assert kept(shop, "seen:test.broken:0") == kept(shop, "seen:test.fine:1") == "yes"


def test_a_timer_that_cannot_be_handled_is_parked_and_holds_up_nothing(new_shop: MakeShop) -> None:
    route = Breaks(KeyError("person"))
    shop = broken_shop(new_shop, route)
    shop.pump()
    with shop.store.unit() as unit:
        unit.events.set_timer(Timer("broken", BROKEN, "1", shop.now + HOUR))
        unit.events.set_timer(Timer("fine", FINE, "1", shop.now + 2 * HOUR))
    shop.run_until(shop.now + 3 * HOUR)
    assert route.tried == 6
    assert failed(shop)[1:] == [f"broken@{(BEFORE + HOUR).isoformat()}"]
    assert kept(shop, f"seen:fine@{(BEFORE + 2 * HOUR).isoformat()}") == "yes"
    with shop.store.unit(write=False) as unit:
        assert unit.events.next_timer() is None


def test_a_timer_that_nobody_knows_is_let_go(shop: Shop) -> None:
    with shop.store.unit() as unit:
        unit.events.set_timer(Timer("old", "of.a.plugin.that.is.gone", "1", shop.now + HOUR))
    shop.run_until(shop.now + 2 * HOUR)
    with shop.store.unit(write=False) as unit:
        assert unit.events.next_timer() is None


def test_the_same_fact_told_twice_is_handled_once(new_shop: MakeShop) -> None:
    route = Breaks(ValueError("never"), times=0)
    shop = broken_shop(new_shop, route)
    tell(shop, BROKEN)
    shop.pump()
    tell(shop, BROKEN)
    shop.pump()
    assert route.tried == 1


def test_work_is_done_in_order_of_due_time_at_its_own_time(new_shop: MakeShop) -> None:
    rung: list[tuple[str, Any]] = []

    def ring(site: Site, event: Event) -> Write:
        return lambda unit: rung.append((event.subject, event.at))

    shop = new_shop(extra_timers={FINE: ring})
    shop.run_until(BEFORE)
    with shop.store.unit() as unit:
        for minutes in (50, 10, 30):
            unit.events.set_timer(Timer(f"t{minutes}", FINE, str(minutes), shop.now + timedelta(minutes=minutes)))
    shop.run_until(shop.now + HOUR)
    assert rung == [(str(m), BEFORE + timedelta(minutes=m)) for m in (10, 30, 50)]


def test_what_is_due_later_waits(shop: Shop) -> None:
    shop.run_until(BEFORE)
    due = shop.loop.next_due()
    assert due is not None and BEFORE < due <= BEFORE + HOUR
    shop.run_until(due - timedelta(seconds=1))
    before = story(shop)
    shop.run_until(due)
    assert len(story(shop)) == len(before) + 1


def test_a_waiting_event_is_due_now(new_shop: MakeShop) -> None:
    shop = broken_shop(new_shop, notes)
    assert shop.loop.next_due() == shop.now


def test_a_worker_that_is_asked_to_go_stops_at_the_next_boundary(shop: Shop) -> None:
    asked = iter([False, False, True])
    shop.loop.run_until(BEFORE + 10 * HOUR, turn_over=lambda: next(asked))
    assert shop.now < BEFORE + 3 * HOUR
    assert len([row for row in story(shop) if row[1] == "points.collected"]) == 2


def test_every_change_is_announced_after_it_was_kept(shop: Shop) -> None:
    shop.run_until(AFTERNOON)
    told = [row[1] for row in story(shop)]
    assert sorted(k for k in shop.heard if k not in TIMERS) == sorted(told)
    assert {"points.collected", "anomaly.raised", "incident.opened", "incident.assigned"} <= set(told)


def test_every_event_and_timer_of_the_loop_has_a_route() -> None:
    assert all(ROUTES.values())
    assert all(callable(route) for route in TIMERS.values())


def test_another_process_that_goes_on_tells_the_same_story(new_shop: MakeShop) -> None:
    """Each few hours a new loop with nothing in memory takes over: the same verdicts, the same incident."""
    alone, first = new_shop(), new_shop()
    alone.run_until(AFTERNOON + 20 * HOUR)
    relay = first
    while relay.now < AFTERNOON + 20 * HOUR:
        relay = new_shop(beside=relay)
        relay.run_until(min(relay.now + 5 * HOUR, AFTERNOON + 20 * HOUR))
    assert story(first) == story(alone)


def test_two_processes_that_take_turns_tell_the_same_story(new_shop: MakeShop) -> None:
    alone, first = new_shop(), new_shop()
    second = new_shop(beside=first)
    alone.run_until(AFTERNOON)
    at = BEFORE
    while at < AFTERNOON:
        at += HOUR
        first.run_until(at)
        at += HOUR
        second.run_until(min(at, AFTERNOON))
    assert story(first) == story(alone)


def test_a_source_that_is_away_is_asked_again_and_nothing_is_lost(new_shop: MakeShop, tmp_path: Path) -> None:
    folder = make_shop(tmp_path / "away")
    shop, calm = new_shop(folder=folder), new_shop()
    shop.run_until(BEFORE + 5 * HOUR)
    shutil.move(folder / "orders.db", folder / "gone.db")
    shop.sources.close()
    shop.run_until(BEFORE + 7 * HOUR)
    told = [row[1] for row in story(shop)]
    assert told.count("source.failed") == 1
    with shop.store.unit(write=False) as unit:
        state = unit.collections.get("orders")
    assert state is not None and state.failed_since is not None and state.last_run_at is not None
    assert shop.now - state.last_run_at <= RETRY_SOURCE
    shutil.move(folder / "gone.db", folder / "orders.db")
    shop.run_until(AFTERNOON)
    calm.run_until(AFTERNOON)
    assert [row[1] for row in story(shop)].count("source.recovered") == 1
    with shop.store.unit(write=False) as ours, calm.store.unit(write=False) as theirs:
        span = theirs.points.span("paid_rate")
        assert span is not None and ours.points.span("paid_rate") == span
        mine, other = ours.points.read("paid_rate", *span), theirs.points.read("paid_rate", *span)
        assert (mine.starts, mine.slices) == (other.starts, other.slices)
        assert (mine.numerator == other.numerator).all()
        assert [i.state for i in ours.incidents.live()] == [IncidentState.OPEN]


def test_definitions_are_read_again_only_when_they_changed(shop: Shop) -> None:
    shop.run_until(BEFORE)
    before = shop.loop.site.project
    shop.pump()
    assert shop.loop.site.project is before, "nothing changed, nothing is read again"


def test_a_monitor_that_cannot_judge_does_not_blind_the_others(shop: Shop) -> None:
    """`apply` refuses such options; a version written by an older program may still hold them."""
    with shop.store.unit() as unit:
        live = unit.definitions.newest(Kind.MONITOR, "paid_daily")
        assert live is not None
        body = {**live.body, "options": {"budgt": 1}}
        unit.definitions.add(replace(live, number=2, parent=live.hash, hash=content_hash(body), body=body))
    shop.run_until(AFTERNOON)
    assert [row[1] for row in story(shop)].count("monitor.broken") == 1
    with shop.store.unit(write=False) as unit:
        assert [i.monitor for i in unit.incidents.live()] == ["paid_hourly"]
        (told,) = [line for line in unit.audit.lines(0, 10_000) if line.action == "monitor.broken"]
    assert told.subject_id == "paid_daily"
    assert told.after is not None and "no option 'budgt'" in told.after


def test_options_that_no_detector_takes_are_refused_where_they_stand(tmp_path: Path) -> None:
    folder = make_shop(tmp_path / "typo")
    text = (folder / "metricloop.yml").read_text(encoding="utf-8")
    wrong = text.replace("budget: 0.002, total_budget: 0.01", "budgt: 0.002, total_budget: -1")
    (folder / "metricloop.yml").write_text(wrong, encoding="utf-8")
    issues = check(folder)
    assert len(issues) == 4
    assert all(issue.where.startswith("metricloop.yml:") and issue.fix for issue in issues)
    with pytest.raises(InvalidProject):
        apply(folder, str(tmp_path / "state.db"), by="test")


def test_a_dataset_that_no_metric_uses_keeps_nobody_waiting(new_shop: MakeShop, tmp_path: Path) -> None:
    folder = make_shop(tmp_path / "idle")
    text = (folder / "metricloop.yml").read_text(encoding="utf-8")
    idle = "{name: idle, source: till, table: orders, time_column: placed_at, lateness: 1h, "
    idle += "measures: [{name: n, agg: count}]}"
    (folder / "metricloop.yml").write_text(text.replace("datasets:\n", f"datasets:\n  - {idle}\n"), encoding="utf-8")
    shop = new_shop(folder=folder)
    shop.run_until(BEFORE + 3 * HOUR)
    with shop.store.unit(write=False) as unit:
        assert unit.collections.get("orders") is not None
        assert unit.collections.get("idle") is None

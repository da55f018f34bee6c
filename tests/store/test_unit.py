"""A unit of work is kept or undone as a whole, refuses what it must, and stands beside others that write."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import numpy as np
import pytest
from sqlalchemy import func, select

from metricloop.access.rules import first_break
from metricloop.kernel.errors import Bug, Conflict
from metricloop.kernel.events import Event
from metricloop.kernel.series import Panel
from metricloop.kernel.slices import Slice
from metricloop.loop.ports import OpenUnit
from metricloop.store import Store, open_store
from metricloop.store.tables import metadata
from tests.store.nouns import AT, anomaly, incident, notification, run


def everything(store: Store) -> dict[str, int]:
    """How many rows each table has."""
    with store.unit(write=False) as unit:
        return {
            table.name: unit.connection.execute(select(func.count()).select_from(table)).scalar_one()
            for table in metadata.sorted_tables
        }


def write_some(open_unit: OpenUnit) -> None:
    with open_unit() as unit:
        unit.anomalies.put(anomaly())
        unit.incidents.add(incident(unit.incidents.next_number()))
        unit.runs.add(run())
        unit.outbox.add(notification())
        unit.audit.record(at=AT, actor="ann", action="x", subject_kind="incident", subject_id="1")
        unit.events.tell(Event("e", "incident.opened", "1", AT))


def test_all_of_a_unit_is_kept_when_it_ends_well(store: Store) -> None:
    write_some(store.unit)
    kept = everything(store)
    assert {
        name: kept[name] for name in ("anomalies", "incidents", "runs", "notifications", "events")
    } == dict.fromkeys(("anomalies", "incidents", "runs", "notifications", "events"), 1)


@pytest.mark.parametrize("error", [ZeroDivisionError(), KeyboardInterrupt(), Conflict("x")], ids=repr)
def test_a_unit_that_raises_leaves_nothing(store: Store, error: BaseException) -> None:
    before = everything(store)

    def fails() -> None:
        with store.unit() as unit:
            unit.incidents.add(incident(unit.incidents.next_number()))
            unit.audit.record(at=AT, actor="ann", action="x", subject_kind="incident", subject_id="1")
            raise error

    with pytest.raises(type(error)):
        fails()
    assert everything(store) == before
    write_some(store.unit)


def test_a_unit_opened_to_read_refuses_to_write(store: Store) -> None:
    with pytest.raises(Bug, match="opened to read"), store.unit(write=False) as unit:
        unit.settings.put("a", "b")
    with store.unit() as unit:
        assert unit.settings.get("a") is None


def test_a_unit_is_entered_once(store: Store) -> None:
    unit = store.unit()
    with unit, pytest.raises(Bug, match="second time"):
        unit.__enter__()
    with pytest.raises(Bug, match="second time"), unit:
        pass


def test_a_unit_is_not_used_outside_its_block(store: Store) -> None:
    unit = store.unit()
    with pytest.raises(Bug, match="outside"):
        unit.incidents.live()
    with unit:
        unit.incidents.live()
    with pytest.raises(Bug, match="outside"):
        unit.incidents.live()


def test_a_unit_that_writes_is_not_opened_inside_another(store: Store) -> None:
    with pytest.raises(Bug, match="inside another"), store.unit(), store.unit():
        pass
    write_some(store.unit)


def test_a_reader_sees_one_state_while_others_write(store: Store) -> None:
    with store.unit(write=False) as look:
        assert look.settings.get("a") is None
        with store.unit() as unit:
            unit.settings.put("a", "b")
        assert look.settings.get("a") is None
    with store.unit(write=False) as look:
        assert look.settings.get("a") == "b"


def at_once(work: Callable[[int], None], workers: int = 4) -> None:
    """Run `work` in several threads that start together; the first error comes out."""
    together = threading.Barrier(workers)

    def start(worker: int) -> None:
        together.wait()
        work(worker)

    with ThreadPoolExecutor(workers) as pool:
        list(pool.map(start, range(workers)))


def test_writers_at_once_number_their_incidents_without_gap_or_double(store: Store) -> None:
    def open_some(worker: int) -> None:
        for turn in range(5):
            with store.unit() as unit:
                number = unit.incidents.next_number()
                unit.incidents.add(incident(number, key=f"{worker}-{turn}"))

    at_once(open_some)
    with store.unit(write=False) as unit:
        assert [each.number for each in unit.incidents.live()] == list(range(1, 21))


def test_writers_at_once_keep_one_audit_chain(store: Store) -> None:
    def record(worker: int) -> None:
        for _ in range(5):
            with store.unit() as unit:
                unit.audit.record(at=AT, actor=str(worker), action="x", subject_kind="i", subject_id="1")

    at_once(record)
    with store.unit(write=False) as unit:
        lines = unit.audit.lines()
    assert len(lines) == 20
    assert first_break(lines) is None


def test_workers_at_once_handle_each_event_once(store: Store, url: str) -> None:
    with store.unit() as unit:
        for number in range(20):
            unit.events.tell(Event(f"e{number}", "x.happened", "s", AT))
    handled: list[str] = []

    def handle(worker: int) -> None:
        own = open_store(url, scratch=True)  # as another process would
        while True:
            with own.unit(write=False) as look:
                waiting = look.events.unhandled(limit=3)
            if not waiting:
                break
            with own.unit() as unit:
                if unit.events.mark_handled(waiting[0].key):
                    handled.append(waiting[0].key)
        own.close()

    at_once(handle)
    assert sorted(handled) == sorted(f"e{number}" for number in range(20))


def test_processes_that_append_columns_at_once_do_not_mix_them_up(store: Store, url: str) -> None:
    def put(worker: int) -> None:
        own = open_store(url, scratch=True)
        for turn in range(3):
            start = datetime(2013, 1, 1 + worker, turn, tzinfo=UTC)
            value = np.array([[float(10 * worker + turn)]])
            with own.unit() as unit:
                one = Panel((Slice.of({"dest": f"{worker}-{turn}"}),), (start,), value, value, (start,))
                unit.points.put("flights", one)
        own.close()

    at_once(put)
    with store.unit(write=False) as unit:
        back = unit.points.read("flights", datetime(2013, 1, 1, tzinfo=UTC), datetime(2013, 2, 1, tzinfo=UTC))
    assert len(back.slices) == 12
    for at, start in enumerate(back.starts):
        worker, turn = start.day - 1, start.hour
        column = back.column(Slice.of({"dest": f"{worker}-{turn}"}))
        assert column is not None
        assert back.numerator[at, column] == 10 * worker + turn
        assert back.numerator[at].sum() == 10 * worker + turn


def test_the_store_satisfies_the_port_of_the_loop(store: Store) -> None:
    open_unit: OpenUnit = store.unit
    with open_unit(write=False) as unit:
        assert unit.incidents.live() == ()

"""Statements that are compiled once."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import bindparam, select

from metricloop.kernel.errors import Bug
from metricloop.kernel.events import Event
from metricloop.store import Store
from metricloop.store.repositories.loop import EVENTS
from metricloop.store.statements import Statement
from metricloop.store.tables.loop import events

AT = datetime(2013, 4, 16, 12, tzinfo=UTC)
_KINDS = select(events.c.kind, events.c.at, events.c.handled).order_by(events.c.sequence)


def _tell(store: Store, *kinds: str) -> None:
    with store.unit() as unit:
        for kind in kinds:
            unit.events.tell(Event(kind, kind, "1", AT))


def test_values_are_written_and_read_as_the_columns_say(store: Store) -> None:
    _tell(store, "told")
    with store.unit(write=False) as unit:
        (row,) = Statement(_KINDS.where(events.c.at == bindparam("when"))).all(unit.connection, {"when": AT})
    assert list(row) == ["told", AT, False]


def test_what_the_statement_fixes_needs_not_be_given(store: Store) -> None:
    _tell(store, "first", "second")
    with store.unit(write=False) as unit:
        assert Statement(_KINDS.where(events.c.kind == "second").limit(1)).value(unit.connection) == "second"


def test_no_row_is_none(store: Store) -> None:
    with store.unit(write=False) as unit:
        assert Statement(_KINDS).first(unit.connection) is None
        assert Statement(_KINDS).value(unit.connection) is None


def test_a_statement_tells_how_many_rows_it_wrote(store: Store) -> None:
    remove = Statement(events.delete().where(events.c.kind == bindparam("of")))
    _tell(store, "a", "b")
    with store.unit() as unit:
        assert [remove.run(unit.connection, {"of": kind}) for kind in ("a", "a", "c")] == [1, 0, 0]


def test_many_rows_are_written_at_once(store: Store) -> None:
    add = Statement(events.insert().inline(), ("key", "kind", "subject", "at", "data"))
    told = [EVENTS.values(Event(key, "told", "1", AT)) for key in "abc"]
    with store.unit() as unit:
        add.run_many(unit.connection, told)
        add.run_many(unit.connection, [])
    with store.unit(write=False) as unit:
        assert [event.key for event in unit.events.unhandled()] == ["a", "b", "c"]


def test_a_statement_that_grows_with_its_values_is_refused(store: Store) -> None:
    with store.unit(write=False) as unit, pytest.raises(Bug):
        Statement(_KINDS.where(events.c.kind.in_(["a", "b"]))).all(unit.connection)


def test_a_value_that_was_forgotten_is_a_bug(store: Store) -> None:
    with pytest.raises(Bug), store.unit(write=False) as unit:
        Statement(_KINDS.where(events.c.kind == bindparam("of"))).all(unit.connection)

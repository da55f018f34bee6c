"""What is put in comes back equal, on both databases, for every noun that has a table."""

from __future__ import annotations

import dataclasses
import typing
from datetime import UTC
from importlib import import_module
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from metricloop.act.model import Task, TaskKind
from metricloop.define.model import Version
from metricloop.detect.model import Anomaly, DetectorState
from metricloop.kernel.slices import TOTAL, Slice
from metricloop.store import Store
from metricloop.store.columns import Choice, Json
from metricloop.store.rows import Rows
from metricloop.triage.model import Incident
from tests.store import nouns
from tests.store.nouns import AT

MODULES = [
    "access",
    "action",
    "collections",
    "definitions",
    "detection",
    "incidents",
    "landed",
    "loop",
    "outbox",
    "points",
]
FOUND = [vars(import_module(f"metricloop.store.repositories.{name}")).values() for name in MODULES]
ROWS: list[Rows[Any]] = [value for values in FOUND for value in values if isinstance(value, Rows)]
REALISTIC = [
    nouns.incident(),
    nouns.anomaly(),
    nouns.run(),
    nouns.task(),
    nouns.notification(),
    nouns.attribution(),
    nouns.proposal(),
]


def there_and_back(store: Store, rows: Rows[Any], noun: Any) -> Any:
    """Written and read in a transaction that is then rolled back, so that references need not exist."""
    with store.engine.connect() as connection, connection.begin() as transaction:
        assert rows.add(connection, noun)
        (back,) = rows.all(connection, rows.query)
        transaction.rollback()
    return back


def allowed(noun: Any) -> Any:
    """The nearest noun that the constraints of the tables allow."""
    if isinstance(noun, Incident | Version):
        return dataclasses.replace(noun, number=abs(noun.number) + 1)
    if isinstance(noun, Anomaly):
        return dataclasses.replace(noun, ended_at=max(noun.started_at, noun.ended_at))
    if isinstance(noun, Task):
        return dataclasses.replace(noun, kind=TaskKind.APPROVAL)
    return noun


def named(rows: Rows[Any]) -> str:
    return str(rows.table.name)


@pytest.mark.parametrize("rows", ROWS, ids=named)
@given(data=st.data())
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_noun_comes_back_equal(store: Store, rows: Rows[Any], data: st.DataObject) -> None:
    noun = allowed(data.draw(nouns.any_noun(rows.noun)))
    assert there_and_back(store, rows, noun) == noun


@pytest.mark.parametrize("noun", REALISTIC, ids=lambda noun: type(noun).__name__)
def test_a_plausible_noun_comes_back_equal(store: Store, noun: Any) -> None:
    (rows,) = (rows for rows in ROWS if rows.noun is type(noun))
    assert there_and_back(store, rows, noun) == noun


def test_values_that_mean_cannot_tell_stay_what_they_are(store: Store) -> None:
    (rows,) = (rows for rows in ROWS if rows.noun is Incident)
    back = there_and_back(store, rows, nouns.incident(impact=float("nan"), localisable=None, slice=TOTAL))
    assert np.isnan(back.impact)
    assert back.localisable is None
    assert back.slice == TOTAL


def test_times_come_back_in_utc(store: Store) -> None:
    (rows,) = (rows for rows in ROWS if rows.noun is Anomaly)
    assert there_and_back(store, rows, nouns.anomaly()).started_at.tzinfo is UTC


@pytest.mark.parametrize("rows", ROWS, ids=named)
def test_a_column_says_the_type_of_its_field(rows: Rows[Any]) -> None:
    hints = typing.get_type_hints(rows.noun)
    for column in rows.table.c:
        if isinstance(column.type, Json | Choice):
            told = column.type.noun if isinstance(column.type, Json) else column.type.choices
            assert hints[column.name] in (told, told | None), column.name


@pytest.mark.parametrize("rows", ROWS, ids=named)
def test_a_column_may_be_null_exactly_where_its_field_may_be_none(rows: Rows[Any]) -> None:
    hints = typing.get_type_hints(rows.noun)
    for name, hint in hints.items():
        assert rows.table.c[name].nullable == (type(None) in typing.get_args(hint)), name


def test_a_checkpoint_comes_back_bit_by_bit(store: Store) -> None:
    rng = np.random.default_rng(7)
    arrays = {"profile.level": rng.normal(size=(3, 168)), "seen": np.zeros(0), "one": np.array([np.nan, -0.0, np.inf])}
    axis = (TOTAL, Slice.of({"carrier": "B6"}))
    state = DetectorState("m", "on_time_rate", 1, AT, axis, arrays, {"kind": "rate", "n": 3})
    with store.unit() as unit:
        unit.states.put(state)
    with store.unit(write=False) as unit:
        back = unit.states.latest("m", 1)
    assert back is not None
    assert dataclasses.replace(back, arrays={}) == dataclasses.replace(state, arrays={})
    assert {name: array.tobytes() for name, array in back.arrays.items()} == {
        name: array.tobytes() for name, array in arrays.items()
    }
    assert [back.arrays[name].shape for name in arrays] == [array.shape for array in arrays.values()]

"""Labels in force: what a unit reads is what the database holds, whoever has written it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from metricloop.detect.model import Label, Verdict
from metricloop.kernel.grain import Grain
from metricloop.kernel.slices import TOTAL
from metricloop.store import Store, open_store

AT = datetime(2013, 4, 16, 12, tzinfo=UTC)
LABEL = Label("one", 1, "on_time_rate", TOTAL, Grain.HOUR, AT, AT + timedelta(hours=3), Verdict.TRUE, "wei", AT)


def _ids(store: Store, metric: str = "on_time_rate") -> list[str]:
    with store.unit(write=False) as unit:
        return [label.id for label in unit.labels.of_metric(metric)]


def _put(store: Store, label: Label) -> None:
    with store.unit() as unit:
        unit.labels.put(label)


def test_labels_are_seen_by_units_that_come_later(store: Store) -> None:
    assert _ids(store) == []
    _put(store, LABEL)
    assert _ids(store) == ["one"]
    _put(store, replace(LABEL, id="two", metric="flights"))
    assert (_ids(store), _ids(store, "flights")) == (["one"], ["two"])


def test_a_label_of_another_process_is_seen(store: Store, url: str) -> None:
    assert _ids(store) == []
    other = open_store(url)
    _put(other, LABEL)
    assert _ids(store) == ["one"]
    _put(other, replace(LABEL, withdrawn_at=AT))
    assert _ids(store) == []
    other.close()


def test_a_unit_sees_the_labels_that_it_gives_itself(store: Store) -> None:
    assert _ids(store) == []
    with store.unit() as unit:
        unit.labels.put(LABEL)
        assert list(unit.labels.of_metric("on_time_rate")) == [LABEL]


def test_a_label_that_was_undone_is_forgotten(store: Store) -> None:
    with pytest.raises(ZeroDivisionError), store.unit() as unit:
        unit.labels.put(LABEL)
        assert unit.labels.of_metric("on_time_rate")
        raise ZeroDivisionError
    _put(store, replace(LABEL, id="two"))
    assert _ids(store) == ["two"]

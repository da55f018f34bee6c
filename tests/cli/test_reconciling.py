"""Comparing stored history with the sources, at a person's word."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from metricloop.define.use_cases import current_project
from metricloop.jobs.clocks import SystemClock
from metricloop.kernel.message import Message
from metricloop.store import open_store
from tests.cli.shell import metricloop
from tests.loop.world import BEFORE, Shop, make_shop


@pytest.fixture
def collected(tmp_path: Path) -> Path:
    """A shop whose history has been collected, up to some day of March."""
    folder = make_shop(tmp_path / "shop")
    (folder / ".metricloop").mkdir()
    with closing(open_store(folder / ".metricloop" / "state.db")) as store:
        store.migrate()
        shop = Shop(store, folder, BEFORE)
        shop.run_until(BEFORE)
        shop.close()
    return folder


def test_reconcile_says_what_was_compared_read_again_and_changed(collected: Path) -> None:
    first = metricloop("reconcile", "--json", "--days", "3", folder=collected)
    assert first.code == 0, first.err
    (told,) = first.data
    assert (told["dataset"], told["buckets"], told["read_again"], told["changed"]) == ("orders", 72, 72, 0)
    assert metricloop("reconcile", "orders", "--json", "--days", "3", folder=collected).data[0]["read_again"] == 0
    assert "0 hour(s) put right" in metricloop("reconcile", "--days", "1", folder=collected).err


def test_a_dataset_that_is_not_there_is_refused_with_those_that_are(collected: Path) -> None:
    outcome = metricloop("reconcile", "oders", folder=collected)
    assert outcome.code != 0
    assert "orders" in outcome.err


def test_doctor_tells_that_history_could_not_be_compared(collected: Path) -> None:
    (collected / "orders.db").rename(collected / "gone.db")
    assert metricloop("reconcile", folder=collected).code != 0
    outcome = metricloop("doctor", "--json", folder=collected)
    problems = [issue["problem"] for issue in outcome.data if issue["where"] == "dataset orders"]
    assert any("could not be compared" in problem for problem in problems)
    (collected / "gone.db").rename(collected / "orders.db")
    assert metricloop("reconcile", "--days", "1", folder=collected).code == 0
    outcome = metricloop("doctor", "--json", folder=collected)
    assert not any("could not be compared" in issue["problem"] for issue in outcome.data)


def test_doctor_tells_what_is_held_and_since_when(collected: Path) -> None:
    with closing(open_store(collected / ".metricloop" / "state.db")) as store, store.unit() as unit:
        state = unit.collections.get("orders")
        assert state is not None and "orders" in current_project(unit).datasets
        since = SystemClock().now() - timedelta(hours=1)
        finding = Message("quality.column_gone", {"dataset": "orders", "column": "paid", "type": "INTEGER"})
        unit.collections.put(replace(state, held_since=since, held=finding))
    outcome = metricloop("doctor", "--json", folder=collected)
    problems = {issue["where"]: issue["problem"] for issue in outcome.data}
    assert "the column paid is gone" in problems["dataset orders"]

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from metricloop.collect.landing import failed, land, set_aside
from metricloop.define.use_cases import current_project
from metricloop.jobs.clocks import SystemClock
from metricloop.kernel.message import Message
from metricloop.store import open_store
from tests.cli.shell import Outcome, metricloop, refused

STATE = Path(".metricloop") / "state.db"


@pytest.fixture
def applied(project: Path) -> Path:
    """A project whose definitions are in the store; one person has a password."""
    assert metricloop("apply", ".", folder=project).code == 0
    assert metricloop("user", "add", "you", "--stdin", folder=project, stdin="a horse and a battery\n").code == 0
    return project


def found_by_doctor(outcome: Outcome) -> list[str]:
    """Where there are problems, but for the UI, which a checkout need not have built."""
    return [issue["where"] for issue in outcome.data if issue["where"] != "web UI"]


def test_doctor_finds_nothing_wrong_with_a_sound_installation(applied: Path) -> None:
    outcome = metricloop("doctor", "--json", folder=applied)
    assert found_by_doctor(outcome) == []
    assert outcome.code == (1 if outcome.data else 0)


def test_doctor_sees_that_a_source_does_not_answer(applied: Path) -> None:
    (applied / "data" / "orders.csv").unlink()
    outcome = metricloop("doctor", folder=applied)
    assert outcome.code == 1
    assert "orders.csv" in outcome.out
    assert "Fix: " in outcome.out


def test_doctor_sees_what_does_not_arrive_and_what_was_set_aside(applied: Path) -> None:
    store = open_store(applied / STATE)
    now = SystemClock().now()
    with store.unit() as unit:
        name = next(iter(current_project(unit).sources))
        unit.landed.set_aside([set_aside(name, "orders", "{", "it is not JSON", now)])
        land(unit, name, "", lambda landing: failed(landing, Message("source.failed", {"problem": "no broker"}), now))
    store.close()
    outcome = metricloop("doctor", folder=applied)
    assert (
        outcome.code == 1 and "1 messages are set aside" in outcome.out and "nothing arrives: no broker" in outcome.out
    )


def test_doctor_sees_that_the_database_is_out_of_reach(applied: Path) -> None:
    outcome = metricloop("doctor", "--database", "postgresql://nobody@127.0.0.1:1/none", "--json", folder=applied)
    assert outcome.code == 1
    assert "database" in found_by_doctor(outcome)


def test_doctor_sees_a_damaged_database(applied: Path) -> None:
    (applied / "broken.db").write_bytes(b"this is no database" * 100)
    outcome = metricloop("doctor", "--database", "broken.db", "--json", folder=applied)
    assert outcome.code == 1
    assert "database" in found_by_doctor(outcome)


def test_a_backup_restored_elsewhere_is_the_same_state(applied: Path) -> None:
    assert metricloop("backup", "copy.db", folder=applied).code == 0
    assert metricloop("restore", "copy.db", "--database", "new.db", folder=applied).code == 0
    assert metricloop("plan", ".", "--database", "new.db", folder=applied).out == ""
    (you,) = metricloop("user", "list", "--json", "--database", "new.db", folder=applied).data
    assert you["log_in"]


def test_nothing_is_ever_overwritten(applied: Path) -> None:
    assert metricloop("backup", "copy.db", folder=applied).code == 0
    refused(metricloop("backup", "copy.db", folder=applied), "copy.db exists already")
    refused(metricloop("restore", "copy.db", folder=applied), "exists already")


@pytest.mark.parametrize("source", ["gone.db", "metrics.yml"])
def test_what_is_no_backup_is_not_restored(applied: Path, source: str) -> None:
    refused(metricloop("restore", source, "--database", "new.db", folder=applied), source)
    assert not (applied / "new.db").exists()


def test_an_untouched_audit_trail_verifies(applied: Path) -> None:
    outcome = metricloop("audit", "verify", "--json", folder=applied)
    assert (outcome.code, outcome.data) == (0, {"sound": True, "broken_at": None})


def test_a_changed_line_of_the_audit_trail_is_found(applied: Path) -> None:
    with sqlite3.connect(applied / STATE) as connection:
        connection.execute("UPDATE audit_events SET actor = 'somebody else' WHERE sequence = 1")
    connection.close()
    outcome = metricloop("audit", "verify", "--json", folder=applied)
    assert (outcome.code, outcome.data) == (1, {"sound": False, "broken_at": 1})
    assert "line 1" in outcome.err

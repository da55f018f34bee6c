"""Runs, effects, tasks, proposals, and the outbox."""

from __future__ import annotations

import dataclasses

import pytest

from metricloop.act.model import Effect, RunStatus, TaskKind, TaskState
from metricloop.kernel.errors import Bug, Conflict, NotFound
from metricloop.kernel.message import Message
from metricloop.notify.model import DeliveryAttempt, DeliveryState
from metricloop.store import Store
from metricloop.tune.model import ProposalState
from tests.store.nouns import AT, HOUR, incident, notification, proposal, run, task


@pytest.fixture(autouse=True)
def incidents(store: Store) -> None:
    with store.unit() as unit:
        for number in (1, 2):
            unit.incidents.add(incident(number))


def test_a_run_moves_by_compare_and_set(store: Store) -> None:
    with store.unit() as unit:
        unit.runs.add(run())
        unit.runs.add(run(status=RunStatus.FAILED))
        moved = unit.runs.save(run(status=RunStatus.WAITING, why=Message("waits")))
        assert moved == run(status=RunStatus.WAITING, why=Message("waits"), epoch=1)
        with pytest.raises(Conflict):
            unit.runs.save(run(status=RunStatus.CANCELLED))
        assert unit.runs.get("r1") == moved


def test_runs_are_found_by_incident_and_status(store: Store) -> None:
    later = run("a", 2, started_at=AT + HOUR, status=RunStatus.PAUSED)
    with store.unit() as unit:
        for each in (later, run("b")):
            unit.runs.add(each)
        assert unit.runs.of_incident(2) == (later,)
        assert [each.id for each in unit.runs.find()] == ["b", "a"]
        assert unit.runs.find(statuses=[RunStatus.PAUSED, RunStatus.FAILED]) == (later,)
        assert len(unit.runs.find(limit=1)) == 1


def test_an_effect_is_open_until_its_outcome_is_known(store: Store) -> None:
    effects = [Effect(key, "r1", "fix", "webhook", {"url": "env:HOOK"}, AT) for key in ("r1:1", "r1:2")]
    done = dataclasses.replace(effects[0], done_at=AT, outcome="204", attempts=1)
    with store.unit() as unit:
        unit.runs.add(run())
        for effect in (*effects, done):
            unit.runs.put_effect(effect)
        assert unit.runs.effect("r1:1") == done
        assert unit.runs.effects(open_only=True) == (effects[1],)
        assert unit.runs.effects(run="r1") == (done, effects[1])
        assert unit.runs.effects(run="r2") == ()


def test_tasks_come_by_due_time_and_those_without_last(store: Store) -> None:
    tasks = [
        task("never", due_at=None),
        task("second", due_at=AT + 2 * HOUR, assignee="bob"),
        task("first", due_at=AT + HOUR, incident=1),
    ]
    with store.unit() as unit:
        for each in (*tasks, task("first", due_at=None)):
            unit.tasks.add(each)
        assert [each.id for each in unit.tasks.find()] == ["first", "second", "never"]
        assert [each.id for each in unit.tasks.find(assignee="ann")] == ["first", "never"]
        assert [each.id for each in unit.tasks.find(incident=1)] == ["first"]
        saved = unit.tasks.save(task("never", due_at=None, state=TaskState.DONE, answer={"ok": True, "n": [1, 2.5]}))
        assert unit.tasks.find(states=[TaskState.DONE]) == (saved,)
        with pytest.raises(Conflict):
            unit.tasks.save(task("never"))


def test_only_an_approval_can_be_approved(store: Store) -> None:
    with store.unit() as unit:
        unit.tasks.add(task("yes", kind=TaskKind.APPROVAL, state=TaskState.APPROVED))
    with pytest.raises(Bug, match="forbids"), store.unit() as unit:
        unit.tasks.add(task("no", kind=TaskKind.TASK, state=TaskState.APPROVED))


def test_a_proposal_is_decided_once(store: Store) -> None:
    with store.unit() as unit:
        unit.proposals.add(proposal())
        unit.proposals.add(proposal("p2", created_at=AT + HOUR))
        unit.proposals.add(proposal(state=ProposalState.REJECTED))
        accepted = unit.proposals.save(proposal(state=ProposalState.ACCEPTED, decided_by="ann", new_version=4))
        with pytest.raises(Conflict):
            unit.proposals.save(proposal(state=ProposalState.REJECTED))
        assert unit.proposals.get("p1") == accepted
        assert [each.id for each in unit.proposals.find()] == ["p2", "p1"]
        assert unit.proposals.find(states=[ProposalState.ACCEPTED], monitor="on_time_hourly") == (accepted,)
        assert unit.proposals.find(monitor="another") == ()


def test_a_notification_is_due_until_it_was_accepted(store: Store) -> None:
    with store.unit() as unit:
        for each in (notification("b"), notification("a", next_attempt_at=AT + HOUR), notification("b", attempts=9)):
            unit.outbox.add(each)
        assert [each.id for each in unit.outbox.due(AT)] == ["b"]
        assert [each.id for each in unit.outbox.due(AT + HOUR)] == ["a", "b"]
        unit.outbox.save(notification("b", state=DeliveryState.ACCEPTED, attempts=1))
        assert [each.id for each in unit.outbox.due(AT + HOUR, limit=1)] == ["a"]
        assert unit.outbox.get("b") == notification("b", state=DeliveryState.ACCEPTED, attempts=1)


def test_a_notification_that_was_never_added_cannot_be_saved(store: Store) -> None:
    with pytest.raises(NotFound), store.unit() as unit:
        unit.outbox.save(notification("nobody"))


def test_attempts_are_kept_in_order(store: Store) -> None:
    attempts = [DeliveryAttempt("n1", n, AT, DeliveryState.FAILED, "500", "服务器", 1.5) for n in (1, 2, 10)]
    with store.unit() as unit:
        unit.outbox.add(notification())
        for attempt in (attempts[2], *attempts):
            unit.outbox.attempt(attempt)
        assert unit.outbox.attempts("n1") == tuple(attempts)


def test_notifications_are_found_newest_first(store: Store) -> None:
    with store.unit() as unit:
        unit.outbox.add(notification("old", incident=1))
        unit.outbox.add(notification("new", incident=1, created_at=AT + HOUR, person="bob"))
        unit.outbox.add(notification("other"))
        assert [each.id for each in unit.outbox.find(incident=1)] == ["new", "old"]
        assert [each.id for each in unit.outbox.find(person="ann")] == ["old", "other"]
        assert [each.id for each in unit.outbox.find(limit=1)] == ["new"]

"""Runs, steps, tasks and approvals."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from metricloop.define.playbooks import Mode, Playbook
from metricloop.kernel.message import Message, Text


class RunStatus(StrEnum):
    RUNNING = "running"
    WAITING = "waiting"
    PAUSED = "paused"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLED = "cancelled"


class StepState(StrEnum):
    PENDING = "pending"
    RUNNING = "running"
    WAITING = "waiting"
    DONE = "done"
    SKIPPED = "skipped"
    FAILED = "failed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class StepRun:
    """Where one step of a run stands. `actor`: a person's id, or None for the system."""

    id: str
    state: StepState = StepState.PENDING
    started_at: datetime | None = None
    ended_at: datetime | None = None
    actor: str | None = None
    output: Message | None = None
    task: str | None = None
    attempts: int = 0


@dataclass(frozen=True, slots=True)
class Run:
    """One execution of a playbook version. `playbook` is the whole definition as it was when the run began.

    `at` is the index of the present step. `epoch` counts moves: a move against an older epoch is a Conflict.
    """

    id: str
    incident: int
    playbook: Playbook
    playbook_version: int
    mode: Mode
    status: RunStatus
    steps: tuple[StepRun, ...]
    at: int
    started_at: datetime
    ended_at: datetime | None = None
    why: Message | None = None
    epoch: int = 0


class TaskKind(StrEnum):
    TASK = "task"
    APPROVAL = "approval"
    REVIEW = "review"
    PROPOSAL = "proposal"


class TaskState(StrEnum):
    """A time-out escalates an approval; it never approves."""

    OPEN = "open"
    DONE = "done"
    APPROVED = "approved"
    REJECTED = "rejected"
    ESCALATED = "escalated"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Task:
    """Something one person owes. An escalated approval is still open to a decision, by the escalation's person."""

    id: str
    kind: TaskKind
    title: Text
    assignee: str
    created_at: datetime
    due_at: datetime | None
    state: TaskState
    incident: int | None = None
    run: str | None = None
    step: str | None = None
    proposal: str | None = None
    answer: Mapping[str, Any] = field(default_factory=dict)
    note: str = ""
    done_by: str | None = None
    done_at: datetime | None = None
    revision: int = 0


@dataclass(frozen=True, slots=True)
class Effect:
    """An outward action of a step, written before it is tried. `key` goes to the target, so a repeat is recognised."""

    key: str
    run: str
    step: str
    action: str
    request: Mapping[str, Any]
    created_at: datetime
    done_at: datetime | None = None
    outcome: str | None = None
    attempts: int = 0

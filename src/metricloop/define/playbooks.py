"""Playbooks as written: graded steps for a kind of incident."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from typing import Any

from metricloop.kernel.message import Text


class Mode(StrEnum):
    """Who drives: manual (every step is a person's), assisted (routine steps run, critical ones wait), automatic."""

    MANUAL = "manual"
    ASSISTED = "assisted"
    AUTOMATIC = "automatic"


class StepKind(StrEnum):
    CHECK = "check"
    TASK = "task"
    APPROVAL = "approval"
    NOTIFY = "notify"
    WEBHOOK = "webhook"
    VERIFY = "verify"


class Grade(StrEnum):
    """routine runs by itself; critical waits for a person's yes, in every mode."""

    ROUTINE = "routine"
    CRITICAL = "critical"


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a task's form. type: text, choice, boolean, number."""

    name: str
    label: Text
    type: str = "text"
    required: bool = False
    options: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class StepDefinition:
    """One step. `to`: who gets a task or approval ("owner", or a person's id). `action`: an action plugin's name.

    `stop_on` on a task: (field, value) that ends the run early because the person saw nothing to do.
    """

    id: str
    kind: StepKind
    title: Text
    grade: Grade = Grade.ROUTINE
    to: str = "owner"
    within: timedelta = timedelta(hours=4)
    help: Text = Text()
    effect: Text = Text()
    undo: Text = Text()
    form: tuple[Field, ...] = ()
    action: str | None = None
    options: Mapping[str, Any] = field(default_factory=dict)
    stop_on: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Playbook:
    """Versioned steps. `metrics`: which metrics' incidents it fits; empty means any."""

    name: str
    label: Text
    mode: Mode
    metrics: tuple[str, ...]
    steps: tuple[StepDefinition, ...]
    target: timedelta = timedelta(hours=24)

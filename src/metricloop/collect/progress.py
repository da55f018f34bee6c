"""How the state of a collection moves on: after a failure, after a success, when something is held and released."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from metricloop.collect.examine import Examined, Verdict
from metricloop.collect.model import Collection
from metricloop.collect.ports import CollectUnit
from metricloop.collect.quality import Finding, key_of
from metricloop.collect.rules import Window
from metricloop.define.model import Source
from metricloop.kernel.errors import InvalidInput, SourceFailed
from metricloop.kernel.events import Event
from metricloop.kernel.message import Message


def failure_of(source: Source, error: SourceFailed | InvalidInput) -> Message:
    retryable = isinstance(error, SourceFailed) and error.retryable
    params: Mapping[str, str | bool] = {
        "source": source.name,
        "where": error.where,
        "problem": error.problem,
        "fix": error.fix,
        "retryable": retryable,
    }
    return Message("source.failed", dict(params))


def keep_failure(unit: CollectUnit, state: Collection, source: Source, failure: Message, now: datetime) -> None:
    since = state.failed_since or now
    unit.collections.put(replace(state, last_run_at=now, failed_since=since, failure=failure))
    if state.failed_since is None:
        key = f"source.failed:{state.dataset}:{since.isoformat()}"
        data = {"dataset": state.dataset, **failure.params}
        unit.events.tell(Event(key, "source.failed", source.name, now, data))


def keep_success(
    unit: CollectUnit, state: Collection, source: Source, taken: Window, seen: Examined, verdict: Verdict, now: datetime
) -> None:
    """The window `taken` has been kept: up to its end the dataset is collected; nothing, where it is empty."""
    held = verdict.held
    busy = [bucket.end for bucket in seen.buckets if bucket.rows and bucket.end <= taken.end]
    keys = {finding.key for finding in verdict.notes}
    moved = replace(
        state,
        until=taken.end if taken.start < taken.end else state.until,
        last_run_at=now,
        failed_since=None,
        failure=None,
        held_since=(state.held_since or now) if held else None,
        held=held.message if held else None,
        notes=tuple(finding.message for finding in verdict.notes),
        accepted=tuple(key for key in state.accepted if key in keys),
        columns=dict(verdict.columns),
        newest_at=max([*busy, *([state.newest_at] if state.newest_at else [])], default=None),
        reconciled_at=state.reconciled_at or now,
    )
    unit.collections.put(moved)
    if state.failed_since is not None:
        key = f"source.recovered:{state.dataset}:{state.failed_since.isoformat()}"
        since = state.failed_since.isoformat()
        unit.events.tell(
            Event(key, "source.recovered", source.name, now, {"dataset": state.dataset, "failed_since": since})
        )
    _tell_hold(unit, state, moved, held, now)
    if taken.start < taken.end:
        start, end = taken.start.isoformat(), taken.end.isoformat()
        key = f"points.collected:{state.dataset}:{start}:{end}"
        unit.events.tell(
            Event(key, "points.collected", state.dataset, now, {"dataset": state.dataset, "from": start, "to": end})
        )


def _tell_hold(unit: CollectUnit, before: Collection, after: Collection, held: Finding | None, at: datetime) -> None:
    """A hold is told when it begins and when another finding takes its place; its end, when nothing holds any more."""
    if held is not None and not held.waits and (before.held is None or key_of(before.held) != held.key):
        key = f"data.held:{after.dataset}:{held.key}:{at.isoformat()}"
        unit.events.tell(Event(key, "data.held", after.dataset, at, {"finding": held.key}))
    if held is None and before.held is not None:
        key = f"data.released:{after.dataset}:{at.isoformat()}"
        unit.events.tell(Event(key, "data.released", after.dataset, at, {"accepted": False}))

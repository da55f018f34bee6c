"""What a change of definitions means, in words: what is read again, what learns again, what stands on it. Pure.

Nothing is decided here. `Standing` is what the store knows beside the definitions; without it the words say less.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from metricloop.define.formula import parse_formula
from metricloop.define.makings import redefined, standing_on
from metricloop.define.model import Kind, Metric, Status
from metricloop.define.project import Project
from metricloop.define.versions import Change, ChangeKind, Difference
from metricloop.kernel.message import Message

_LEARNS_BY = ("metric", "grain", "slices", "detector", "options")  # the parts of a monitor that shape what it learns
_SHOWN = 60


@dataclass(frozen=True, slots=True)
class OpenIncident:
    """An incident that is not over, and what it was opened on; its versions stay those of its opening."""

    number: int
    metrics: tuple[str, ...]
    monitor: str


@dataclass(frozen=True, slots=True)
class Standing:
    """What the store holds: the start of each metric's stored history, and the incidents that are not over."""

    history_from: Mapping[str, datetime] = field(default_factory=dict)
    incidents: Sequence[OpenIncident] = ()


@dataclass(frozen=True, slots=True)
class Meaning:
    """One change in words: `says` what is otherwise in the definition, `means` what follows. recomputed: metrics."""

    change: Change
    says: tuple[Message, ...]
    means: tuple[Message, ...]
    recomputed: tuple[str, ...] = ()


def meanings(
    changes: Sequence[Change], before: Project | None, after: Project, standing: Standing | None = None
) -> tuple[Meaning, ...]:
    """Of each change that changes something; `before` is the live project, `after` what would be live."""
    told = _Told(before, after, frozenset(redefined(before, after)), standing or Standing())
    effective = [each for each in changes if each.change not in (ChangeKind.UNCHANGED, ChangeKind.KEPT)]
    return tuple(told.meaning(change) for change in effective)


@dataclass(frozen=True, slots=True)
class _Told:
    before: Project | None
    after: Project
    redefined: frozenset[str]
    standing: Standing

    def meaning(self, change: Change) -> Meaning:
        says = tuple(said(each) for each in change.differences) if change.change is ChangeKind.CHANGED else ()
        recomputed = tuple(sorted(self.redefined & set(self._touched(change))))
        return Meaning(change, says, tuple(self._means(change, recomputed)), recomputed)

    def _touched(self, change: Change) -> Iterator[str]:
        """Metrics whose numbers this change may make others."""
        if change.kind is Kind.METRIC:
            roots = [change.name]
        elif change.kind is Kind.DATASET:
            roots = [metric.name for metric in self.after.metrics.values() if metric.dataset == change.name]
        else:
            return
        for name in roots:
            yield name
            yield from standing_on(self.after, name)

    def _means(self, change: Change, recomputed: Sequence[str]) -> Iterator[Message]:
        if change.change is ChangeKind.REMOVED and change.kind is Kind.METRIC:
            yield Message("plan.metric_stops", {"metrics": [change.name]})
        elif change.kind in (Kind.METRIC, Kind.DATASET):
            yield from self._history(change, recomputed)
        if change.kind is Kind.METRIC:
            yield from self._metric(change)
        elif change.kind is Kind.MONITOR:
            yield from self._monitor(change)
        elif change.kind is Kind.SOURCE and change.change is ChangeKind.CHANGED:
            datasets = sorted(each.name for each in self.after.datasets.values() if each.source == change.name)
            yield Message("plan.source_moved", {"datasets": datasets})
        elif change.kind is Kind.PLAYBOOK:
            yield Message("plan.runs_pinned")
        elif change.kind is Kind.ASSIGNMENT:
            yield Message("plan.next_incidents")
        elif change.kind is Kind.TEAM:
            members = sorted(p.name for p in self.after.people.values() if change.name in p.teams)
            yield Message("plan.rows_shown", {"team": change.name, "members": members})

    def _history(self, change: Change, recomputed: Sequence[str]) -> Iterator[Message]:
        fresh = [name for name in recomputed if self.before is None or name not in self.before.metrics]
        again = [name for name in recomputed if name not in fresh]
        begun = [self.standing.history_from[name] for name in again if name in self.standing.history_from]
        if begun:
            yield Message("plan.history_recomputed", {"metrics": again, "from": min(begun).isoformat()})
        elif again:
            yield Message("plan.history_to_come", {"metrics": again})
        if fresh and self.before is not None:
            yield Message("plan.history_read", {"metrics": fresh})
        if not recomputed and change.change is ChangeKind.CHANGED:
            yield Message("plan.history_kept")
        monitors = sorted(m.name for m in self.after.monitors.values() if m.metric in again)
        if monitors:
            yield Message("plan.monitors_relearn", {"monitors": monitors})
        pinned = sorted(each.number for each in self.standing.incidents if set(each.metrics) & set(again))
        if pinned:
            yield Message("plan.incidents_pinned", {"incidents": [str(number) for number in pinned]})

    def _metric(self, change: Change) -> Iterator[Message]:
        if change.change is ChangeKind.ADDED or self.before is None:
            return
        users = self.after if change.change is ChangeKind.CHANGED else self.before
        derived = standing_on(users, change.name)
        if derived:
            yield Message("plan.used_by_metrics", {"metrics": list(derived)})
        trees = sorted(each.name for each in users.metrics.values() if change.name in tree_names(each))
        if trees:
            yield Message("plan.used_in_trees", {"metrics": trees})
        playbooks = sorted(each.name for each in users.playbooks.values() if change.name in each.metrics)
        if playbooks:
            yield Message("plan.used_by_playbooks", {"playbooks": playbooks})
        old, new = self.before.metrics.get(change.name), self.after.metrics.get(change.name)
        if old is not None and new is not None:
            yield from self._governed(old, new)

    def _governed(self, old: Metric, new: Metric) -> Iterator[Message]:
        before, after = old.governance, new.governance
        if before.access != after.access and after.access:
            yield Message("plan.shown_to_teams", {"teams": list(after.access)})
        elif before.access != after.access:
            yield Message("plan.shown_to_all")
        if before.status is after.status:
            return
        if after.status is Status.DEPRECATED:
            monitors = sorted(m.name for m in self.after.monitors.values() if m.metric == new.name)
            yield Message("plan.deprecated", {"successor": after.successor or "", "monitors": monitors})
        else:
            yield Message("plan.certified" if after.status is Status.CERTIFIED else "plan.draft_again")

    def _monitor(self, change: Change) -> Iterator[Message]:
        if change.change is ChangeKind.CHANGED and change.live is not None and change.document is not None:
            old, new = change.live.body, change.document.body
            learns = any(old.get(part) != new.get(part) for part in _LEARNS_BY)
            relearn = Message("plan.monitors_relearn", {"monitors": [change.name]})
            yield relearn if learns else Message("plan.learnt_kept")
        elif change.change is ChangeKind.ADDED:
            yield Message("plan.learns_quietly")
        else:
            yield Message("plan.watches_no_more")
        pinned = sorted(each.number for each in self.standing.incidents if each.monitor == change.name)
        if pinned:
            yield Message("plan.incidents_pinned", {"incidents": [str(number) for number in pinned]})


def tree_names(metric: Metric) -> tuple[str, ...]:
    """Metrics that the metric's tree reckons with, directly."""
    return parse_formula(metric.drivers).names if metric.drivers else ()


def said(difference: Difference) -> Message:
    """One value that differs, in words: plain ones without quotes, long ones cut."""
    part = difference.path
    if difference.before is None:
        return Message("plan.part_added", {"part": part, "after": _plain(difference.after)})
    if difference.after is None:
        return Message("plan.part_removed", {"part": part, "before": _plain(difference.before)})
    before, after = _plain(difference.before), _plain(difference.after)
    return Message("plan.part_changed", {"part": part, "before": before, "after": after})


def _plain(text: str | None) -> str:
    """A JSON text as people write it: a plain word without quotes, and never longer than a line."""
    value = json.loads(text) if text is not None else ""
    shown = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return shown if len(shown) <= _SHOWN else f"{shown[: _SHOWN - 1]}…"

"""Labels against rules: what each rule would have raised, and which change is worth proposing. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from metricloop.define.monitors import Gates, Monitor
from metricloop.detect.model import Anomaly, Label, Verdict
from metricloop.detect.rules import passes
from metricloop.tune.model import Backtest, Occurrence, Side

_RIGHT = (Verdict.TRUE, Verdict.MISSED)
_WRONG = (Verdict.FALSE_ALARM, Verdict.EXPECTED)


def verdict_on(anomaly: Anomaly, labels: Sequence[Label]) -> Label | None:
    """The newest label whose incident's span touches the anomaly on a slice that nests with its own."""
    touching = [
        x
        for x in labels
        if x.withdrawn_at is None
        and x.start < anomaly.ended_at
        and anomaly.started_at < x.end
        and (x.slice.contains(anomaly.slice) or anomaly.slice.contains(x.slice))
    ]
    return max(touching, key=lambda x: (x.at, x.id), default=None)


def compare(
    anomalies: Sequence[Anomaly],
    labels: Sequence[Label],
    before: Gates,
    after: Gates,
    start: datetime,
    end: datetime,
) -> Backtest:
    """Both gates over the same judged history. An anomaly that passes a gate is an alarm of that rule."""
    occurrences = []
    for anomaly in anomalies:
        old, new = passes(before, anomaly), passes(after, anomaly)
        if old or new:
            label = verdict_on(anomaly, labels)
            occurrences.append(
                Occurrence(
                    anomaly.started_at,
                    anomaly.ended_at,
                    anomaly.slice,
                    label.verdict if label else None,
                    old,
                    new,
                    label.incident if label else None,
                )
            )
    weeks = max((end - start).total_seconds() / 604_800, 1e-9)
    return Backtest(
        start,
        end,
        _side([o for o in occurrences if o.before], [o for o in occurrences if not o.before], weeks),
        _side([o for o in occurrences if o.after], [o for o in occurrences if not o.after], weeks),
        tuple(occurrences),
    )


def _side(raised: Sequence[Occurrence], silent: Sequence[Occurrence], weeks: float) -> Side:
    return Side(
        alarms=len(raised),
        alarms_per_week=len(raised) / weeks,
        caught=sum(o.verdict in _RIGHT for o in raised),
        false=sum(o.verdict in _WRONG for o in raised),
        missed=sum(o.verdict in _RIGHT for o in silent),
    )


@dataclass(frozen=True, slots=True)
class Candidate:
    """A change worth looking at: new gates and their evidence."""

    gates: Gates
    backtest: Backtest


def best_change(
    monitor: Monitor, anomalies: Sequence[Anomaly], labels: Sequence[Label], start: datetime, end: datetime
) -> Candidate | None:
    """The smallest change of the gates that silences most false alarms and loses nothing that people called true.

    Tries a higher minimum impact (just above each false alarm's own) and one or two more buckets. None: nothing helps.
    """
    found: list[tuple[int, float, Candidate]] = []
    for gates in _changes(monitor.gates, anomalies, labels):
        test = compare(anomalies, labels, monitor.gates, gates, start, end)
        silenced = test.before.false - test.after.false
        if silenced > 0 and test.after.missed <= test.before.missed and test.after.caught >= test.before.caught:
            lost = test.before.alarms - test.after.alarms
            found.append((-silenced, lost, Candidate(gates, test)))
    return min(found, key=lambda f: f[:2])[2] if found else None


def _changes(now: Gates, anomalies: Sequence[Anomaly], labels: Sequence[Label]) -> list[Gates]:
    wrong = [a for a in anomalies if (x := verdict_on(a, labels)) is not None and x.verdict in _WRONG]
    impacts = sorted({_rounded_up(abs(a.impact)) for a in wrong if abs(a.impact) >= now.minimum_impact})
    higher = [replace(now, minimum_impact=i) for i in impacts]
    longer = [replace(now, minimum_buckets=now.minimum_buckets + more) for more in (1, 2)]
    return higher + longer


def _rounded_up(value: float) -> float:
    """A threshold a person would choose: two significant digits, above the value."""
    if value <= 0:
        return 0.0
    size = 10.0 ** (len(str(int(value))) - 2)
    steps = int(value / size) + 1
    rounded = round(steps * size, 6)  # 1.9 / 0.1 is a little less than 19
    return rounded if rounded > value else round((steps + 1) * size, 6)


def changed_body(body: dict[str, Any], gates: Gates) -> dict[str, Any]:
    """The monitor's definition with new gates, everything else as it was."""
    written = dict(body.get("gates") or {})
    written["minimum_impact"] = gates.minimum_impact
    written["minimum_buckets"] = gates.minimum_buckets
    return {**body, "gates": written}

"""Proposals: the change, its evidence, and the chart over which both rules were tried."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from metricloop.api.schemas import proposals as shapes
from metricloop.api.views.metrics import definition
from metricloop.api.views.track import Track
from metricloop.api.views.words import Viewpoint, finite, unit_of
from metricloop.define.monitors import Monitor
from metricloop.kernel.slices import TOTAL, Slice
from metricloop.tune.model import Occurrence, Proposal, Side

_DETECTION = ("metric", "grain", "slices", "detector", "options")


def proposal_row(proposal: Proposal, view: Viewpoint) -> shapes.ProposalRow:
    """One line of the list. Its owner is the metric's."""
    monitor = view.project.monitors.get(proposal.monitor)
    metric = view.metric(monitor.metric) if monitor else None
    return shapes.ProposalRow(
        id=proposal.id,
        monitor=proposal.monitor,
        title=view.message(proposal.title),
        state=proposal.state.value,
        created_at=proposal.created_at,
        owner=view.person(metric.governance.owner) if metric else None,
        before=_side(proposal.backtest.before),
        after=_side(proposal.backtest.after),
    )


def proposal_page(
    proposal: Proposal, monitor: Monitor | None, slice_: Slice, track: Track | None, view: Viewpoint
) -> shapes.ProposalPage:
    """The whole proposal. `track`: the points of `slice_` over the backtest; None where they are gone."""
    metric = monitor.metric if monitor else str(proposal.before.get("metric", ""))
    test = proposal.backtest
    return shapes.ProposalPage(
        **dict(proposal_row(proposal, view)),
        why=[view.message(reason) for reason in proposal.why],
        monitor_version=proposal.monitor_version,
        new_version=proposal.new_version,
        fields=[shapes.FieldChange(path=p, before=b, after=a) for p, b, a in changes(proposal.before, proposal.after)],
        definition_before=definition(proposal.before),
        definition_after=definition(proposal.after),
        start=test.start,
        end=test.end,
        metric=metric,
        slice=slice_.as_dict(),
        grain=monitor.grain.value if monitor else str(proposal.before.get("grain", "")),
        unit=unit_of(view.metric(metric)),
        points=_points(track, same_band=_same_band(proposal)) if track else [],
        events=[_event(each) for each in test.occurrences],
        decided_by=view.actor(proposal.decided_by) if proposal.decided_at else None,
        decided_at=proposal.decided_at,
        decision_reason=proposal.decision_reason,
    )


def main_slice(proposal: Proposal) -> Slice:
    """The slice to draw: the one on which the two rules differ most often, else that with most alarms."""
    differ = Counter(each.slice for each in proposal.backtest.occurrences if each.before != each.after)
    counts = differ or Counter(each.slice for each in proposal.backtest.occurrences)
    return min(counts, key=lambda s: (-counts[s], s), default=TOTAL)


def changes(before: Mapping[str, Any], after: Mapping[str, Any], path: str = "") -> Iterator[tuple[str, str, str]]:
    """(path, before, after) of every leaf that differs; an empty text stands for "not there"."""
    for name in dict.fromkeys([*before, *after]):
        old, new = before.get(name), after.get(name)
        here = f"{path}.{name}" if path else name
        if isinstance(old, Mapping) and isinstance(new, Mapping):
            yield from changes(old, new, here)
        elif old != new:
            yield here, _text(old), _text(new)


def _text(value: object) -> str:
    if isinstance(value, float):
        return repr(value).removesuffix(".0")
    return "" if value is None else str(value)


def _same_band(proposal: Proposal) -> bool:
    """Whether only gates changed: then both rules draw one band. Otherwise the proposed one has not been computed."""
    return all(proposal.before.get(name) == proposal.after.get(name) for name in _DETECTION)


def _points(track: Track, *, same_band: bool) -> list[shapes.BacktestPoint]:
    values = track.panel.values()
    found = []
    for i, at in enumerate(track.panel.starts):
        lower, upper = finite(track.lower[i, 0]), finite(track.upper[i, 0])
        found.append(
            shapes.BacktestPoint(
                t=at,
                value=finite(values[i, 0]),
                expected=finite(track.expected[i, 0]),
                lower_before=lower,
                upper_before=upper,
                lower_after=lower if same_band else None,
                upper_after=upper if same_band else None,
            )
        )
    return found


def _side(side: Side) -> shapes.BacktestSide:
    return shapes.BacktestSide(
        alarms=side.alarms,
        alarms_per_week=side.alarms_per_week,
        caught=side.caught,
        false=side.false,
        missed=side.missed,
    )


def _event(each: Occurrence) -> shapes.BacktestEvent:
    return shapes.BacktestEvent(
        start=each.start,
        end=each.end,
        slice=each.slice.as_dict(),
        verdict=each.verdict.value if each.verdict else "unlabelled",
        before=each.before,
        after=each.after,
        incident_id=each.incident,
    )

"""Explain an incident: read its leaves and comparable ones, search, keep the answer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from metricloop.attribute.explain import explain
from metricloop.attribute.model import Attribution
from metricloop.attribute.ports import AttributeUnit, LeafReader
from metricloop.attribute.rules import comparable_windows, leaf_table, levels, rows_in
from metricloop.attribute.suspects import Suspect, explain_by_suspects
from metricloop.attribute.waterfall import contributions_by
from metricloop.collect.model import Reading, Row
from metricloop.define.dataset import Dataset
from metricloop.define.model import Metric
from metricloop.define.project import Project
from metricloop.kernel.events import Event


def attribute_window(
    reader: LeafReader,
    project: Project,
    incident: int,
    metric: Metric,
    start: datetime,
    end: datetime,
    *,
    known_since: datetime,
    direction: int,
    total_noise: float | None,
    suspects: Sequence[Suspect],
    at: datetime,
) -> Attribution | None:
    """Split the metric's change in [start, end) over all slices. Writes nothing; reads the source, so keep it out of a
    transaction. None: there is no comparable past, so nobody can tell. Raises SourceFailed.

    direction: +1 or -1, the way the incident went. known_since: start of the stored history. total_noise: the change of
    the whole that is still noise, in the metric's unit (half the detector's band); None: the past windows tell.
    """
    dataset = project.dataset_of(metric)
    windows = comparable_windows(metric, start, end, dataset.timezone, known_since)
    if not windows:
        return None
    first, last = min(w[0] for w in windows), max(w[1] for w in windows)
    history = _leaves(reader, project, dataset, metric, first, last)
    buckets = [row.bucket for row in history]
    now = _leaves(reader, project, dataset, metric, start, end)
    table = leaf_table(metric, dataset.dimensions, now, [rows_in(history, buckets, w) for w in windows])
    if table is None:
        return None
    found = explain(table, direction=direction, total_noise=total_noise)
    if not found.localisable:
        found = explain_by_suspects(table, suspects) or found
    expected, actual = levels(table)
    return Attribution(
        incident=incident,
        metric=metric.name,
        made_at=at,
        start=start,
        end=end,
        expected=expected,
        actual=actual,
        total=found.total,
        verdict=found.verdict,
        localisable=found.localisable,
        causes=found.causes,
        parts=found.parts,
        by_dimension={d: contributions_by(table, d) for d in dataset.dimensions},
    )


def _leaves(
    reader: LeafReader, project: Project, dataset: Dataset, metric: Metric, start: datetime, end: datetime
) -> Sequence[Row]:
    measures = (metric.numerator, metric.denominator) if metric.denominator else (metric.numerator,)
    return reader.read(
        Reading(project.sources[dataset.source], dataset, measures, tuple(dataset.dimensions), start, end)
    )


def keep(unit: AttributeUnit, attribution: Attribution, *, at: datetime) -> None:
    """Keep the newest answer with its incident. Tells incident.attributed."""
    unit.attributions.put(attribution)
    key = f"incident.attributed:{attribution.incident}:{at.isoformat()}:{attribution.end.isoformat()}"
    unit.events.tell(Event(key, "incident.attributed", str(attribution.incident), at))

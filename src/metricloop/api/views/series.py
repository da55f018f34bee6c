"""Points with bands, as charts and sparklines take them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from metricloop.api.schemas import metrics as shapes
from metricloop.api.views.track import Track
from metricloop.api.views.words import better, finite
from metricloop.detect.model import Label, Verdict
from metricloop.kernel.grain import after
from metricloop.kernel.slices import Slice
from metricloop.triage.model import Incident


def points(track: Track, column: int) -> list[shapes.SeriesPoint]:
    """Every bucket of one slice; what is missing is null, never zero."""
    panel, values = track.panel, track.panel.values()
    ratio = track.metric.is_ratio
    return [
        shapes.SeriesPoint(
            t=at,
            end=after(at, track.grain, track.zone, track.week_start),
            value=finite(values[i, column]),
            numerator=finite(panel.numerator[i, column]),
            denominator=finite(panel.denominator[i, column]) if ratio else None,
            expected=finite(track.expected[i, column]),
            lower=finite(track.lower[i, column]),
            upper=finite(track.upper[i, column]),
            score=finite(track.score[i, column]),
            anomaly=bool(track.anomalous[i, column]),
        )
        for i, at in enumerate(panel.starts)
    ]


def spark(track: Track, column: int) -> list[shapes.SparkPoint]:
    values = track.panel.values()
    return [
        shapes.SparkPoint(
            t=at,
            value=finite(values[i, column]),
            lower=finite(track.lower[i, column]),
            upper=finite(track.upper[i, column]),
            anomaly=bool(track.anomalous[i, column]),
        )
        for i, at in enumerate(track.panel.starts)
    ]


def series(
    track: Track,
    slice_: Slice,
    *,
    coverage: float | None,
    data_until: datetime | None,
    incidents: Sequence[Incident],
    labels: Sequence[Label],
) -> shapes.Series:
    """One slice's chart. `incidents` and `labels` become the spans behind it."""
    return shapes.Series(
        metric=track.metric.name,
        slice=slice_.as_dict(),
        grain=track.grain.value,
        unit=track.metric.governance.unit,
        timezone=track.zone.key,
        coverage=coverage,
        data_until=data_until,
        points=points(track, 0),
        spans=[*_incident_spans(incidents), *_label_spans(labels)],
    )


def _incident_spans(incidents: Sequence[Incident]) -> list[shapes.SpanRow]:
    """The text is the incident's number: words are made in the browser."""
    return [
        shapes.SpanRow(
            start=each.started_at, end=each.ended_at or each.last_anomalous_at, kind="incident", text=str(each.number)
        )
        for each in incidents
    ]


def _label_spans(labels: Sequence[Label]) -> list[shapes.SpanRow]:
    """The text is the verdict; a planned event is a kind of its own, and its text what the person wrote."""
    return [
        shapes.SpanRow(start=each.start, end=each.end, kind="planned", text=each.note)
        if each.verdict is Verdict.EXPECTED
        else shapes.SpanRow(start=each.start, end=each.end, kind="label", text=each.verdict.value)
        for each in labels
    ]


def slice_rows(track: Track) -> list[shapes.SliceRow]:
    """Each slice at the newest bucket in which any slice has a value; worst first."""
    last = max((row for row in map(track.last_known, range(len(track.panel.slices))) if row is not None), default=None)
    if last is None:
        return []
    ranked = sorted(range(len(track.panel.slices)), key=lambda column: _badness(track, last, column))
    return [_slice_row(track, last, column) for column in ranked]


def _badness(track: Track, row: int, column: int) -> tuple[bool, float, str]:
    """Anomalous ones first, then by how much is missing in the metric's numerator, which weighs a slice by its size."""
    difference = _difference(track, row, column)
    name = track.panel.slices[column].key
    if difference is None:
        return (not track.anomalous[row, column], float("inf"), name)
    weight = float(track.panel.denominator[row, column]) if track.metric.is_ratio else 1.0
    good = better(track.metric, difference)
    lost = -abs(difference) * weight if not good else abs(difference) * weight
    return (not track.anomalous[row, column], lost, name)


def _difference(track: Track, row: int, column: int) -> float | None:
    value, expected = finite(track.panel.values()[row, column]), finite(track.expected[row, column])
    return None if value is None or expected is None else value - expected


def _slice_row(track: Track, row: int, column: int) -> shapes.SliceRow:
    difference = _difference(track, row, column)
    return shapes.SliceRow(
        slice=track.panel.slices[column].as_dict(),
        value=finite(track.panel.values()[row, column]),
        expected=finite(track.expected[row, column]),
        difference=difference,
        better=better(track.metric, difference),
        anomaly=bool(track.anomalous[row, column]),
        spark=spark(track, column),
    )

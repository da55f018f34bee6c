"""Anomalies, incidents and definitions for tests, plausible and short to write."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from metricloop.define.model import Direction, Governance, Metric, MetricType
from metricloop.define.monitors import Gates, Monitor
from metricloop.detect.model import Anomaly, AnomalyState, Label, Verdict
from metricloop.kernel.grain import Grain
from metricloop.kernel.message import Text
from metricloop.kernel.slices import TOTAL, Slice
from metricloop.triage.model import Incident, IncidentState

AT = datetime(2013, 4, 16, 17, tzinfo=UTC)
HOUR = timedelta(hours=1)
AA, MQ = Slice.of({"carrier": "AA"}), Slice.of({"carrier": "MQ"})
JFK, SFO = Slice.of({"origin": "JFK"}), Slice.of({"dest": "SFO"})


def anomaly(
    id: str = "a1", slice_: Slice = AA, first: float = 0, hours: float = 2, impact: float = -40.0, **changes: Any
) -> Anomaly:
    """An anomaly from `first` hours after AT on, for `hours`."""
    made = Anomaly(
        id=id,
        monitor="on_time_hourly",
        monitor_version=3,
        metric="on_time_rate",
        slice=slice_,
        grain=Grain.HOUR,
        started_at=AT + first * HOUR,
        ended_at=AT + (first + hours) * HOUR,
        state=AnomalyState.OPEN,
        points=max(1, int(hours)),
        impact=impact,
        peak_score=0.9,
        raised_at=AT + (first + hours) * HOUR,
    )
    return replace(made, **changes)


def incident(number: int = 1, first: float = 0, hours: float = 2, **changes: Any) -> Incident:
    made = Incident(
        number=number,
        key=f"key-{number}",
        metric="on_time_rate",
        metrics=("on_time_rate",),
        slice=AA,
        grain=Grain.HOUR,
        severity="S3",
        state=IncidentState.OPEN,
        monitor="on_time_hourly",
        monitor_version=3,
        metric_version=1,
        anomalies=(f"a{number}",),
        started_at=AT + first * HOUR,
        opened_at=AT + (first + hours + 8) * HOUR,
        last_anomalous_at=AT + (first + hours) * HOUR,
        ended_at=None,
        impact=-40.0,
    )
    return replace(made, **changes)


def label(id: str, verdict: Verdict, slice_: Slice = AA, first: float = 0, hours: float = 2, **changes: Any) -> Label:
    made = Label(
        id=id,
        incident=1,
        metric="on_time_rate",
        slice=slice_,
        grain=Grain.HOUR,
        start=AT + first * HOUR,
        end=AT + (first + hours) * HOUR,
        verdict=verdict,
        by="wei_lan",
        at=AT + 100 * HOUR,
    )
    return replace(made, **changes)


def metric(name: str = "on_time_rate", level: str = "L1", ratio: bool = True, dataset: str = "flights") -> Metric:
    return Metric(
        name=name,
        type=MetricType.RATIO if ratio else MetricType.SIMPLE,
        dataset=dataset,
        numerator="on_time",
        denominator="flights" if ratio else None,
        label=Text(en=name),
        description=Text(),
        grains=(Grain.HOUR, Grain.DAY),
        governance=Governance("grace_holm", level, "ratio", Direction.UP),
    )


def monitor(name: str = "on_time_hourly", **changes: Any) -> Monitor:
    made = Monitor(
        name=name,
        metric="on_time_rate",
        grain=Grain.HOUR,
        slices=("", "carrier", "origin"),
        detector="seasonal",
        gates=Gates(minimum_impact=20.0, minimum_buckets=2, recovery_buckets=2),
    )
    return replace(made, **changes)


__all__ = ["AA", "AT", "HOUR", "JFK", "MQ", "SFO", "TOTAL", "anomaly", "incident", "label", "metric", "monitor"]

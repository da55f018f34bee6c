"""Metrics, monitors and their versions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import yaml

from metricloop.api.schemas import metrics as shapes
from metricloop.api.schemas.shared import LocalText
from metricloop.api.views.series import spark
from metricloop.api.views.track import Track, zone_of
from metricloop.api.views.words import Viewpoint, finite, local, seconds
from metricloop.define.dataset import Dataset, Measure
from metricloop.define.model import Metric, Version
from metricloop.define.monitors import Monitor
from metricloop.define.project import Project
from metricloop.triage.model import Incident, IncidentState
from metricloop.tune.model import Proposal


def metric_row(metric: Metric, track: Track, incidents_open: int, view: Viewpoint) -> shapes.MetricRow:
    """A metric with its total's newest value; `track` holds the total alone."""
    last = track.last_known(0)
    governance = metric.governance
    return shapes.MetricRow(
        name=metric.name,
        label=local(metric.label),
        type=metric.type.value,
        unit=governance.unit,
        level=governance.level,
        good_direction=governance.good_direction.value,
        owner=view.person(governance.owner),
        description=local(metric.description),
        value=None if last is None else finite(track.panel.values()[last, 0]),
        expected=None if last is None else finite(track.expected[last, 0]),
        at=None if last is None else track.panel.starts[last],
        spark=spark(track, 0),
        incidents_open=incidents_open,
    )


def metric_page(
    row: shapes.MetricRow,
    metric: Metric,
    project: Project,
    versions: Sequence[Version],
    monitors: Sequence[shapes.MonitorRow],
) -> shapes.MetricPage:
    """A metric with its definition. `versions` newest first."""
    dataset = project.datasets.get(metric.dataset)
    return shapes.MetricPage(
        **dict(row),
        formula=_formula(metric, dataset),
        definition=definition(versions[0].body if versions else {}),
        dimensions=list(dataset.dimensions) if dataset else [],
        grains=[grain.value for grain in metric.grains],
        timezone=zone_of(project, metric).key,
        lateness_s=seconds(dataset.lateness) if dataset else 0.0,
        versions=[version_row(each) for each in versions],
        monitors=list(monitors),
    )


def _formula(metric: Metric, dataset: Dataset | None) -> LocalText:
    """The formula as SQL would count it; the same in every language."""
    terms = [_term(dataset, metric.numerator)]
    if metric.denominator is not None:
        terms.append(_term(dataset, metric.denominator))
    text = " / ".join(terms)
    return LocalText(zh=text, en=text)


def _term(dataset: Dataset | None, name: str) -> str:
    measure: Measure | None = dataset.measure(name) if dataset else None
    if measure is None:
        return name
    inner = "*" if measure.expr == "1" and measure.agg.value == "count" else measure.expr
    only = f" FILTER (WHERE {measure.filter})" if measure.filter else ""
    return f"{measure.agg.value}({inner}){only}"


def definition(body: Mapping[str, Any]) -> str:
    """A definition's body as YAML, in the order it was written."""
    if not body:
        return ""
    text: str = yaml.safe_dump(dict(body), allow_unicode=True, sort_keys=False)
    return text


def version_row(version: Version) -> shapes.VersionRow:
    return shapes.VersionRow(
        version=version.number, hash=version.hash, at=version.at, by=version.by, origin=version.origin.value
    )


def monitor_row(monitor: Monitor, version: int, incidents: Sequence[Incident]) -> shapes.MonitorRow:
    """A monitor with how many incidents it has led; `incidents`: those of its metric."""
    own = [incident for incident in incidents if incident.monitor == monitor.name]
    return shapes.MonitorRow(
        name=monitor.name,
        metric=monitor.metric,
        grain=monitor.grain.value,
        slices=list(monitor.slices),
        version=version,
        severity=monitor.severity,
        incidents_total=len(own),
        false_alarms=sum(incident.state is IncidentState.FALSE_ALARM for incident in own),
    )


def monitor_page(
    row: shapes.MonitorRow, versions: Sequence[Version], proposals: Sequence[Proposal]
) -> shapes.MonitorPage:
    return shapes.MonitorPage(
        **dict(row),
        definition=definition(versions[0].body if versions else {}),
        versions=[version_row(each) for each in versions],
        proposals=[proposal.id for proposal in proposals],
    )

"""Metrics, monitors and their versions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from metricloop.api.schemas import metrics as shapes
from metricloop.api.schemas.shared import LocalText
from metricloop.api.views.series import spark
from metricloop.api.views.track import Track, zone_of
from metricloop.api.views.words import Viewpoint, finite, local, seconds
from metricloop.define.dataset import Dataset, Measure
from metricloop.define.lineage import Lineage, Node, Role
from metricloop.define.model import InputMetric, Kind, Metric, Version
from metricloop.define.monitors import Monitor
from metricloop.define.notices import notices, of_monitor
from metricloop.define.project import Project
from metricloop.define.publishing import Publisher, may_publish, publishers
from metricloop.define.wording import in_words
from metricloop.store.yaml_edit import dump
from metricloop.triage.model import Incident, IncidentState
from metricloop.tune.model import Proposal


def metric_row(metric: Metric, track: Track | None, incidents_open: int, view: Viewpoint) -> shapes.MetricRow:
    """A metric with its total's newest value; `track` holds the total alone, None where the caller sees none of it."""
    last = track.last_known(0) if track else None
    governance = metric.governance
    return shapes.MetricRow(
        name=metric.name,
        label=local(metric.label),
        type=metric.type.value,
        status=governance.status.value,
        successor=governance.successor,
        synonyms={language: list(words) for language, words in governance.synonyms.items()},
        access=_access(metric, view),
        teams=list(governance.access),
        dataset=metric.dataset,
        unit=governance.unit,
        level=governance.level,
        good_direction=governance.good_direction.value,
        owner=view.person(governance.owner),
        description=local(metric.description),
        value=None if last is None or track is None else finite(track.panel.values()[last, 0]),
        expected=None if last is None or track is None else finite(track.expected[last, 0]),
        at=None if last is None or track is None else track.panel.starts[last],
        spark=spark(track, 0) if track else [],
        incidents_open=incidents_open,
    )


def _access(metric: Metric, view: Viewpoint) -> Literal["all", "rows", "none"]:
    sight = view.sight
    if not sight.sees(metric.name):
        return "none"
    return "all" if sight.whole(metric.name) else "rows"


@dataclass(frozen=True, slots=True)
class MetricDetail:
    """What a metric's page needs beyond its row. `versions` newest first."""

    versions: Sequence[Version]
    monitors: Sequence[shapes.MonitorRow]
    collected_until: datetime | None
    rereading: bool = False


def metric_page(row: shapes.MetricRow, metric: Metric, detail: MetricDetail, view: Viewpoint) -> shapes.MetricPage:
    """A metric with its definition, in words and as it is written."""
    project = view.project
    dataset = project.datasets.get(metric.dataset)
    rows = view.sight.rows(metric.name) if row.access == "rows" else None
    publisher = Publisher(view.caller.person, view.caller.roles)
    return shapes.MetricPage(
        **dict(row),
        formula=_formula(metric, dataset),
        words=[view.message(each) for each in in_words(project, metric)],
        notices=[view.message(each) for each in notices(project) if metric.name in each.params.values()],
        definition=definition(detail.versions[0].body if detail.versions else {}),
        hash=detail.versions[0].hash if detail.versions else "",
        may_publish=may_publish(project, Kind.METRIC, metric.name, publisher),
        publishers=[view.somebody(id) for id in publishers(project, Kind.METRIC, metric.name)],
        expr=metric.expr,
        drivers=metric.drivers,
        parts=[_part(each) for each in _measures(metric, dataset)],
        inputs=[_input(each, project) for each in metric.inputs],
        dimensions=list(metric.dimensions),
        dimension_rows=[_dimension(name, dataset) for name in metric.dimensions],
        rows=[{name: list(values) for name, values in where.items()} for where in rows.any_of] if rows else [],
        grains=[grain.value for grain in metric.grains],
        timezone=zone_of(project, metric).key,
        lateness_s=seconds(max(dataset.lateness, metric.governance.lateness or timedelta())) if dataset else 0.0,
        collected_until=detail.collected_until,
        rereading=detail.rereading,
        source=dataset.source if dataset else None,
        versions=[version_row(each) for each in detail.versions],
        monitors=list(detail.monitors),
    )


def _measures(metric: Metric, dataset: Dataset | None) -> list[Measure]:
    names = (metric.numerator, metric.denominator)
    found = [dataset.measure(name) for name in names if name] if dataset else []
    return [measure for measure in found if measure is not None]


def _part(measure: Measure) -> shapes.PartRow:
    return shapes.PartRow(
        measure=measure.name,
        agg=measure.agg.value,
        expr=measure.expr,
        filter=measure.filter,
        percentile=measure.percentile,
    )


def _input(given: InputMetric, project: Project) -> shapes.InputRow:
    known = project.metrics.get(given.name)
    return shapes.InputRow(
        metric=given.name,
        label=local(known.label) if known else LocalText(en=given.name),
        alias=given.alias,
        offset=str(given.offset) if given.offset else None,
        offset_to_grain=given.offset_to_grain.value if given.offset_to_grain else None,
        filter=given.filter,
    )


def _dimension(name: str, dataset: Dataset | None) -> shapes.DimensionRow:
    found = dataset.dimension(name) if dataset else None
    synonyms = {language: list(words) for language, words in found.synonyms.items()} if found else {}
    return shapes.DimensionRow(name=name, label=local(found.label) if found else LocalText(), synonyms=synonyms)


def lineage_page(name: str, found: Lineage, project: Project) -> shapes.LineagePage:
    """Nodes in the order in which data flow, and the arrows between them."""
    return shapes.LineagePage(
        metric=name,
        nodes=[
            shapes.NodeRow(id=each.id, role=each.role.value, name=each.name, label=_label(each, project))
            for each in found.nodes
        ],
        edges=[shapes.EdgeRow(start=each.start, end=each.end, relation=each.relation.value) for each in found.edges],
    )


def _label(node: Node, project: Project) -> LocalText:
    """What its authors call it; empty where nothing but the name is known."""
    labels = {
        Role.SOURCE: {name: each.label for name, each in project.sources.items()},
        Role.DATASET: {name: each.label for name, each in project.datasets.items()},
        Role.METRIC: {name: each.label for name, each in project.metrics.items()},
        Role.PLAYBOOK: {name: each.label for name, each in project.playbooks.items()},
    }
    found = labels.get(node.role, {}).get(node.name)
    return local(found) if found else LocalText()


def _formula(metric: Metric, dataset: Dataset | None) -> LocalText:
    """The formula as SQL would count it, or over other metrics; the same in every language."""
    if metric.inputs:
        return LocalText(zh=metric.expr, en=metric.expr)
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
    """A definition's body as YAML, in the order it was written, byte by byte as an export writes it."""
    if not body:
        return ""
    return dump(dict(body))


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
    row: shapes.MonitorRow, versions: Sequence[Version], proposals: Sequence[Proposal], view: Viewpoint
) -> shapes.MonitorPage:
    return shapes.MonitorPage(
        **dict(row),
        definition=definition(versions[0].body if versions else {}),
        notices=[view.message(each) for each in of_monitor(view.project, row.name)],
        versions=[version_row(each) for each in versions],
        proposals=[proposal.id for proposal in proposals],
    )

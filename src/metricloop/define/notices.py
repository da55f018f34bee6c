"""What is not wrong, but somebody should know: who still uses what is deprecated, what is certified on drafts. Pure.

Never an issue: a project with notices is sound, and is applied.
"""

from __future__ import annotations

from collections.abc import Iterator

from metricloop.define.impact import tree_names
from metricloop.define.model import Metric, Status
from metricloop.define.project import Project
from metricloop.kernel.message import Message


def notices(project: Project) -> tuple[Message, ...]:
    """Of the whole project, in the order of names: metrics, then monitors, then playbooks."""
    return (
        *(said for metric in project.metrics.values() for said in of_metric(project, metric)),
        *(said for name in project.monitors for said in of_monitor(project, name)),
        *(said for name in project.playbooks for said in _of_playbook(project, name)),
    )


def of_metric(project: Project, metric: Metric) -> Iterator[Message]:
    """About a metric's inputs and drivers."""
    certified = metric.governance.status is Status.CERTIFIED
    for name in dict.fromkeys([*(each.name for each in metric.inputs), *tree_names(metric)]):
        found = project.metrics.get(name)
        if found is None:
            continue
        if found.governance.status is Status.DEPRECATED:
            given = {"metric": metric.name, "input": name, "successor": found.governance.successor or ""}
            yield Message("notice.metric_on_deprecated", given)
        elif certified and found.governance.status is Status.DRAFT:
            yield Message("notice.certified_on_draft", {"metric": metric.name, "input": name})


def of_monitor(project: Project, name: str) -> Iterator[Message]:
    watched = project.metrics.get(project.monitors[name].metric)
    if watched is not None and watched.governance.status is Status.DEPRECATED:
        given = {"monitor": name, "metric": watched.name, "successor": watched.governance.successor or ""}
        yield Message("notice.monitor_on_deprecated", given)


def _of_playbook(project: Project, name: str) -> Iterator[Message]:
    for metric in project.playbooks[name].metrics:
        found = project.metrics.get(metric)
        if found is not None and found.governance.status is Status.DEPRECATED:
            given = {"playbook": name, "metric": metric, "successor": found.governance.successor or ""}
            yield Message("notice.playbook_on_deprecated", given)

"""Who may take the data of a held dataset as they are."""

from __future__ import annotations

from metricloop.access.model import Caller, Role
from metricloop.api.views.waiting import ENDED
from metricloop.define.project import Project
from metricloop.triage.model import Incident, IncidentKind


def may_accept(incident: Incident, caller: Caller, project: Project) -> bool:
    """While the data are held: who answers for the dataset (without an owner, the fallback), and administrators."""
    if incident.kind is not IncidentKind.DATA or incident.ended_at is not None or incident.state in ENDED:
        return False
    dataset = project.datasets.get(incident.dataset or "")
    owner = dataset.owner if dataset and dataset.owner else project.assignment.fallback
    return caller.person.id == owner or Role.ADMINISTRATOR in caller.roles

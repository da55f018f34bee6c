"""Compare a dataset's stored history with its source now, and not only at night."""

from __future__ import annotations

from metricloop.bootstrap.serving import Settings
from metricloop.collect.kept import has_buckets, hourly_metrics
from metricloop.collect.reconcile import DAYS, Reconciled, compare, keep_compared, look_to_compare
from metricloop.define.project import Project
from metricloop.define.use_cases import current_project
from metricloop.jobs.clocks import SystemClock
from metricloop.kernel.errors import InvalidInput
from metricloop.plugins.registry import load_registry
from metricloop.plugins.sources import Sources
from metricloop.sdk import Context
from metricloop.store.database import Store, open_store


def reconcile(settings: Settings, dataset: str | None = None, /, *, days: int = DAYS) -> list[Reconciled]:
    """All datasets, or the one named, by name; those of which nothing is stored yet are left out.

    What follows of it (detectors learn again) is done by the running system. Raises InvalidInput for an unknown name,
    SourceFailed where a source does not answer; what was compared before that is kept.
    """
    store = open_store(settings.database)
    try:
        store.migrate()
        with store.unit(write=False) as unit:
            project = current_project(unit)
        if dataset is not None and dataset not in project.datasets:
            known = ", ".join(sorted(project.datasets)) or "none"
            raise InvalidInput(f"there is no dataset {dataset!r}", fix=f"known: {known}")
        sources = Sources(load_registry(), Context(settings.project, SystemClock()), store.unit)
        try:
            names = [dataset] if dataset is not None else sorted(project.datasets)
            found = [_one(store, sources, project, name, days) for name in names]
        finally:
            sources.close()
    finally:
        store.close()
    return [each for each in found if each is not None]


def _one(store: Store, sources: Sources, project: Project, name: str, days: int) -> Reconciled | None:
    dataset = project.datasets[name]
    source, metrics, apart = project.sources[dataset.source], hourly_metrics(project, name), has_buckets(project, name)
    with store.unit(write=False) as look:
        asked = look_to_compare(look, dataset, source, metrics, SystemClock().now(), days, apart)
    if asked is None:
        return None
    compared = compare(sources, asked, sources)
    with store.unit() as unit:
        done = keep_compared(unit, compared)
    if compared.failure is not None:
        raise compared.failure
    return done

"""Project folders against the store: check, plan, apply, export."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from pathlib import Path

from metricloop.collect.use_cases import check_dataset
from metricloop.define.use_cases import (
    apply_documents,
    check_documents,
    export_documents,
    plan_changes,
)
from metricloop.define.versions import Change
from metricloop.jobs.clocks import SystemClock
from metricloop.kernel.errors import Issue
from metricloop.plugins.registry import Registry, load_registry
from metricloop.plugins.sources import Sources
from metricloop.sdk import Context
from metricloop.store.database import Store, open_store
from metricloop.store.project import read_folder
from metricloop.store.project_writer import write_folder

# The one detector that is part of the loop itself; others are plugins.
BUILT_IN_DETECTOR = "seasonal"


def plugin_names(registry: Registry) -> Mapping[str, Collection[str]]:
    """Installed plugin names by kind, as define checks them."""
    return {
        "sources": tuple(registry.sources),
        "detectors": (BUILT_IN_DETECTOR, *registry.detectors),
        "channels": tuple(registry.channels),
        "actions": tuple(registry.actions),
    }


def check(folder: Path, *, ask_sources: bool = True) -> list[Issue]:
    """Everything that is wrong with a project, its sources' columns included."""
    registry = load_registry()
    files = read_folder(folder)
    checked = check_documents(files.documents, files.issues, plugin_names(registry))
    issues = [*checked.issues]
    if checked.project is None or not ask_sources:
        return issues
    sources = Sources(registry, Context(folder, SystemClock()))
    try:
        for dataset in checked.project.datasets.values():
            issues += check_dataset(sources, checked.project.sources[dataset.source], dataset)
    finally:
        sources.close()
    return issues


def plan(folder: Path, database: str) -> Sequence[Change]:
    """What `apply` would do."""
    store = _opened(database)
    try:
        files = read_folder(folder)
        return plan_changes(store.unit, files.documents, issues=files.issues, plugins=plugin_names(load_registry()))
    finally:
        store.close()


def apply(folder: Path, database: str, *, by: str) -> Sequence[Change]:
    """Make the store's definitions those of the folder."""
    store = _opened(database)
    try:
        return apply_folder(store, folder, by=by, at=SystemClock().now())
    finally:
        store.close()


def apply_folder(store: Store, folder: Path, *, by: str, at: datetime) -> Sequence[Change]:
    files = read_folder(folder)
    plugins = plugin_names(load_registry())
    return apply_documents(store.unit, files.documents, by=by, at=at, issues=files.issues, plugins=plugins)


def export(folder: Path, database: str) -> list[Path]:
    """Write the live definitions into the folder's files; gives back the files that changed."""
    store = _opened(database)
    try:
        return write_folder(folder, export_documents(store.unit))
    finally:
        store.close()


def _opened(database: str) -> Store:
    store = open_store(database)
    store.migrate()
    return store

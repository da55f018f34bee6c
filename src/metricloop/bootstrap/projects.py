"""Project folders against the store: check, plan, apply, export."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path

from metricloop.collect.check_joins import check_joins
from metricloop.collect.use_cases import check_dataset
from metricloop.define.model import Document, Kind
from metricloop.define.notices import notices
from metricloop.define.project import Project
from metricloop.define.publishing import Publisher, governed, stewards
from metricloop.define.use_cases import (
    Plan,
    apply_documents,
    check_documents,
    export_documents,
    live_project,
    plan_in_words,
)
from metricloop.define.versions import Change
from metricloop.detect.options import wrong_options
from metricloop.jobs.clocks import SystemClock
from metricloop.kernel.errors import InvalidInput, Issue
from metricloop.kernel.grain import Grain
from metricloop.kernel.message import Message
from metricloop.loop.standing import standing_of
from metricloop.plugins.registry import Registry, load_registry
from metricloop.plugins.sources import Sources
from metricloop.sdk import Context
from metricloop.store.database import Store, open_store
from metricloop.store.project import Files, read_folder
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
    plugins = plugin_names(registry)
    checked = check_documents(files.documents, _issues(files, plugins), plugins)
    issues = [*checked.issues]
    if checked.project is None or not ask_sources:
        return issues
    sources = Sources(registry, Context(folder, SystemClock()))
    try:
        for dataset in checked.project.datasets.values():
            source = checked.project.sources[dataset.source]
            found = check_dataset(sources, source, dataset)
            issues += found or check_joins(sources, source, dataset)
    finally:
        sources.close()
    return issues


def _issues(files: Files, plugins: Mapping[str, Collection[str]]) -> list[Issue]:
    """The issues of the files, and of options that only the detector knows to be wrong."""
    told = check_documents(files.documents, files.issues, plugins).issues
    return [*files.issues, *option_issues(files.documents, told)]


def option_issues(documents: Sequence[Document], told: Sequence[Issue]) -> list[Issue]:
    """Options that only the plugin that takes them knows to be wrong, unless they were told of already."""
    return [issue for document in documents for issue in _detector_issues(document, told)]


def _detector_issues(document: Document, told: Sequence[Issue]) -> Iterator[Issue]:
    """Options of a monitor that the built-in detector does not take, unless they were told of already."""
    body, options = document.body, document.body.get("options")
    seasonal = document.kind is Kind.MONITOR and body.get("detector", BUILT_IN_DETECTOR) == BUILT_IN_DETECTOR
    if not seasonal or not isinstance(options, Mapping) or body.get("grain") not in tuple(Grain):
        return
    for wrong in wrong_options(options, Grain(str(body["grain"]))):
        where = document.at(f"options.{wrong.option}")
        if not any(issue.where == where and f" {wrong.option} is " in issue.problem for issue in told):
            yield Issue(where, f"monitor {document.name}: {wrong.problem}", wrong.fix)


def notices_of(folder: Path) -> Sequence[Message]:
    """What is not wrong with a project, but somebody should know. None of a project that cannot be read."""
    files = read_folder(folder)
    checked = check_documents(files.documents, files.issues, plugin_names(load_registry()))
    return notices(checked.project) if checked.project else ()


def plan(folder: Path, database: str, *, person: str | None = None) -> Plan:
    """What `apply` would do, and what it means; with a person, whether that is theirs to publish."""
    store = _opened(database)
    try:
        files = read_folder(folder)
        plugins = plugin_names(load_registry())
        with store.unit(write=False) as unit:
            live = live_project(unit)
            return plan_in_words(
                unit,
                files.documents,
                issues=_issues(files, plugins),
                plugins=plugins,
                standing=standing_of(unit, live) if live else None,
                publisher=_publisher(live, person) if live and person else None,
            )
    finally:
        store.close()


def apply(folder: Path, database: str, *, by: str, person: str | None = None) -> Plan:
    """Make the store's definitions those of the folder, by the right of the person; gives what was done.

    Where a steward is named, nobody publishes in nobody's name: raises InvalidInput without a person, but where the
    project has only one. Who it really is is not asked: whoever may write the database may do everything, and `by`
    stands in the audit trail.
    """
    store = _opened(database)
    try:
        files = read_folder(folder)
        plugins = plugin_names(load_registry())
        issues = _issues(files, plugins)
        with store.unit(write=False) as unit:
            live = live_project(unit)
            standing = standing_of(unit, live) if live else None
            planned = plan_in_words(unit, files.documents, issues=issues, plugins=plugins, standing=standing)
        if person is None and live is not None and len(live.people) == 1 and governed(live):
            person = next(iter(live.people))
        asked = live is not None and governed(live) and bool(planned.meanings)
        publisher = _publisher(live, person) if live and (asked or person) else None
        apply_documents(
            store.unit,
            files.documents,
            by=f"{person}, by {by}" if person else by,
            at=SystemClock().now(),
            issues=issues,
            plugins=plugins,
            publisher=publisher,
        )
        return planned
    finally:
        store.close()


def _publisher(live: Project, person: str | None) -> Publisher:
    if person is None:
        names = ", ".join(stewards(live))
        raise InvalidInput("it does not say who publishes", fix=f"add --as PERSON; stewards are: {names}")
    if person not in live.people:
        known = ", ".join(sorted(live.people))
        raise InvalidInput(f"there is no person {person!r}", where="--as", fix=f"known: {known}")
    return Publisher(live.people[person], live.people[person].roles)


def apply_folder(store: Store, folder: Path, *, by: str, at: datetime) -> Sequence[Change]:
    """For a store that is empty, or nobody's but the caller's: asks for no right."""
    files = read_folder(folder)
    plugins = plugin_names(load_registry())
    return apply_documents(store.unit, files.documents, by=by, at=at, issues=_issues(files, plugins), plugins=plugins)


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

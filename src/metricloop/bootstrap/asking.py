"""Questions to metrics from the command line, over the definitions of a folder or those in the store."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import make_url

from metricloop.bootstrap.projects import plugin_names
from metricloop.collect.evaluate import Answer
from metricloop.collect.query import Sent, answer, statements
from metricloop.collect.query_defaults import Written, query_of
from metricloop.collect.tree import read_tree, tree_issues
from metricloop.define.model import Metric
from metricloop.define.project import Project
from metricloop.define.rules import read_project
from metricloop.define.use_cases import current_project
from metricloop.jobs.clocks import SystemClock
from metricloop.kernel.errors import InvalidInput, Issue, SourceFailed
from metricloop.plugins.registry import load_registry
from metricloop.plugins.sources import Sources
from metricloop.sdk import Context
from metricloop.store.database import Store, open_store
from metricloop.store.project import read_folder


@dataclass(frozen=True, slots=True)
class Asked:
    """The answer, and the metric as it was defined then."""

    metric: Metric
    answer: Answer


def ask_metric(folder: Path, database: str | None, written: Written, /) -> Asked:
    """Ask the sources now. database: whose live definitions to use; None: those of the folder's files."""
    with _opened(folder, database) as (project, sources):
        found = answer(sources, project, query_of(project, written, SystemClock().now()))
        return Asked(project.metric(written.metric), found)


def show_sql(folder: Path, database: str | None, written: Written, /) -> list[Sent]:
    """What `ask_metric` would send to each source, in the source's own SQL. Sends none of it."""
    with _opened(folder, database) as (project, sources):
        return statements(sources, project, query_of(project, written, SystemClock().now()))


def check_trees(folder: Path, /) -> list[Issue]:
    """Formulas of drivers that do not give their metric in the data of the last weeks; a source that fails is one."""
    issues: dict[str, Issue] = {}
    with _opened(folder, None) as (project, sources):
        for metric in project.metrics.values():
            if metric.drivers is None:
                continue
            where = f"metric {metric.name}, drivers"
            try:
                found = list(tree_issues(project, read_tree(sources, project, metric, SystemClock().now())))
            except (SourceFailed, InvalidInput) as error:
                found = [Issue(error.where or where, error.problem, error.fix or "see the source's own log")]
            issues |= {f"{issue.where}: {issue.problem}": issue for issue in found}
    return list(issues.values())


def has_state(database: str, /) -> bool:
    """Whether there is a database already: a server's is taken to be there."""
    url = make_url(database) if "://" in database else None
    if url is not None and url.get_backend_name() != "sqlite":
        return True
    return Path((url.database or "") if url is not None else database).is_file()


@contextmanager
def _opened(folder: Path, database: str | None) -> Iterator[tuple[Project, Sources]]:
    store = _store(database)
    registry = load_registry()
    try:
        if store is not None:
            with store.unit(write=False) as unit:
                project = current_project(unit)
        else:
            files = read_folder(folder)
            project = read_project(files.documents, issues=files.issues, plugins=plugin_names(registry))
        sources = Sources(registry, Context(folder, SystemClock()), store.unit if store else None)
        try:
            yield project, sources
        finally:
            sources.close()
    finally:
        if store is not None:
            store.close()


def _store(database: str | None) -> Store | None:
    if database is None:
        return None
    store = open_store(database)
    store.migrate()
    return store

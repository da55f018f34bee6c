"""From documents to a project, or to every issue at once. Pure: reads no file, asks no source."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace

from metricloop.define.dataset_checks import check_datasets, check_sources
from metricloop.define.draft import Draft
from metricloop.define.metric_checks import check_metrics
from metricloop.define.model import Document, Kind, Origin, Version
from metricloop.define.monitor_checks import check_monitors
from metricloop.define.nouns import project_of
from metricloop.define.people_checks import check_assignment, check_channels, check_people, check_teams
from metricloop.define.playbook_checks import check_playbooks
from metricloop.define.project import Project
from metricloop.define.shape_issues import shape
from metricloop.define.written import Shape
from metricloop.kernel.errors import InvalidProject, Issue

_MEANING = (
    check_sources,
    check_datasets,
    check_metrics,
    check_monitors,
    check_people,
    check_teams,
    check_channels,
    check_assignment,
    check_playbooks,
)


def read_project(
    documents: Sequence[Document],
    *,
    issues: Sequence[Issue] = (),
    plugins: Mapping[str, Collection[str]] | None = None,
) -> Project:
    """The project that the documents define. Raises InvalidProject with every issue, not only the first.

    issues: what was wrong with the files themselves; then unknown names are not reported, since the definition may
    stand in the unreadable part. plugins: installed plugin names by group; what is not given is not checked.
    Does not ask whether the sources' tables have the columns: `collect` does.
    """
    shaped: list[tuple[Document, Shape]] = []
    found = list(issues)
    for document in documents:
        fitting, wrong = shape(document)
        found += wrong
        if fitting is not None:
            shaped.append((document, fitting))
    draft = Draft(documents, shaped, incomplete=bool(issues), plugins=plugins)
    found += _check_whole(draft)
    for check in _MEANING:
        found += check(draft)
    if found:
        raise InvalidProject(_in_order(found))
    return project_of(draft)


def load_project(versions: Sequence[Version]) -> Project:
    """The project of the store's live versions, with their numbers pinned in `Project.versions`.

    Raises InvalidProject like `read_project` (a version that an older release accepted may not pass a newer one).
    """
    documents = [document_of(version) for version in versions]
    project = read_project(documents)
    return replace(project, versions={(version.kind, version.name): version.number for version in versions})


def document_of(version: Version) -> Document:
    """A stored version as a document, to be checked or written to a file.

    One that no file brought names itself as `parent`: whoever edits that file has seen it.
    """
    parent = None if version.origin in (Origin.FILE, Origin.IMPORT) else version.hash
    return Document(version.kind, version.name, version.body, where=f"{version.kind} {version.name}", parent=parent)


def _check_whole(draft: Draft) -> Iterator[Issue]:
    """Each definition once; one project and one assignment."""
    first: dict[tuple[Kind, str], Document] = {}
    for document in draft.documents:
        before = first.setdefault((document.kind, document.name), document)
        if before is not document:
            problem = f"{document.kind} {document.name} is defined twice, first at {before.where}"
            yield Issue(document.where, problem, "remove one, or give it another name")
    if draft.incomplete:
        return
    if not draft.documents:
        yield Issue(".", "there are no definitions here", "run metricloop init DIR, or name another folder")
        return
    if not draft.names(Kind.PROJECT):
        yield Issue("metricloop.yml", "the project is missing", "add project: NAME and timezone: ZONE")
    if not draft.names(Kind.ASSIGNMENT):
        fix = "add assignment: {fallback: PERSON, acknowledge_within: 30m, resolve_within: 24h}"
        yield Issue("assignment.yml", "nobody is responsible", fix)


def _in_order(issues: Sequence[Issue]) -> list[Issue]:
    """By file and line, each issue once."""

    def place(issue: Issue) -> tuple[str, int]:
        file, _, line = issue.where.rpartition(":")
        return (file, int(line)) if line.isdigit() else (issue.where, 0)

    return sorted(dict.fromkeys(issues), key=place)

"""Check, plan, apply, export: between documents (from files or a page) and the versions in the store."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from metricloop.define.model import Document, Kind, Origin, Version
from metricloop.define.ports import DefineUnit, Definitions, OpenDefineUnit
from metricloop.define.project import Project
from metricloop.define.rules import document_of, load_project, read_project
from metricloop.define.versions import Change, ChangeKind, StoreMovedOn, next_version, plan
from metricloop.kernel.errors import InvalidProject, Issue

Plugins = Mapping[str, Collection[str]]
_TOLD = {
    ChangeKind.ADDED: "definition.added",
    ChangeKind.CHANGED: "definition.changed",
    ChangeKind.REMOVED: "definition.retired",
}


@dataclass(frozen=True, slots=True)
class Checked:
    """The project, or None and every issue."""

    project: Project | None
    issues: tuple[Issue, ...] = ()


def check_documents(
    documents: Sequence[Document], issues: Sequence[Issue] = (), plugins: Plugins | None = None
) -> Checked:
    """Every issue at once, those of the files themselves included. Asks neither store nor source."""
    try:
        return Checked(read_project(documents, issues=issues, plugins=plugins))
    except InvalidProject as error:
        return Checked(None, error.issues)


def plan_changes(
    open_unit: OpenDefineUnit,
    documents: Sequence[Document],
    *,
    issues: Sequence[Issue] = (),
    plugins: Plugins | None = None,
) -> tuple[Change, ...]:
    """What `apply_documents` would do. Writes nothing; a change with `unseen` would be refused.

    Raises InvalidProject: out of files that cannot be read, definitions would seem to be removed.
    """
    read_project(documents, issues=issues, plugins=plugins)
    with open_unit(write=False) as unit:
        return _plan(unit.definitions, documents)


def apply_documents(
    open_unit: OpenDefineUnit,
    documents: Sequence[Document],
    *,
    by: str,
    at: datetime,
    issues: Sequence[Issue] = (),
    plugins: Plugins | None = None,
    origin: Origin = Origin.FILE,
) -> tuple[Change, ...]:
    """Make the store's definitions, and its people, those of the documents: all of them, or nothing.

    Raises InvalidProject with every issue, and StoreMovedOn (a Conflict) where the store has learnt something the
    files were not made from. Definitions that were made in the store and never in a file are kept.
    """
    read_project(documents, issues=issues, plugins=plugins)
    with open_unit() as unit:
        changes = _plan(unit.definitions, documents)
        in_the_way = [change for change in changes if change.unseen is not None]
        if in_the_way:
            raise StoreMovedOn(in_the_way)
        kept = [document_of(change.live) for change in changes if change.change is ChangeKind.KEPT and change.live]
        read_project([*documents, *kept], plugins=plugins)
        for change in changes:
            _write(unit, change, by=by, at=at, origin=origin)
        for person in current_project(unit).people.values():
            unit.people.put(person)
    return changes


def export_documents(open_unit: OpenDefineUnit) -> tuple[Document, ...]:
    """The live definitions as documents, by kind and name.

    What does not come from a file names its version as `parent`, so that the file written from it has seen it.
    """
    with open_unit(write=False) as unit:
        live = sorted(unit.definitions.live(), key=lambda version: (list(Kind).index(version.kind), version.name))
        return tuple(document_of(version) for version in live)


def current_project(unit: DefineUnit) -> Project:
    """The live project. Raises InvalidProject when nothing has been applied yet."""
    return load_project(unit.definitions.live())


def _plan(definitions: Definitions, documents: Sequence[Document]) -> tuple[Change, ...]:
    live = definitions.live()
    named = {(document.kind, document.name) for document in documents if document.parent is not None}
    keys = [(version.kind, version.name) for version in live]
    learnt = {key for key, version in zip(keys, live, strict=True) if version.origin is not Origin.FILE}
    return plan(documents, live, {key: definitions.history(*key) for key in keys if key in named | learnt})


def _write(unit: DefineUnit, change: Change, *, by: str, at: datetime, origin: Origin) -> None:
    if change.change not in _TOLD:
        return
    after: Version | None = None
    if change.document is not None:
        previous = unit.definitions.newest(change.kind, change.name)
        after = next_version(previous, change.kind, change.name, change.document.body, origin=origin, by=by, at=at)
        unit.definitions.add(after)
    else:
        unit.definitions.retire(change.kind, change.name)
    unit.audit.record(
        at=at,
        actor=by,
        action=_TOLD[change.change],
        subject_kind=change.kind.value,
        subject_id=change.name,
        before=change.live.hash if change.live else None,
        after=after.hash if after else None,
    )

"""Check, plan, apply, export: between documents (from files or a page) and the versions in the store."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from metricloop.define.impact import Meaning, Standing, meanings
from metricloop.define.makings import formula_hash, redefined
from metricloop.define.model import Document, Kind, Origin, Version
from metricloop.define.ports import DefineUnit, Definitions, OpenDefineUnit
from metricloop.define.project import Project
from metricloop.define.publishing import Publisher, Refusal, refusals, require_publisher
from metricloop.define.rules import document_of, load_project, read_project
from metricloop.define.versions import Change, ChangeKind, StoreMovedOn, differences, next_version, plan
from metricloop.kernel.errors import Conflict, InvalidInput, InvalidProject, Issue, NotFound
from metricloop.kernel.events import Event

Plugins = Mapping[str, Collection[str]]
_AUDITED = {
    ChangeKind.ADDED: "definition.added",
    ChangeKind.CHANGED: "definition.changed",
    ChangeKind.REMOVED: "definition.retired",
}


@dataclass(frozen=True, slots=True)
class Checked:
    """The project, or None and every issue."""

    project: Project | None
    issues: tuple[Issue, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """What applying would do: every change, what those that change something mean, and which are refused."""

    changes: tuple[Change, ...]
    meanings: tuple[Meaning, ...]
    refusals: tuple[Refusal, ...] = ()


@dataclass(frozen=True, slots=True)
class Edit:
    """A new body of one definition, made from the version `parent` (None: there was none). body None: it goes."""

    kind: Kind
    name: str
    body: Mapping[str, Any] | None
    parent: str | None = None
    places: Mapping[str, str] = field(default_factory=dict)


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


def plan_in_words(
    unit: DefineUnit,
    documents: Sequence[Document],
    *,
    issues: Sequence[Issue] = (),
    plugins: Plugins | None = None,
    standing: Standing | None = None,
    publisher: Publisher | None = None,
) -> Plan:
    """`plan_changes`, with what it means and whether the publisher may; None: whoever may write the database."""
    after = read_project(documents, issues=issues, plugins=plugins)
    changes = _plan(unit.definitions, documents)
    return _told(changes, live_project(unit), after, standing, publisher)


def _told(
    changes: tuple[Change, ...],
    before: Project | None,
    after: Project,
    standing: Standing | None,
    publisher: Publisher | None,
) -> Plan:
    found = meanings(changes, before, after, standing)
    return Plan(changes, found, refusals(found, publisher, before, after) if publisher else ())


def with_edits(unit: DefineUnit, edits: Sequence[Edit]) -> tuple[Document, ...]:
    """The live definitions with these in place of theirs, as documents. Raises NotFound on the end of what is not."""
    live = {(version.kind, version.name): document_of(version) for version in unit.definitions.live()}
    for edit in edits:
        key = (edit.kind, edit.name)
        if edit.body is None and live.pop(key, None) is None:
            raise NotFound(f"there is no {edit.kind} {edit.name!r}", fix="reload the list")
        if edit.body is not None:
            # No file stands behind it: the edit itself is the place, and what it was made from is checked apart.
            where = f"{edit.kind} {edit.name}"
            newest = unit.definitions.newest(*key)
            live[key] = Document(*key, edit.body, where, edit.places, newest.hash if newest else None)
    return tuple(live.values())


def plan_edits(
    unit: DefineUnit,
    edits: Sequence[Edit],
    *,
    publisher: Publisher,
    plugins: Plugins | None = None,
    standing: Standing | None = None,
) -> Plan:
    """What `publish_edits` would do, conflicts aside (`moved_past` tells those). Raises InvalidProject."""
    documents = with_edits(unit, edits)
    after = read_project(documents, plugins=plugins)
    named = {(edit.kind, edit.name) for edit in edits}
    changes = tuple(_ended(each) for each in _plan(unit.definitions, documents) if (each.kind, each.name) in named)
    return _told(changes, live_project(unit), after, standing, publisher)


def moved_past(unit: DefineUnit, edits: Sequence[Edit]) -> tuple[Change, ...]:
    """Definitions that have moved past what the edits were made from, with what was changed meanwhile."""
    live = {(version.kind, version.name) for version in unit.definitions.live()}
    found = (_moved(unit.definitions, edit, (edit.kind, edit.name) in live) for edit in edits)
    return tuple(change for change in found if change is not None)


def publish_edits(
    unit: DefineUnit,
    edits: Sequence[Edit],
    *,
    publisher: Publisher,
    at: datetime,
    plugins: Plugins | None = None,
    origin: Origin = Origin.UI,
) -> Plan:
    """Make these the live versions: all of them, or none.

    Raises StoreMovedOn, with what was changed meanwhile, where a definition has moved past the edit's parent;
    InvalidProject with every issue; NotPermitted, naming who may.
    """
    if len({(edit.kind, edit.name) for edit in edits}) != len(edits):
        raise InvalidInput("a definition is there twice", fix="send each one once")
    moved = moved_past(unit, edits)
    if moved:
        raise StoreMovedOn(moved, fix="look at what was changed meanwhile, and make the change again on top of it")
    told = plan_edits(unit, edits, publisher=publisher, plugins=plugins)
    require_publisher(told.refusals, current_project(unit))
    _write_all(unit, told.changes, by=publisher.person.id, at=at, origin=origin)
    return told


def _moved(definitions: Definitions, edit: Edit, is_live: bool) -> Change | None:
    """The change in the way of an edit that was not made from the newest version."""
    newest = definitions.newest(edit.kind, edit.name)
    if newest is None or edit.parent == newest.hash or (edit.parent is None and not is_live):
        if newest is None and edit.parent is not None:
            raise Conflict(f"{edit.kind} {edit.name!r} has no versions", fix="send no parent for a new definition")
        return None
    seen = next((v for v in definitions.history(edit.kind, edit.name) if v.hash == edit.parent), None)
    changed = tuple(differences(seen.body if seen else {}, newest.body))
    where = f"{edit.kind} {edit.name}"
    return Change(ChangeKind.CHANGED, edit.kind, edit.name, where, None, newest, changed, unseen=newest)


def _ended(change: Change) -> Change:
    """What a person ends on a page is removed, whether a file ever had it or not."""
    return replace(change, change=ChangeKind.REMOVED, unseen=None) if change.document is None else change


def apply_documents(
    open_unit: OpenDefineUnit,
    documents: Sequence[Document],
    *,
    by: str,
    at: datetime,
    issues: Sequence[Issue] = (),
    plugins: Plugins | None = None,
    origin: Origin = Origin.FILE,
    publisher: Publisher | None = None,
) -> tuple[Change, ...]:
    """Make the store's definitions, and its people, those of the documents: all of them, or nothing.

    `by` is who the audit trail names. publisher: the person whose right it is done by, whom the versions name; None:
    whoever may write the database. Raises InvalidProject with every issue, StoreMovedOn (a Conflict) where the store
    has learnt something the files were not made from, and NotPermitted where a change is not the publisher's to make.
    Definitions that were made in the store and never in a file are kept.
    """
    after = read_project(documents, issues=issues, plugins=plugins)
    with open_unit() as unit:
        changes = _plan(unit.definitions, documents)
        in_the_way = [change for change in changes if change.unseen is not None]
        if in_the_way:
            raise StoreMovedOn(in_the_way)
        kept = [document_of(change.live) for change in changes if change.change is ChangeKind.KEPT and change.live]
        after = read_project([*documents, *kept], plugins=plugins)
        if publisher is not None:
            before = live_project(unit)
            require_publisher(_told(changes, before, after, None, publisher).refusals, before or after)
        _write_all(unit, changes, by=publisher.person.id if publisher else by, at=at, origin=origin, actor=by)
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


def live_project(unit: DefineUnit) -> Project | None:
    """The live project; None where nothing is live, or where this release cannot read it any more."""
    live = unit.definitions.live()
    try:
        return load_project(live) if live else None
    except InvalidProject:
        return None


def _plan(definitions: Definitions, documents: Sequence[Document]) -> tuple[Change, ...]:
    live = definitions.live()
    named = {(document.kind, document.name) for document in documents if document.parent is not None}
    keys = [(version.kind, version.name) for version in live]
    learnt = {key for key, version in zip(keys, live, strict=True) if version.origin is not Origin.FILE}
    return plan(documents, live, {key: definitions.history(*key) for key in keys if key in named | learnt})


def _write_all(
    unit: DefineUnit, changes: Sequence[Change], *, by: str, at: datetime, origin: Origin, actor: str | None = None
) -> None:
    """New versions of what changed, the people as they are now, and word of every metric whose numbers are others."""
    before = live_project(unit)
    for change in changes:
        _write(unit, change, by=by, at=at, origin=origin, actor=actor or by)
    after = current_project(unit)
    for person in after.people.values():
        unit.people.put(person)
    for name in redefined(before, after) if before else ():
        old = before.metrics.get(name) if before else None
        key = f"metric.redefined:{name}:{after.version(Kind.METRIC, name)}:{at.isoformat()}"
        data = {
            "before": formula_hash(before, old) if before and old else None,
            "after": formula_hash(after, after.metrics[name]),
        }
        unit.events.tell(Event(key, "metric.redefined", name, at, data))


def _write(unit: DefineUnit, change: Change, *, by: str, at: datetime, origin: Origin, actor: str) -> None:
    if change.change not in _AUDITED:
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
        actor=actor,
        action=_AUDITED[change.change],
        subject_kind=change.kind.value,
        subject_id=change.name,
        before=change.live.hash if change.live else None,
        after=after.hash if after else None,
    )

"""Versions of definitions: what a change is, what it changes, and when it may not be made.

The store is the truth. A file that was written before the store learnt something (a version from the UI or from an
accepted proposal) must not undo it unnoticed: it has to name that version as its `parent`, or be the same as it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from metricloop.define.model import Document, Kind, Origin, Version
from metricloop.kernel.errors import Conflict, Issue

_OUTSIDE = frozenset({Origin.FILE, Origin.IMPORT})  # origins that the files themselves have brought
_SHORTEST_PARENT = 8


class ChangeKind(StrEnum):
    """What applying would do to one definition. kept: made in the store and never in a file, so it stays."""

    ADDED = "added"
    CHANGED = "changed"
    REMOVED = "removed"
    UNCHANGED = "unchanged"
    KEPT = "kept"


@dataclass(frozen=True, slots=True)
class Difference:
    """One value that differs, as JSON text; None means that it is not there."""

    path: str
    before: str | None
    after: str | None

    def __str__(self) -> str:
        if self.before is None:
            return f"{self.path}: {self.after} (new)"
        return f"{self.path}: {self.before} -> {self.after}" if self.after else f"{self.path}: {self.before} (removed)"


@dataclass(frozen=True, slots=True)
class Change:
    """What applying a folder would do to one definition.

    unseen: the newest version that the file knows nothing of; as long as it is there, applying is refused.
    `differences` go from the live version to the file.
    """

    change: ChangeKind
    kind: Kind
    name: str
    where: str
    document: Document | None
    live: Version | None
    differences: tuple[Difference, ...] = ()
    unseen: Version | None = None


_EXPORT_FIRST = (
    "run metricloop export, and make the change again; or, to replace what the store has learnt,"
    " write the parent given above into the definition"
)


class StoreMovedOn(Conflict):
    """The store has versions that the files were not made from; `changes` are those in the way."""

    def __init__(self, changes: Sequence[Change], fix: str = "") -> None:
        self.changes = tuple(changes)
        super().__init__(
            f"the store has moved past {len(changes)} definition{'s' if len(changes) != 1 else ''}:\n"
            + "\n".join(_told(change) for change in changes),
            fix=fix or _EXPORT_FIRST,
        )

    @property
    def issues(self) -> tuple[Issue, ...]:
        """Each value that differs, as an issue at its definition."""
        return tuple(
            Issue(f"{change.kind} {change.name}", str(difference), self.fix)
            for change in self.changes
            for difference in change.differences
        )


def _told(change: Change) -> str:
    seen = change.unseen
    head = f"{change.where}: {change.kind} {change.name}"
    if seen is not None:
        head += f" has version {seen.number} by {seen.by} ({seen.origin}); parent: {seen.hash}"
    return "\n".join([head, *(f"  {difference}" for difference in change.differences)])


def content_hash(body: Mapping[str, Any]) -> str:
    """SHA-256 (hex) of the body as canonical JSON: neither the order of keys nor 1 or 1.0 makes a difference."""
    return hashlib.sha256(canonical_json(body).encode()).hexdigest()


def canonical_json(value: Any) -> str:
    """One text for all ways of writing the same value. Raises ValueError on NaN and infinity."""
    return json.dumps(_plain(value), ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value


def differences(before: Any, after: Any, path: str = "") -> Iterator[Difference]:
    """Every value that differs. Items of a list that have a name or id are compared by it, not by position."""
    if canonical_json(before) == canonical_json(after):
        return
    old, new = _by_key(before), _by_key(after)
    if old is None or new is None or isinstance(before, list) != isinstance(after, list):
        yield Difference(path, canonical_json(before), canonical_json(after))
        return
    for key in [*old, *(key for key in new if key not in old)]:
        inner = f"{path}.{key}" if path else key
        if key not in new:
            yield Difference(inner, canonical_json(old[key]), None)
        elif key not in old:
            yield Difference(inner, None, canonical_json(new[key]))
        else:
            yield from differences(old[key], new[key], inner)
    if isinstance(before, list) and set(old) == set(new) and list(old) != list(new):
        yield Difference(f"{path} (order)", canonical_json(list(old)), canonical_json(list(new)))


def _by_key(value: Any) -> Mapping[str, Any] | None:
    """A mapping as it is, a list of named items by name; None for anything that has no keys."""
    if isinstance(value, Mapping):
        return value
    if not isinstance(value, list) or not all(isinstance(item, Mapping) for item in value):
        return None
    keyed = {str(item.get("name", item.get("id", ""))): item for item in value}
    return keyed if len(keyed) == len(value) and "" not in keyed else None


def plan(
    documents: Sequence[Document],
    live: Sequence[Version],
    histories: Mapping[tuple[Kind, str], Sequence[Version]] | None = None,
) -> tuple[Change, ...]:
    """What applying these documents would do, by kind and name.

    histories: all versions of a name, newest first. Where one is not given, only the live version is known, which is
    enough unless a file names a parent or the live version does not come from a file.
    """
    wanted = {(document.kind, document.name): document for document in documents}
    present = {(version.kind, version.name): version for version in live}
    past = {key: (histories or {}).get(key) or (present[key],) for key in present}
    return tuple(
        _gone(present[key], past[key])
        if key not in wanted
        else _change(wanted[key], present.get(key), past.get(key, ()))
        for key in sorted({**present, **wanted}, key=lambda key: (list(Kind).index(key[0]), key[1]))
    )


def _change(document: Document, live: Version | None, history: Sequence[Version]) -> Change:
    kind, name, where = document.kind, document.name, document.where
    if live is None:
        return Change(ChangeKind.ADDED, kind, name, where, document, None, tuple(differences({}, document.body)))
    if content_hash(document.body) == live.hash:
        return Change(ChangeKind.UNCHANGED, kind, name, where, document, live)
    changed = tuple(differences(live.body, document.body))
    unseen = _unseen(history, document.parent)
    return Change(ChangeKind.CHANGED, kind, name, where, document, live, changed, unseen)


def _gone(live: Version, history: Sequence[Version]) -> Change:
    """A live definition that no file has: removed, unless no file ever had it."""
    what = ChangeKind.REMOVED if any(version.origin in _OUTSIDE for version in history) else ChangeKind.KEPT
    unseen = live if what is ChangeKind.REMOVED and live.origin not in _OUTSIDE else None
    return Change(what, live.kind, live.name, f"{live.kind} {live.name}", None, live, (), unseen)


def _unseen(history: Sequence[Version], parent: str | None) -> Version | None:
    """The newest version if a file derived from `parent` (or, unnamed, from the last file) has not seen all."""
    for version in history:
        if parent is not None and len(parent) >= _SHORTEST_PARENT and version.hash.startswith(parent):
            return None
        if version.origin not in _OUTSIDE:
            return history[0]
        if parent is None:
            return None
    return history[0] if parent is not None and history else None


def next_version(
    previous: Version | None, kind: Kind, name: str, body: Mapping[str, Any], *, origin: Origin, by: str, at: datetime
) -> Version:
    """The version that follows `previous` (the newest one, retired or not; None for a new name)."""
    return Version(
        kind=kind,
        name=name,
        number=previous.number + 1 if previous else 1,
        hash=content_hash(body),
        parent=previous.hash if previous else None,
        origin=origin,
        by=by,
        at=at,
        body=body,
    )

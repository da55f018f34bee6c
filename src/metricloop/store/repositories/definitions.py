"""Versions of definitions, settings of the site, and other small values that outlive a process."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Connection, bindparam, select, update

from metricloop.define.model import Kind, Version
from metricloop.define.playbooks import Mode
from metricloop.kernel.errors import Conflict, NotFound
from metricloop.store.repositories.counters import changes, count_change
from metricloop.store.rows import Rows, Upserts
from metricloop.store.statements import Statement
from metricloop.store.tables import definitions as tables

VERSIONS = Rows(tables.definition_versions, Version)
_SETTINGS = Upserts(tables.settings)

_v, _h = tables.definition_versions.c, tables.definition_heads.c
_NEWEST = VERSIONS.query.join(
    tables.definition_heads, (_h.kind == _v.kind) & (_h.name == _v.name) & (_h.number == _v.number)
)
_LIVE = Statement(_NEWEST.where(~_h.retired).order_by(_v.kind, _v.name))
_NEWEST_OF = Statement(_NEWEST.where(_h.kind == bindparam("k"), _h.name == bindparam("n")))
_HISTORY = Statement(
    VERSIONS.query.where(_v.kind == bindparam("k"), _v.name == bindparam("n")).order_by(_v.number.desc())
)
_HEADS = Upserts(tables.definition_heads)
_SETTING = Statement(select(tables.settings.c.value).where(tables.settings.c.key == bindparam("wanted")))
_REVISION = "definitions"


class DefinitionsRepository:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def live(self) -> Sequence[Version]:
        """By kind, then name."""
        return VERSIONS.all(self._connection, _LIVE)

    def newest(self, kind: Kind, name: str) -> Version | None:
        return VERSIONS.first(self._connection, _NEWEST_OF, {"k": kind, "n": name})

    def history(self, kind: Kind, name: str) -> Sequence[Version]:
        return VERSIONS.all(self._connection, _HISTORY, {"k": kind, "n": name})

    def add(self, version: Version) -> None:
        if not self._become_head(version):
            newest = self.newest(version.kind, version.name)
            raise Conflict(
                f"{version.kind} {version.name!r} has moved on to version {newest.number if newest else 0}",
                fix="look at the newest version and apply the change to that one",
            )
        if not VERSIONS.add(self._connection, version):
            raise Conflict(f"{version.kind} {version.name!r} already has a version {version.number}")
        count_change(self._connection, _REVISION)

    def retire(self, kind: Kind, name: str) -> None:
        """Raises NotFound when there is no such definition. Retiring twice changes nothing."""
        statement = update(tables.definition_heads).where(*_is(kind, name)).values(retired=True)
        if self._connection.execute(statement).rowcount == 0:
            raise NotFound(f"there is no {kind} {name!r} to retire")
        count_change(self._connection, _REVISION)

    def revision(self) -> int:
        return changes(self._connection, _REVISION)

    def _become_head(self, version: Version) -> bool:
        """Put the version at the head if the head is still its parent; also decides a race of two writers."""
        head = {"number": version.number, "hash": version.hash, "retired": False}
        if version.parent is None:
            first = _HEADS.of(self._connection, replace=False)
            return first.run(self._connection, {"kind": version.kind, "name": version.name} | head) == 1
        still = (*_is(version.kind, version.name), _h.hash == version.parent)
        return self._connection.execute(update(tables.definition_heads).where(*still).values(head)).rowcount == 1


class SettingsRepository:
    """Small texts by key: what a process must remember and no noun holds (the anchor of the demo's clock)."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, key: str) -> str | None:
        found: str | None = _SETTING.value(self._connection, {"wanted": key})
        return found

    def put(self, key: str, value: str) -> None:
        _SETTINGS.of(self._connection, replace=True).run(self._connection, {"key": key, "value": value})


class SiteRepository:
    def __init__(self, connection: Connection) -> None:
        self._settings = SettingsRepository(connection)

    def mode(self) -> Mode | None:
        mode = self._settings.get("site.mode")
        return None if mode is None else Mode(mode)

    def set_mode(self, mode: Mode) -> None:
        self._settings.put("site.mode", mode.value)


def _is(kind: Kind, name: str) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return _h.kind == kind, _h.name == name

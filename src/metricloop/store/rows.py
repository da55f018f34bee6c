"""Rows <-> nouns: one mapper for every table whose columns are named like the fields of a frozen dataclass.

Knows no domain rule. Statements are built once per table, so that running one costs little beside the database.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from functools import cached_property
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from sqlalchemy import Connection, Select, Table, Update, bindparam, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql.dml import Insert

from metricloop.kernel.errors import Bug

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

    N = TypeVar("N", bound=DataclassInstance)
else:
    N = TypeVar("N")


class Upserts:
    """The two kinds of insert that both databases know but SQLAlchemy spells per dialect."""

    def __init__(self, table: Table) -> None:
        self.table = table
        self._keys = [column.name for column in table.primary_key]
        self._made: dict[tuple[str, bool], Insert] = {}

    def of(self, connection: Connection, *, replace: bool) -> Insert:
        """INSERT that replaces the row with the same primary key, or leaves any row with an equal key as it is."""
        kind = (connection.dialect.name, replace)
        if kind not in self._made:
            self._made[kind] = self._make(*kind)
        return self._made[kind]

    def _make(self, dialect: str, replace: bool) -> Insert:
        insert = postgresql.insert(self.table) if dialect == "postgresql" else sqlite.insert(self.table)
        # Nothing comes back but how many rows there were: no RETURNING for a sequence nobody asks for.
        insert = insert.inline().execution_options(preserve_rowcount=True)
        rest = [column.name for column in self.table.c if column.name not in self._keys]
        if not replace:
            return insert.on_conflict_do_nothing()
        return insert.on_conflict_do_update(
            index_elements=self._keys, set_={name: insert.excluded[name] for name in rest}
        )


class Rows(Generic[N]):
    """The rows of one table as nouns of one class. Columns without a field (a sequence, a flag) stay in the store."""

    def __init__(self, table: Table, noun: type[N]) -> None:
        self.table = table
        self.noun: Callable[..., N] = noun
        self._names = tuple(field.name for field in dataclasses.fields(noun))
        missing = [name for name in self._names if name not in table.c]
        if missing:
            raise Bug(f"table {table.name} has no column for {', '.join(missing)} of {noun.__name__}")
        self._values = attrgetter(*self._names)
        self._upserts = Upserts(table)
        self._keys = tuple(column.name for column in table.primary_key if column.name in self._names)
        self.query: Select[Any] = select(*(table.c[name] for name in self._names))

    def values(self, noun: N) -> dict[str, Any]:
        """Column name -> value, as the column types take it."""
        return dict(zip(self._names, self._values(noun), strict=True))

    @cached_property
    def _by_key(self) -> Select[Any]:
        return self.query.where(*(self.table.c[name] == bindparam(f"key_{name}") for name in self._keys))

    def get(self, connection: Connection, *key: object) -> N | None:
        """The noun with this primary key (in the order of the table's key columns)."""
        wanted = {f"key_{name}": value for name, value in zip(self._keys, key, strict=True)}
        row = connection.execute(self._by_key, wanted).first()
        return None if row is None else self.noun(*row)

    def first(self, connection: Connection, query: Select[Any], given: Mapping[str, object] | None = None) -> N | None:
        row = connection.execute(query, given or {}).first()
        return None if row is None else self.noun(*row)

    def all(
        self, connection: Connection, query: Select[Any], given: Mapping[str, object] | None = None
    ) -> tuple[N, ...]:
        return tuple(self.noun(*row) for row in connection.execute(query, given or {}))

    def add(self, connection: Connection, noun: N) -> bool:
        """False, and nothing changed, when a row with an equal key (primary or unique) is there already."""
        return connection.execute(self._upserts.of(connection, replace=False), self.values(noun)).rowcount == 1

    def put(self, connection: Connection, noun: N) -> None:
        """Insert, or replace the row with the same primary key."""
        connection.execute(self._upserts.of(connection, replace=True), self.values(noun))

    def replace(self, connection: Connection, noun: N) -> bool:
        """Replace the row with the same primary key; False when there is none."""
        return connection.execute(self._replacement, self._with_key(noun)).rowcount == 1

    def swap(self, connection: Connection, noun: N, counter: str) -> N | None:
        """Compare-and-set: replace the row if its `counter` is the noun's, and give back the noun with the next one.

        None, and nothing changed, when the row has moved on or is not there.
        """
        old = getattr(noun, counter)
        moved = dataclasses.replace(noun, **{counter: old + 1})
        statement = self._replacement.where(self.table.c[counter] == bindparam("old_counter"))
        hit = connection.execute(statement, self._with_key(moved) | {"old_counter": old}).rowcount
        return moved if hit == 1 else None

    @cached_property
    def _replacement(self) -> Update:
        where = [self.table.c[name] == bindparam(f"key_{name}") for name in self._keys]
        return update(self.table).where(*where)

    def _with_key(self, noun: N) -> dict[str, Any]:
        values = self.values(noun)
        return values | {f"key_{name}": values[name] for name in self._keys}

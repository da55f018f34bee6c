"""Rows <-> nouns: one mapper for every table whose columns are named like the fields of a frozen dataclass.

Knows no domain rule. Statements are built once per table, so that running one costs little beside the database.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from functools import cached_property
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from sqlalchemy import Connection, Select, Table, bindparam, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql.dml import Insert

from metricloop.kernel.errors import Bug
from metricloop.store.statements import Statement

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

    N = TypeVar("N", bound=DataclassInstance)
else:
    N = TypeVar("N")


class Upserts:
    """The two kinds of insert that both databases know but SQLAlchemy spells per dialect."""

    def __init__(self, table: Table, columns: tuple[str, ...] | None = None) -> None:
        self.table = table
        self._columns = columns or tuple(column.name for column in table.c)
        self._keys = [column.name for column in table.primary_key]
        self._made: dict[tuple[str, bool], Statement] = {}

    def of(self, connection: Connection, *, replace: bool) -> Statement:
        """INSERT that replaces the row with the same primary key, or leaves any row with an equal key as it is."""
        kind = (connection.dialect.name, replace)
        if kind not in self._made:
            self._made[kind] = Statement(self._insert(*kind), self._columns)
        return self._made[kind]

    def _insert(self, dialect: str, replace: bool) -> Insert:
        insert = postgresql.insert(self.table) if dialect == "postgresql" else sqlite.insert(self.table)
        insert = insert.inline()  # no RETURNING for a sequence nobody asks for
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
        self._upserts = Upserts(table, self._names)
        self._replacements: dict[str | None, Statement] = {}
        self._keys = tuple(column.name for column in table.primary_key if column.name in self._names)
        self.query: Select[Any] = select(*(table.c[name] for name in self._names))

    def values(self, noun: N) -> dict[str, Any]:
        """Column name -> value, as the column types take it."""
        return dict(zip(self._names, self._values(noun), strict=True))

    @cached_property
    def _by_key(self) -> Statement:
        return Statement(self.query.where(*(self.table.c[name] == bindparam(f"key_{name}") for name in self._keys)))

    def get(self, connection: Connection, *key: object) -> N | None:
        """The noun with this primary key (in the order of the table's key columns)."""
        wanted = {f"key_{name}": value for name, value in zip(self._keys, key, strict=True)}
        return self.first(connection, self._by_key, wanted)

    def first(self, connection: Connection, query: Statement, given: Mapping[str, object] | None = None) -> N | None:
        row = query.first(connection, given or {})
        return None if row is None else self.noun(*row)

    def all(
        self, connection: Connection, query: Statement | Select[Any], given: Mapping[str, object] | None = None
    ) -> tuple[N, ...]:
        """A query that always is the same is best given as a `Statement`; one that is made for the call cannot be."""
        rows = query.all(connection, given or {}) if isinstance(query, Statement) else connection.execute(query, given)
        return tuple(self.noun(*row) for row in rows)

    def add(self, connection: Connection, noun: N) -> bool:
        """False, and nothing changed, when a row with an equal key (primary or unique) is there already."""
        return self._upserts.of(connection, replace=False).run(connection, self.values(noun)) == 1

    def put(self, connection: Connection, noun: N) -> None:
        """Insert, or replace the row with the same primary key."""
        self._upserts.of(connection, replace=True).run(connection, self.values(noun))

    def replace(self, connection: Connection, noun: N) -> bool:
        """Replace the row with the same primary key; False when there is none."""
        return self._replacement().run(connection, self._with_key(noun)) == 1

    def swap(self, connection: Connection, noun: N, counter: str) -> N | None:
        """Compare-and-set: replace the row if its `counter` is the noun's, and give back the noun with the next one.

        None, and nothing changed, when the row has moved on or is not there.
        """
        old = getattr(noun, counter)
        moved = dataclasses.replace(noun, **{counter: old + 1})
        hit = self._replacement(counter).run(connection, self._with_key(moved) | {"old_counter": old})
        return moved if hit == 1 else None

    def _replacement(self, counter: str | None = None) -> Statement:
        if counter not in self._replacements:
            where = [self.table.c[name] == bindparam(f"key_{name}") for name in self._keys]
            if counter is not None:
                where.append(self.table.c[counter] == bindparam("old_counter"))
            self._replacements[counter] = Statement(update(self.table).where(*where), self._names)
        return self._replacements[counter]

    def _with_key(self, noun: N) -> dict[str, Any]:
        values = self.values(noun)
        return values | {f"key_{name}": values[name] for name in self._keys}

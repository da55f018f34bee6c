"""Statements that run all the time, on the shortest way to the database.

SQLAlchemy writes the text and knows how each value lies in the database; it does so once per statement and kind of
database. Running a statement then is one call of the driver: SQLAlchemy's own way there costs many times what SQLite
needs for a row. Knows no table and no noun.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Delete, Dialect, Insert, Select, Update
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.schema import ScalarElementColumnDefault

from metricloop.kernel.errors import Bug

Given = Mapping[str, object]
_Convert = Callable[[Any], Any]
_NOTHING: Given = {}
_NO_CONSTANT = object()
_FLOAT8 = 701  # PostgreSQL's code of a double: only numbers with fractions ask for a code, and all of ours are doubles


@dataclass(frozen=True, slots=True)
class _Parameter:
    """key: as the caller gives it; name: as the text has it. constant: its value where the caller need not give one."""

    key: str
    name: str
    constant: object
    write: _Convert | None

    def of(self, given: Given) -> object:
        value = given[self.key] if self.constant is _NO_CONSTANT else given.get(self.key, self.constant)
        return value if self.write is None else self.write(value)


@dataclass(frozen=True, slots=True)
class _Compiled:
    """parameters: in the order of the text where it has places instead of names. read: of the columns that need it."""

    text: str
    by_place: bool
    parameters: tuple[_Parameter, ...]
    read: tuple[tuple[int, _Convert], ...]

    def filled(self, given: Given) -> Any:
        values = [p.of(given) for p in self.parameters]
        return values if self.by_place else {p.name: v for p, v in zip(self.parameters, values, strict=True)}

    def converted(self, rows: list[Any]) -> list[Any]:
        if not self.read:
            return rows
        found = []
        for row in rows:
            values = list(row)
            for at, read in self.read:
                values[at] = read(values[at])
            found.append(values)
        return found


class Statement:
    """A statement whose text never changes; only the values bound to it do. Not for `IN` over lists.

    columns: of an insert, which ones the caller gives. Threads may share it: compiling twice makes the same thing.
    Errors are the store's own, as `failures.explain` makes them.
    """

    def __init__(self, core: Select[Any] | Insert | Update | Delete, columns: Iterable[str] | None = None) -> None:
        self._core = core
        self._columns = None if columns is None else list(columns)
        self._compiled: dict[str, _Compiled] = {}

    def all(self, connection: Connection, given: Given = _NOTHING) -> list[Any]:
        """Every row, each a sequence of values."""
        compiled = self._for(connection)
        driver: Any = connection.connection.driver_connection
        try:
            rows = driver.execute(compiled.text, compiled.filled(given)).fetchall()
        except Exception as error:
            raise explained(connection, error) from error
        return compiled.converted(rows)

    def first(self, connection: Connection, given: Given = _NOTHING) -> Any | None:
        """The first row; the statement says itself that it wants one."""
        rows = self.all(connection, given)
        return rows[0] if rows else None

    def value(self, connection: Connection, given: Given = _NOTHING) -> Any | None:
        """The first value of the first row; None without a row."""
        row = self.first(connection, given)
        return None if row is None else row[0]

    def run(self, connection: Connection, given: Given = _NOTHING) -> int:
        """How many rows it has written or removed."""
        compiled = self._for(connection)
        driver: Any = connection.connection.driver_connection
        try:
            return int(driver.execute(compiled.text, compiled.filled(given)).rowcount)
        except Exception as error:
            raise explained(connection, error) from error

    def run_many(self, connection: Connection, rows: Sequence[Given]) -> None:
        if len(rows) == 1:
            self.run(connection, rows[0])
            return
        compiled = self._for(connection)
        driver: Any = connection.connection.driver_connection
        try:
            driver.cursor().executemany(compiled.text, [compiled.filled(row) for row in rows])
        except Exception as error:
            raise explained(connection, error) from error

    def _for(self, connection: Connection) -> _Compiled:
        dialect = connection.dialect
        found = self._compiled.get(dialect.name)
        if found is None:
            found = self._compiled[dialect.name] = self._compile(dialect)
        return found

    def _compile(self, dialect: Dialect) -> _Compiled:
        core = self._core.compile(dialect=dialect, column_keys=self._columns)
        if not isinstance(core, SQLCompiler) or core.post_compile_params or core.literal_execute_params:
            raise Bug(f"a statement whose text depends on its values cannot be prepared: {core}")
        names = core.positiontup if core.positional else dict.fromkeys(core.bind_names.values())
        parameters = tuple(_parameter(core, name, dialect) for name in names or ())
        columns = self._core.selected_columns if isinstance(self._core, Select) else ()
        reads = [_read(column.type, dialect) for column in columns]
        read = tuple((at, convert) for at, convert in enumerate(reads) if convert is not None)
        return _Compiled(core.string, core.positional, parameters, read)


def explained(connection: Connection, error: Exception) -> Exception:
    """`error` as the store tells it; `transactions` has put the teller into the connection."""
    explain: Callable[[Exception], Exception] = connection.info["explain"]
    return explain(error)


def _parameter(core: SQLCompiler, name: str, dialect: Dialect) -> _Parameter:
    bind = core.binds[name]
    defaults = {c.key: c.default.arg for c in core.insert_prefetch if isinstance(c.default, ScalarElementColumnDefault)}
    constant = defaults.get(bind.key, _NO_CONSTANT if bind.required else bind.value)
    write = bind.type.dialect_impl(dialect).bind_processor(dialect)
    return _Parameter(bind.key, name, constant, write)


def _read(type_: Any, dialect: Dialect) -> _Convert | None:
    found: _Convert | None = type_.dialect_impl(dialect).result_processor(dialect, _FLOAT8)
    return found

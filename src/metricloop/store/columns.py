"""Column types: how the values of nouns lie in SQLite and PostgreSQL, and come back equal on both.

Text is compared byte by byte on both databases, so that an order is the same everywhere. None is NULL.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from enum import StrEnum
from functools import cached_property
from typing import Any

from pydantic import ConfigDict, TypeAdapter
from sqlalchemy import CheckConstraint, Dialect, Double, MetaData, String, Text, types
from sqlalchemy.dialects import postgresql
from sqlalchemy.types import TypeDecorator, TypeEngine, UserDefinedType

from metricloop.kernel.clock import utc
from metricloop.kernel.slices import Slice

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

Words = Text().with_variant(postgresql.TEXT(collation="C"), "postgresql")
Blob = types.LargeBinary()
Number = types.BigInteger()
Flag = types.Boolean(create_constraint=False)
Counter = types.BigInteger().with_variant(types.Integer(), "sqlite")  # SQLite numbers rows by itself for INTEGER only


class UtcTime(TypeDecorator[datetime]):
    """An instant. SQLite: text of one width (`2013-04-16T12:00:00.000000Z`), so that text order is time order."""

    impl = String(27)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        if dialect.name == "postgresql":
            return postgresql.TIMESTAMP(timezone=True, precision=6)
        return String(27)

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        if value is None:
            return None
        at = value if value.tzinfo is UTC else utc(value)
        return at if dialect.name == "postgresql" else at.isoformat(timespec="microseconds")[:26] + "Z"

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        at: datetime = value if dialect.name == "postgresql" else datetime.fromisoformat(value)
        return at if at.tzinfo is UTC else at.astimezone(UTC)


class _DoubleAsGiven(UserDefinedType[Any]):
    """SQLite's DOUBLE, without SQLAlchemy's conversion of what is bound to a float."""

    cache_ok = True

    def get_col_spec(self, **_: Any) -> str:
        return "DOUBLE"


class Real(TypeDecorator[float]):
    """A float64. SQLite turns NaN into NULL, which means something else; there it is kept as the text `nan`."""

    impl = Double()
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return _DoubleAsGiven() if dialect.name == "sqlite" else Double()

    def process_bind_param(self, value: float | None, dialect: Dialect) -> Any:
        if value is None:
            return None
        return "nan" if value != value and dialect.name == "sqlite" else float(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> float | None:
        return None if value is None else float(value)


class Choice(TypeDecorator[StrEnum]):
    """A member of an enum, by its value. `one_of` adds the constraint where an illegal value must be impossible."""

    impl = Text()
    cache_ok = True

    def __init__(self, choices: type[StrEnum]) -> None:
        super().__init__()
        self.choices = choices

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return _words_of(dialect)

    def process_bind_param(self, value: StrEnum | None, dialect: Dialect) -> str | None:
        return None if value is None else str(self.choices(value).value)

    def process_result_value(self, value: Any, dialect: Dialect) -> StrEnum | None:
        return None if value is None else self.choices(value)


class SliceKey(TypeDecorator[Slice]):
    """A slice by its key: `carrier=AA&origin=JFK`; the total is the empty text."""

    impl = Text()
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return _words_of(dialect)

    def process_bind_param(self, value: Slice | None, dialect: Dialect) -> str | None:
        return None if value is None else value.key

    def process_result_value(self, value: Any, dialect: Dialect) -> Slice | None:
        return None if value is None else Slice.parse(value)


class _JsonAsWritten(UserDefinedType[str]):
    """PostgreSQL's `json`: checked by the server, kept character by character (`jsonb` would reorder keys).

    Not SQLAlchemy's own: that one writes with Python's json, which knows no nouns.
    """

    cache_ok = True

    def get_col_spec(self, **_: Any) -> str:
        return "JSON"


class Json(TypeDecorator[Any]):
    """A nested part of a noun, of the given Python type, as JSON text.

    Round-trips exactly, except where the type says nothing (`Any`): there only plain JSON values do, so a tuple comes
    back as a list and a NaN as the text "NaN".
    """

    impl = Text()
    cache_ok = True

    def __init__(self, noun: Any) -> None:
        super().__init__()
        self.noun = noun

    @cached_property
    def _adapter(self) -> TypeAdapter[Any]:
        # The union lets the configuration reach a plain dataclass, which would otherwise write NaN as null.
        return TypeAdapter(self.noun | None, config=ConfigDict(ser_json_inf_nan="strings"))

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return _JsonAsWritten() if dialect.name == "postgresql" else Text()

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        return None if value is None else self._adapter.dump_json(value).decode()

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:
        if value is None:
            return None
        # psycopg has parsed it already; SQLite gives the text.
        return self._adapter.validate_json(value) if isinstance(value, str) else self._adapter.validate_python(value)


def _words_of(dialect: Dialect) -> TypeEngine[Any]:
    return postgresql.TEXT(collation="C") if dialect.name == "postgresql" else Text()


def one_of(column: str, choices: Iterable[StrEnum]) -> CheckConstraint:
    """A constraint that the column holds one of these values."""
    values = ", ".join(f"'{choice.value}'" for choice in choices)
    return CheckConstraint(f"{column} IN ({values})", name=column)

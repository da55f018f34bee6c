"""From a reading to the SQL of its source, as a syntax tree and never as pasted text.

Every engine gets the same plan: UTC hours, additive components, one group per slice. Nothing is divided in the source.
Naive times in a source are taken as UTC; a session's time zone must be UTC (source plugins see to it).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from operator import attrgetter

from sqlglot import exp

from metricloop.collect.expressions import parse_expression, parse_filter
from metricloop.collect.model import Reading, Row
from metricloop.define.dataset import Agg, Dataset, Measure
from metricloop.kernel.clock import utc
from metricloop.kernel.errors import InvalidInput, SourceFailed

NONE = "(none)"  # how a NULL dimension value is called
DIALECTS = ("duckdb", "sqlite", "postgres", "mysql", "clickhouse")
_WITH_FILTER = frozenset({"duckdb", "sqlite", "postgres"})  # aggregate FILTER is quicker there than CASE
_MINUTES = "%Y-%m-%d %H:%M:%S"


def compile_reading(reading: Reading, dialect: str) -> str:
    """One SELECT: bucket, the dimensions of `reading.by`, the measures, in this order.

    The window is half open and whole hours. Asks for one row more than `reading.limit`, so that `rows_of` can tell an
    overflow. Raises InvalidInput when a measure or dimension is unknown or its SQL is not allowed.
    """
    if dialect not in DIALECTS:
        raise InvalidInput(f"no SQL dialect {dialect!r}", fix=f"known: {', '.join(DIALECTS)}")
    keys = [_bucket(reading.dataset, dialect), *(_dimension(reading, name, dialect) for name in reading.by)]
    values = [_measure(reading.dataset, name, dialect) for name in reading.measures]
    names = ["bucket", *(f"d{i}" for i in range(len(reading.by))), *(f"m{i}" for i in range(len(values)))]
    columns = [exp.alias_(tree, name, quoted=True) for tree, name in zip([*keys, *values], names, strict=True)]
    places = [exp.Literal.number(i + 1) for i in range(len(keys))]
    query = (
        exp.select(*columns)
        .from_(_table(reading.dataset))
        .where(_time(reading.dataset, dialect) >= _instant(reading.start, dialect))
        .where(_time(reading.dataset, dialect) < _instant(reading.end, dialect))
        .group_by(*places)
        .order_by(*(exp.Ordered(this=place.copy(), nulls_first=True) for place in places))
        .limit(reading.limit + 1)
    )
    return query.sql(dialect=dialect)


def rows_of(reading: Reading, raw: Sequence[Sequence[object]]) -> list[Row]:
    """What a driver gave back, as rows in order of bucket, then dimension values by code point (engines collate
    differently). Raises SourceFailed, cutting nothing, when there are more than `reading.limit`.
    """
    if len(raw) > reading.limit:
        raise SourceFailed(
            f"more than {reading.limit} rows between {reading.start.isoformat()} and {reading.end.isoformat()}",
            retryable=False,
            where=where_of(reading.dataset),
            fix="drop a dimension with very many values, or read a shorter window",
        )
    width = 1 + len(reading.by)
    instants: dict[object, datetime] = {}  # many rows share an hour, and reading a time is the dearest part of a row
    rows = []
    for r in raw:
        bucket = instants.get(r[0]) or instants.setdefault(r[0], _read_instant(r[0]))
        rows.append(Row(bucket, tuple(map(str, r[1:width])), tuple(map(_read_number, r[width:]))))
    rows.sort(key=attrgetter("bucket", "values"))
    return rows


def where_of(dataset: Dataset) -> str:
    return f"dataset {dataset.name} (source {dataset.source}, table {dataset.table})"


def _bucket(dataset: Dataset, dialect: str) -> exp.Expr:
    column = _column(dataset.time_column)
    if dialect == "sqlite":
        return exp.func("STRFTIME", exp.Literal.string("%Y-%m-%d %H:00:00"), column, dialect="sqlite")
    if dialect == "mysql":
        return exp.Anonymous(this="DATE_FORMAT", expressions=[column, exp.Literal.string("%Y-%m-%d %H:00:00")])
    # The cast makes it a naive UTC time in both engines, whether the column has a zone or not.
    return exp.cast(exp.func("DATE_TRUNC", exp.Literal.string("hour"), column, dialect=dialect), "timestamp")


def _time(dataset: Dataset, dialect: str) -> exp.Condition:
    column = _column(dataset.time_column)
    # SQLite keeps times as text in several forms; only DATETIME() makes them comparable, at the price of an index.
    return exp.Anonymous(this="DATETIME", expressions=[column]) if dialect == "sqlite" else column


def _instant(at: datetime, dialect: str) -> exp.Expr:
    at = utc(at)
    if at.minute or at.second or at.microsecond:
        raise InvalidInput(f"{at.isoformat()} is not a whole hour", fix="read whole hours only")
    text = exp.Literal.string(at.strftime(_MINUTES))
    return text if dialect == "sqlite" else exp.cast(text, "timestamp")


def _dimension(reading: Reading, name: str, dialect: str) -> exp.Expr:
    if name not in reading.dataset.dimensions:
        known = ", ".join(reading.dataset.dimensions) or "none"
        raise InvalidInput(f"no dimension {name!r}", where=where_of(reading.dataset), fix=f"known: {known}")
    text = exp.cast(_column(name), "char" if dialect == "mysql" else "text")
    return exp.Coalesce(this=text, expressions=[exp.Literal.string(NONE)])


def _measure(dataset: Dataset, name: str, dialect: str) -> exp.Expr:
    measure = dataset.measure(name)
    if measure is None:
        known = ", ".join(m.name for m in dataset.measures) or "none"
        raise InvalidInput(f"no measure {name!r}", where=where_of(dataset), fix=f"known: {known}")
    where = f"dataset {dataset.name}, measure {name}"
    kept = parse_filter(measure.filter, f"{where}, filter") if measure.filter else None
    value = None if counts_rows(measure) else parse_expression(measure.expr, f"{where}, expr")
    if kept is not None and dialect not in _WITH_FILTER:
        value, kept = exp.Case().when(kept, value or exp.Literal.number(1)), None
    total = _aggregate(measure.agg, value)
    if kept is not None:
        total = exp.Filter(this=total, expression=exp.Where(this=kept))
    if measure.agg is Agg.SUM:
        return exp.Coalesce(this=total, expressions=[exp.Literal.number(0)])
    return total


def counts_rows(measure: Measure) -> bool:
    """True for COUNT(*); otherwise the expression's non-null values are counted or summed."""
    return measure.agg is Agg.COUNT and measure.expr.strip() in ("1", "*")


def _aggregate(agg: Agg, value: exp.Expr | None) -> exp.Expr:
    if agg is Agg.COUNT:
        return exp.Count(this=value or exp.Star())
    return exp.Sum(this=value or exp.Literal.number(1))


def _table(dataset: Dataset) -> exp.Table:
    parts = dataset.table.split(".")
    if not all(parts) or len(parts) > 3:
        raise InvalidInput(
            f"{dataset.table!r} is not a table name", where=f"dataset {dataset.name}", fix="write table or schema.table"
        )
    names = [exp.to_identifier(part, quoted=True) for part in reversed(parts)]
    return exp.Table(**dict(zip(("this", "db", "catalog"), names, strict=False)))


def _column(name: str) -> exp.Column:
    return exp.column(exp.to_identifier(name, quoted=True))


def _read_instant(value: object) -> datetime:
    try:
        at = datetime.fromisoformat(value) if isinstance(value, str) else value
    except ValueError:
        at = None
    if not isinstance(at, datetime):
        raise SourceFailed(
            f"the time bucket came back as {value!r}", retryable=False, fix="make the time column a timestamp"
        )
    return at.replace(tzinfo=UTC) if at.tzinfo is None else utc(at)


def _read_number(value: object) -> float:
    if value is None:
        return 0.0
    if isinstance(value, int | float):
        return float(value)
    try:
        return float(str(value))
    except ValueError as error:
        raise SourceFailed(
            f"a measure came back as {value!r}", retryable=False, fix="sum numbers only; check the column's type"
        ) from error

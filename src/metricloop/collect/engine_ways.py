"""How engines call what others call differently, from trees to a tree. `dialects` says which engine does which."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from sqlglot import exp

from metricloop.collect.text_matches import as_bytes
from metricloop.collect.tree_parts import Tree, call, number, string

ANCHOR = datetime.fromisoformat("1900-01-01 00:00:00")  # a naive time, where engines that count hours begin to count
PercentileRule = Callable[[Tree, float], Tree]
_FORMAT = "%Y-%m-%d %H:%M:%S"


def late(time: Tree, minutes: int) -> Tree:
    """The time, so many minutes earlier."""
    if not minutes:
        return time
    return exp.Sub(this=time, expression=exp.Interval(this=string(str(minutes)), unit=exp.var("MINUTE")))


def timestamp(at: datetime) -> Tree:
    return exp.cast(string(at.strftime(_FORMAT)), "timestamp", copy=False)


def plain_string(at: datetime) -> Tree:
    return string(at.strftime(_FORMAT))


def since(time: Tree, low: Tree) -> Sequence[Tree]:
    return (exp.GTE(this=time, expression=low),)


def until(time: Tree, high: Tree) -> Sequence[Tree]:
    return (exp.LT(this=time, expression=high),)


def latest(time: Tree) -> Tree:
    return exp.Max(this=time)


def equal(one: Tree, other: Tree) -> Sequence[Tree]:
    return (exp.EQ(this=one, expression=other),)


def equal_mysql(one: Tree, other: Tree) -> Sequence[Tree]:
    """Equal for the collation, which an index can tell, and then byte for byte."""
    return *equal(one, other), exp.EQ(this=as_bytes(one), expression=as_bytes(other))


def as_text(value: Tree) -> Tree:
    return exp.cast(value, "text", copy=False)


# The cast makes it a naive UTC time, whether the column has a zone or not.


def hour_truncated(time: Tree, minutes: int) -> Tree:
    return exp.cast(exp.TimestampTrunc(this=late(time, minutes), unit=exp.var("HOUR")), "timestamp")


def hour_sqlite(time: Tree, minutes: int) -> Tree:
    more = [string(f"-{minutes} minutes")] if minutes else []
    return call("STRFTIME", string("%Y-%m-%d %H:00:00"), time, *more)


def hour_mysql(time: Tree, minutes: int) -> Tree:
    """Grouping by a number takes half the time of grouping by DATE_FORMAT."""
    anchor = string(ANCHOR.replace(minute=minutes).strftime(_FORMAT))
    return call("TIMESTAMPDIFF", exp.var("HOUR"), anchor, time)


def hour_clickhouse(time: Tree, minutes: int) -> Tree:
    return call("toStartOfHour", late(call("toDateTime", time, string("UTC")), minutes))


def hour_trino(time: Tree, minutes: int) -> Tree:
    """In UTC before it is cut: a zone of half hours has other full hours."""
    in_utc = exp.AtTimeZone(this=exp.cast(time, "timestamptz", copy=False), zone=string("UTC"))
    return hour_truncated(exp.cast(in_utc, "timestamp", copy=False), minutes)


def hour_hive(time: Tree, minutes: int) -> Tree:
    """Hive's TRUNC knows no hours."""
    return call("DATE_FORMAT", late(time, minutes), string("yyyy-MM-dd HH:00:00"))


def hour_snowflake(time: Tree, minutes: int) -> Tree:
    in_utc = exp.cast(call("CONVERT_TIMEZONE", string("UTC"), time), "timestampntz", copy=False)
    return exp.TimestampTrunc(this=late(in_utc, minutes), unit=exp.var("HOUR"))


def hour_bigquery(time: Tree, minutes: int) -> Tree:
    """DATETIME and TIMESTAMP have functions of their own; both can become a DATETIME in UTC."""
    naive: Tree = exp.cast(time, "datetime", copy=False)
    if minutes:
        naive = call("DATETIME_SUB", naive, exp.Interval(this=number(minutes), unit=exp.var("MINUTE")))
    return call("DATETIME_TRUNC", naive, exp.var("HOUR"))


# SQLite keeps times as text in several forms; only DATETIME() makes them comparable. Any form begins with its date, so
# an index on the column can narrow it down to a day more on each side.


def since_sqlite(time: Tree, low: Tree) -> Sequence[Tree]:
    rough = exp.GTE(this=time, expression=call("DATE", low, string("-1 day")))
    return rough, exp.GTE(this=call("DATETIME", time.copy()), expression=low.copy())


def until_sqlite(time: Tree, high: Tree) -> Sequence[Tree]:
    rough = exp.LT(this=time, expression=call("DATE", high, string("+2 days")))
    return rough, exp.LT(this=call("DATETIME", time.copy()), expression=high.copy())


def text_clickhouse(value: Tree) -> Tree:
    return exp.cast(value, exp.DataType.build("Nullable(String)", dialect="clickhouse"))


# BigQuery: a literal becomes what the column is, a DATETIME or a TIMESTAMP; a column of literals does not.


def since_bigquery(time: Tree, low: Tree) -> Sequence[Tree]:
    return since(time, low) if isinstance(low, exp.Literal) else since(*datetimes(time, low))


def until_bigquery(time: Tree, high: Tree) -> Sequence[Tree]:
    return until(time, high) if isinstance(high, exp.Literal) else until(*datetimes(time, high))


def datetimes(one: Tree, other: Tree) -> tuple[Tree, Tree]:
    return exp.cast(one, "datetime", copy=False), exp.cast(other, "datetime", copy=False)


def instant_clickhouse(at: datetime) -> Tree:
    return call("toDateTime", string(at.strftime(_FORMAT)), string("UTC"))


def binary_collation(value: Tree) -> Tree:
    return exp.Collate(this=value, expression=exp.var("BINARY"))


def percentile_within(value: Tree, share: float) -> Tree:
    ordered = exp.Order(expressions=[exp.Ordered(this=exp.cast(value, "double", copy=False), nulls_first=False)])
    return exp.WithinGroup(this=exp.PercentileCont(this=number(share)), expression=ordered)


def percentile_by(name: str) -> PercentileRule:
    return lambda value, share: call(name, exp.cast(value, "double", copy=False), number(share))


def percentile_clickhouse(value: Tree, share: float) -> Tree:
    as_float = exp.cast(value, exp.DataType.build("Nullable(Float64)", dialect="clickhouse"))
    return exp.ParameterizedAgg(this="quantileExactInclusive", expressions=[number(share)], params=[as_float])


def sum_of(hashed: Callable[[Tree], Tree]) -> Callable[[Tree], Tree]:
    return lambda text: exp.Sum(this=hashed(text))


def wide(hashed: Callable[[Tree], Tree]) -> Callable[[Tree], Tree]:
    """Sums of 64 bit numbers overflow where they are 64 bit numbers too."""
    return sum_of(lambda text: exp.cast(hashed(text), "decimal(38, 0)", copy=False))


def calling(name: str, *more: Tree) -> Callable[[Tree], Tree]:
    return lambda text: call(name, text, *(one.copy() for one in more))


def sum_by(name: str, *more: Tree) -> Callable[[Tree], Tree]:
    """Adds up what the engine's function makes of a text."""
    return sum_of(calling(name, *more))


def wide_sum(name: str) -> Callable[[Tree], Tree]:
    return wide(calling(name))


def xxhash_trino(text: Tree) -> Tree:
    return call("FROM_BIG_ENDIAN_64", call("XXHASH64", call("TO_UTF8", text)))

"""What engines call the same things, one row each. Whatever is not here, sqlglot writes as the engine wants it.

All sessions are in UTC. A rule takes trees and gives a tree; it never copies text into SQL.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlglot import exp

from metricloop.collect.expressions import fitted
from metricloop.collect.text_matches import as_bytes, exact_matches
from metricloop.kernel.errors import InvalidInput

ANCHOR = datetime.fromisoformat("1900-01-01 00:00:00")  # a naive time, where engines that count hours begin to count
_FORMAT = "%Y-%m-%d %H:%M:%S"

Tree = exp.Expr
HourRule = Callable[[Tree, int], Tree]
BoundRule = Callable[[Tree, Tree], Sequence[Tree]]
PercentileRule = Callable[[Tree, float], Tree]


def _same(tree: Tree) -> Tree:
    return tree


@dataclass(frozen=True, slots=True)
class Dialect:
    """How one engine is asked, apart from what sqlglot knows. `name` is sqlglot's.

    hour(time, minutes): the naive full hour around a time, hours beginning `minutes` late (then not added again), as a
    time, a text, or hours since ANCHOR. instant: a naive time. since, until: conditions for low <= time and for
    time < high, the bare column among them, so that an index serves. latest: the greatest time. text: a value as text,
    byte for byte. equal: the keys of a join. exact: a value of which no two are taken for one by a collation.
    percentile: None where only window functions can do it. digest: adds up a hash of a text. fit: an author's tree, so
    that it means the same here. guards_numbers: the engine adds up text as zeros. filters: aggregates with FILTER are
    quicker than with CASE. by_place: GROUP BY 1 means the first column. folds_up: plain names are kept in capitals.
    """

    name: str
    hour: HourRule
    digest: Callable[[Tree], Tree]
    percentile: PercentileRule | None
    instant: Callable[[datetime], Tree]
    since: BoundRule
    until: BoundRule
    latest: Callable[[Tree], Tree]
    text: Callable[[Tree], Tree]
    equal: Callable[[Tree, Tree], Sequence[Tree]]
    exact: Callable[[Tree], Tree] = _same
    fit: Callable[[Tree], Tree] = _same
    filters: bool = False
    guards_numbers: bool = False
    by_place: bool = True
    folds_up: bool = False

    def within(self, time: Tree, low: Tree, high: Tree) -> Sequence[Tree]:
        """Conditions for low <= time < high."""
        return *self.since(time, low), *self.until(time.copy(), high)


def dialect_of(name: str) -> Dialect:
    """Raises InvalidInput on a dialect that is not known."""
    if name not in RULES:
        raise InvalidInput(f"no SQL dialect {name!r}", fix=f"known: {', '.join(RULES)}")
    return RULES[name]


def call(name: str, *arguments: Tree) -> exp.Anonymous:
    return exp.Anonymous(this=name, expressions=list(arguments))


def string(value: str) -> exp.Literal:
    return exp.Literal.string(value)


def number(value: int | float) -> Tree:
    return exp.Literal.number(value)


def _late(time: Tree, minutes: int) -> Tree:
    """The time, so many minutes earlier."""
    if not minutes:
        return time
    return exp.Sub(this=time, expression=exp.Interval(this=string(str(minutes)), unit=exp.var("MINUTE")))


def _timestamp(at: datetime) -> Tree:
    return exp.cast(string(at.strftime(_FORMAT)), "timestamp", copy=False)


def _plain_string(at: datetime) -> Tree:
    return string(at.strftime(_FORMAT))


def _since(time: Tree, low: Tree) -> Sequence[Tree]:
    return (exp.GTE(this=time, expression=low),)


def _until(time: Tree, high: Tree) -> Sequence[Tree]:
    return (exp.LT(this=time, expression=high),)


def _latest(time: Tree) -> Tree:
    return exp.Max(this=time)


def _equal(one: Tree, other: Tree) -> Sequence[Tree]:
    return (exp.EQ(this=one, expression=other),)


def _equal_mysql(one: Tree, other: Tree) -> Sequence[Tree]:
    """Equal for the collation, which an index can tell, and then byte for byte."""
    return *_equal(one, other), exp.EQ(this=as_bytes(one), expression=as_bytes(other))


def _as_text(value: Tree) -> Tree:
    return exp.cast(value, "text", copy=False)


# The cast makes it a naive UTC time, whether the column has a zone or not.


def _hour_truncated(time: Tree, minutes: int) -> Tree:
    return exp.cast(exp.TimestampTrunc(this=_late(time, minutes), unit=exp.var("HOUR")), "timestamp")


def _hour_sqlite(time: Tree, minutes: int) -> Tree:
    more = [string(f"-{minutes} minutes")] if minutes else []
    return call("STRFTIME", string("%Y-%m-%d %H:00:00"), time, *more)


def _hour_mysql(time: Tree, minutes: int) -> Tree:
    """Grouping by a number takes half the time of grouping by DATE_FORMAT."""
    anchor = string(ANCHOR.replace(minute=minutes).strftime(_FORMAT))
    return call("TIMESTAMPDIFF", exp.var("HOUR"), anchor, time)


def _hour_clickhouse(time: Tree, minutes: int) -> Tree:
    return call("toStartOfHour", _late(call("toDateTime", time, string("UTC")), minutes))


def _hour_trino(time: Tree, minutes: int) -> Tree:
    """In UTC before it is cut: a zone of half hours has other full hours."""
    in_utc = exp.AtTimeZone(this=exp.cast(time, "timestamptz", copy=False), zone=string("UTC"))
    return _hour_truncated(exp.cast(in_utc, "timestamp", copy=False), minutes)


def _hour_hive(time: Tree, minutes: int) -> Tree:
    """Hive's TRUNC knows no hours."""
    return call("DATE_FORMAT", _late(time, minutes), string("yyyy-MM-dd HH:00:00"))


def _hour_snowflake(time: Tree, minutes: int) -> Tree:
    in_utc = exp.cast(call("CONVERT_TIMEZONE", string("UTC"), time), "timestampntz", copy=False)
    return exp.TimestampTrunc(this=_late(in_utc, minutes), unit=exp.var("HOUR"))


def _hour_bigquery(time: Tree, minutes: int) -> Tree:
    """DATETIME and TIMESTAMP have functions of their own; both can become a DATETIME in UTC."""
    naive: Tree = exp.cast(time, "datetime", copy=False)
    if minutes:
        naive = call("DATETIME_SUB", naive, exp.Interval(this=number(minutes), unit=exp.var("MINUTE")))
    return call("DATETIME_TRUNC", naive, exp.var("HOUR"))


# SQLite keeps times as text in several forms; only DATETIME() makes them comparable. Any form begins with its date, so
# an index on the column can narrow it down to a day more on each side.


def _since_sqlite(time: Tree, low: Tree) -> Sequence[Tree]:
    rough = exp.GTE(this=time, expression=call("DATE", low, string("-1 day")))
    return rough, exp.GTE(this=call("DATETIME", time.copy()), expression=low.copy())


def _until_sqlite(time: Tree, high: Tree) -> Sequence[Tree]:
    rough = exp.LT(this=time, expression=call("DATE", high, string("+2 days")))
    return rough, exp.LT(this=call("DATETIME", time.copy()), expression=high.copy())


def _text_clickhouse(value: Tree) -> Tree:
    return exp.cast(value, exp.DataType.build("Nullable(String)", dialect="clickhouse"))


# BigQuery: a literal becomes what the column is, a DATETIME or a TIMESTAMP; a column of literals does not.


def _since_bigquery(time: Tree, low: Tree) -> Sequence[Tree]:
    return _since(time, low) if isinstance(low, exp.Literal) else _since(*_datetimes(time, low))


def _until_bigquery(time: Tree, high: Tree) -> Sequence[Tree]:
    return _until(time, high) if isinstance(high, exp.Literal) else _until(*_datetimes(time, high))


def _datetimes(one: Tree, other: Tree) -> tuple[Tree, Tree]:
    return exp.cast(one, "datetime", copy=False), exp.cast(other, "datetime", copy=False)


def _instant_clickhouse(at: datetime) -> Tree:
    return call("toDateTime", string(at.strftime(_FORMAT)), string("UTC"))


def _binary_collation(value: Tree) -> Tree:
    return exp.Collate(this=value, expression=exp.var("BINARY"))


def _percentile_within(value: Tree, share: float) -> Tree:
    ordered = exp.Order(expressions=[exp.Ordered(this=exp.cast(value, "double", copy=False), nulls_first=False)])
    return exp.WithinGroup(this=exp.PercentileCont(this=number(share)), expression=ordered)


def _percentile_by(name: str) -> PercentileRule:
    return lambda value, share: call(name, exp.cast(value, "double", copy=False), number(share))


def _percentile_clickhouse(value: Tree, share: float) -> Tree:
    as_float = exp.cast(value, exp.DataType.build("Nullable(Float64)", dialect="clickhouse"))
    return exp.ParameterizedAgg(this="quantileExactInclusive", expressions=[number(share)], params=[as_float])


def _sum_of(hashed: Callable[[Tree], Tree]) -> Callable[[Tree], Tree]:
    return lambda text: exp.Sum(this=hashed(text))


def _wide(hashed: Callable[[Tree], Tree]) -> Callable[[Tree], Tree]:
    """Sums of 64 bit numbers overflow where they are 64 bit numbers too."""
    return _sum_of(lambda text: exp.cast(hashed(text), "decimal(38, 0)", copy=False))


def _calling(name: str, *more: Tree) -> Callable[[Tree], Tree]:
    return lambda text: call(name, text, *(one.copy() for one in more))


_PLAIN = Dialect(
    name="",
    hour=_hour_truncated,
    digest=_sum_of(_calling("HASH")),
    percentile=_percentile_within,
    instant=_timestamp,
    since=_since,
    until=_until,
    latest=_latest,
    text=_as_text,
    equal=_equal,
)


def _xxhash_trino(text: Tree) -> Tree:
    return call("FROM_BIG_ENDIAN_64", call("XXHASH64", call("TO_UTF8", text)))


_ALL = (
    replace(
        _PLAIN,
        name="duckdb",
        percentile=_percentile_by("QUANTILE_CONT"),
        latest=lambda time: exp.cast(exp.Max(this=time), "timestamp", copy=False),  # or its driver wants pytz
        filters=True,
    ),
    replace(
        _PLAIN,
        name="sqlite",
        hour=_hour_sqlite,
        percentile=None,
        instant=_plain_string,
        since=_since_sqlite,
        until=_until_sqlite,
        latest=lambda time: exp.Max(this=call("DATETIME", time)),
        digest=_sum_of(_calling("metricloop_hash")),
        exact=_binary_collation,
        fit=lambda tree: exact_matches(fitted(tree, "sqlite"), "sqlite"),
        filters=True,
        guards_numbers=True,
    ),
    replace(_PLAIN, name="postgres", digest=_sum_of(_calling("HASHTEXTEXTENDED", number(0))), filters=True),
    replace(
        _PLAIN,
        name="mysql",
        hour=_hour_mysql,
        percentile=None,
        text=as_bytes,
        exact=as_bytes,
        equal=_equal_mysql,
        digest=_sum_of(_calling("CRC32")),
        fit=lambda tree: exact_matches(tree, "mysql"),
    ),
    replace(
        _PLAIN,
        name="clickhouse",
        hour=_hour_clickhouse,
        percentile=_percentile_clickhouse,
        instant=_instant_clickhouse,
        latest=lambda time: call("toDateTime", exp.Max(this=time), string("UTC")),
        text=_text_clickhouse,
        digest=_sum_of(_calling("cityHash64")),
    ),
    # From here on: generated, not run, until somebody runs the contract suite against one.
    replace(_PLAIN, name="trino", hour=_hour_trino, percentile=None, digest=_wide(_xxhash_trino)),
    replace(_PLAIN, name="doris", percentile=_percentile_by("PERCENTILE"), digest=_wide(_calling("MURMUR_HASH3_64"))),
    replace(
        _PLAIN, name="starrocks", percentile=_percentile_by("PERCENTILE_CONT"), digest=_wide(_calling("XX_HASH3_64"))
    ),
    replace(_PLAIN, name="spark", percentile=_percentile_by("PERCENTILE"), digest=_wide(_calling("XXHASH64"))),
    replace(_PLAIN, name="databricks", percentile=_percentile_by("PERCENTILE"), digest=_wide(_calling("XXHASH64"))),
    replace(_PLAIN, name="hive", hour=_hour_hive, percentile=None, digest=_wide(_calling("CRC32")), by_place=False),
    replace(_PLAIN, name="snowflake", hour=_hour_snowflake, digest=_wide(_calling("HASH")), folds_up=True),
    replace(
        _PLAIN,
        name="bigquery",
        hour=_hour_bigquery,
        percentile=None,
        instant=_plain_string,
        since=_since_bigquery,
        until=_until_bigquery,
        digest=_sum_of(lambda text: exp.cast(call("FARM_FINGERPRINT", text), "bignumeric", copy=False)),
    ),
    replace(_PLAIN, name="redshift", digest=_wide(_calling("FNV_HASH"))),
)
RULES: Mapping[str, Dialect] = {dialect.name: dialect for dialect in _ALL}
DIALECTS = tuple(RULES)
RUN = ("duckdb", "sqlite", "postgres", "mysql", "clickhouse")  # the contract suite was run against these

"""What engines call the same things, one row each. Whatever is not here, sqlglot writes as the engine wants it.

All sessions are in UTC. A rule takes trees and gives a tree; it never copies text into SQL.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlglot import exp

from metricloop.collect import engine_ways as ways
from metricloop.collect.engine_ways import PercentileRule
from metricloop.collect.expressions import fitted
from metricloop.collect.text_matches import as_bytes, exact_matches
from metricloop.collect.tree_parts import Tree, call, number, string
from metricloop.kernel.errors import InvalidInput

HourRule = Callable[[Tree, int], Tree]
BoundRule = Callable[[Tree, Tree], Sequence[Tree]]


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


_PLAIN = Dialect(
    name="",
    hour=ways.hour_truncated,
    digest=ways.sum_by("HASH"),
    percentile=ways.percentile_within,
    instant=ways.timestamp,
    since=ways.since,
    until=ways.until,
    latest=ways.latest,
    text=ways.as_text,
    equal=ways.equal,
)


_ALL = (
    replace(
        _PLAIN,
        name="duckdb",
        percentile=ways.percentile_by("QUANTILE_CONT"),
        latest=lambda time: exp.cast(exp.Max(this=time), "timestamp", copy=False),  # or its driver wants pytz
        filters=True,
    ),
    replace(
        _PLAIN,
        name="sqlite",
        hour=ways.hour_sqlite,
        percentile=None,
        instant=ways.plain_string,
        since=ways.since_sqlite,
        until=ways.until_sqlite,
        latest=lambda time: exp.Max(this=call("DATETIME", time)),
        digest=ways.sum_by("metricloop_hash"),
        exact=ways.binary_collation,
        fit=lambda tree: exact_matches(fitted(tree, "sqlite"), "sqlite"),
        filters=True,
        guards_numbers=True,
    ),
    replace(_PLAIN, name="postgres", digest=ways.sum_by("HASHTEXTEXTENDED", number(0)), filters=True),
    replace(
        _PLAIN,
        name="mysql",
        hour=ways.hour_mysql,
        percentile=None,
        text=as_bytes,
        exact=as_bytes,
        equal=ways.equal_mysql,
        digest=ways.sum_by("CRC32"),
        fit=lambda tree: exact_matches(tree, "mysql"),
    ),
    replace(
        _PLAIN,
        name="clickhouse",
        hour=ways.hour_clickhouse,
        percentile=ways.percentile_clickhouse,
        instant=ways.instant_clickhouse,
        latest=lambda time: call("toDateTime", exp.Max(this=time), string("UTC")),
        text=ways.text_clickhouse,
        digest=ways.sum_by("cityHash64"),
    ),
    # From here on: generated, not run, until somebody runs the contract suite against one.
    replace(_PLAIN, name="trino", hour=ways.hour_trino, percentile=None, digest=ways.wide(ways.xxhash_trino)),
    replace(
        _PLAIN,
        name="doris",
        percentile=ways.percentile_by("PERCENTILE"),
        digest=ways.wide_sum("MURMUR_HASH3_64"),
    ),
    replace(
        _PLAIN,
        name="starrocks",
        percentile=ways.percentile_by("PERCENTILE_CONT"),
        digest=ways.wide_sum("XX_HASH3_64"),
    ),
    replace(_PLAIN, name="spark", percentile=ways.percentile_by("PERCENTILE"), digest=ways.wide_sum("XXHASH64")),
    replace(
        _PLAIN,
        name="databricks",
        percentile=ways.percentile_by("PERCENTILE"),
        digest=ways.wide_sum("XXHASH64"),
    ),
    replace(
        _PLAIN,
        name="hive",
        hour=ways.hour_hive,
        percentile=None,
        digest=ways.wide_sum("CRC32"),
        by_place=False,
    ),
    replace(_PLAIN, name="snowflake", hour=ways.hour_snowflake, digest=ways.wide_sum("HASH"), folds_up=True),
    replace(
        _PLAIN,
        name="bigquery",
        hour=ways.hour_bigquery,
        percentile=None,
        instant=ways.plain_string,
        since=ways.since_bigquery,
        until=ways.until_bigquery,
        digest=ways.sum_of(lambda text: exp.cast(call("FARM_FINGERPRINT", text), "bignumeric", copy=False)),
    ),
    replace(_PLAIN, name="redshift", digest=ways.wide_sum("FNV_HASH")),
)
RULES: Mapping[str, Dialect] = {dialect.name: dialect for dialect in _ALL}
DIALECTS = tuple(RULES)
RUN = ("duckdb", "sqlite", "postgres", "mysql", "clickhouse")  # the contract suite was run against these

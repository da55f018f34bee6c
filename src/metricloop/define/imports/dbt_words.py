"""How dbt writes aggregates and filters."""

from __future__ import annotations

from typing import Any

from sqlglot import exp

from metricloop.define.dataset import Agg
from metricloop.define.imports.blocks import Block
from metricloop.define.imports.formulas import Aggregate, folded
from metricloop.define.imports.model import Unmapped

AGGS = {
    "sum": Agg.SUM, "min": Agg.MIN, "max": Agg.MAX, "count": Agg.COUNT, "count_distinct": Agg.COUNT_DISTINCT,
    "average": Agg.AVERAGE, "median": Agg.MEDIAN, "percentile": Agg.PERCENTILE, "sum_boolean": Agg.COUNT,
}  # fmt: skip


def filter_texts(value: Any) -> list[str]:
    """The conditions of a filter, however it is written: a text, a list, or where_filters of templates."""
    if value is None:
        return []
    if isinstance(value, str):
        return [value]
    if isinstance(value, list):
        return [text for one in value for text in filter_texts(one)]
    if isinstance(value, dict) and "where_sql_template" in value:
        return filter_texts(value["where_sql_template"])
    if isinstance(value, dict) and "where_filters" in value:
        return filter_texts(value["where_filters"])
    raise Unmapped("its filter is not written as dbt writes one", "")


def aggregate_written(agg: Agg, value: exp.Expr, one: Block, percentile: float | None) -> Aggregate:
    if one.word("agg") == "sum_boolean":
        return Aggregate(Agg.COUNT, None, value)
    if agg is Agg.COUNT and isinstance(value, exp.Literal | exp.Star):
        return Aggregate(Agg.COUNT, None)
    if agg is Agg.PERCENTILE and percentile == 0.5:
        return folded(Agg.MEDIAN, value)
    if agg is Agg.PERCENTILE and percentile is None:
        raise Unmapped("it does not say which percentile", "write agg_params: {percentile: 0.9}")
    return folded(agg, value, percentile)


def named_only(block: Block, key: str) -> Block | None:
    """`numerator: orders` is short for `numerator: {name: orders}`."""
    value = block.value.get(key)
    if not isinstance(value, str):
        return None
    return Block({"name": value}, block.file, block.report, key, f"{block.path}.{key}")

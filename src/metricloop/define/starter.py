"""The first definitions for a table nobody has described yet: its time column, step, dimensions and sensible metrics.

Pure rules over column types and a sample of rows. They propose, a person decides; each choice carries its reason. They
know common words in English and Chinese, but not what a column means: a wrong guess is one click away from right.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from metricloop.define.starter_columns import ColumnFacts, Look, look_at, name_of
from metricloop.kernel.grain import Grain
from metricloop.kernel.message import Message

MOST_DIMENSIONS = 6
MOST_METRICS = 8
_LATENESS = {Grain.HOUR: "1h", Grain.DAY: "8h", Grain.WEEK: "1d", Grain.MONTH: "2d"}
_STEPS = ((timedelta(hours=20), Grain.HOUR), (timedelta(days=5), Grain.DAY), (timedelta(days=25), Grain.WEEK))
_BAD = re.compile(
    r"cancel|refund|return|complain|delay|late|fail|error|defect|churn|loss|cost|退|投诉|取消|延误|失败|损|成本|超时|差评",
    re.I,
)
_GOOD = re.compile(
    r"sale|revenue|amount|gmv|order|profit|income|visit|user|buyer|paid|success|销|收入|金额|订单|利润|用户|访客|成交|完成|准时",
    re.I,
)
_MEAN = re.compile(
    r"price|rate|ratio|temp|duration|minutes|seconds|hours|score|rating|speed|level|discount|avg|mean|单价|率|均|时长|温|评分|折扣",
    re.I,
)
_ENTITY = re.compile(r"(user|customer|buyer|member|visitor|client|会员|用户|客户|买家)", re.I)
_TIME = re.compile(
    r"^(created_?at|order_?(date|time)|date(_?time)?|time(stamp)?|ts|day|dt|日期|时间|下单时间|创建时间)$", re.I
)


@dataclass(frozen=True, slots=True)
class Starter:
    """Bodies as they would be written to files, and why they are what they are; `issues` stand in the way.

    dataset is None when the table cannot be watched: it has no column that tells a time.
    """

    dataset: Mapping[str, Any] | None
    metrics: tuple[Mapping[str, Any], ...] = ()
    monitors: tuple[Mapping[str, Any], ...] = ()
    reasons: tuple[Message, ...] = ()


def starter_for(
    table: str,
    columns: Mapping[str, str],
    rows: Sequence[Mapping[str, object]],
    *,
    source: str,
    owner: str,
    zone: str,
) -> Starter:
    """Definitions for `table`. columns: name -> the source's type. rows: a sample in any order."""
    looks = [look_at(name, kind, [row.get(name) for row in rows]) for name, kind in columns.items()]
    time = _time_column(looks)
    if time is None:
        return Starter(None, reasons=(Message("starter.no_time", {"columns": ", ".join(columns)}),))
    grain = _grain(time)
    dimensions = _dimensions([one for one in looks if one is not time])
    numbers = [one for one in looks if one is not time and one.look is Look.NUMBER]
    one_a_step = _one_row_a_step(rows, time, grain, dimensions)
    dataset = {
        "name": name_of(table),
        "source": source,
        "table": table,
        "time_column": time.name,
        **({} if time.zoned else {"time_column_zone": zone}),
        "grain": grain.value,
        "lateness": _LATENESS[grain],
        "dimensions": [one.name for one in dimensions],
    }
    grains = [grain.value] if grain is not Grain.HOUR else ["hour", "day"]
    metrics = _metrics(name_of(table), grains, owner, looks, numbers, counting=not one_a_step)
    reasons = [
        Message("starter.time", {"column": time.name, "type": time.kind}),
        Message("starter.grain", {"grain": grain.value}),
        *(Message("starter.dimension", {"column": one.name, "values": one.distinct}) for one in dimensions),
        *([Message("starter.one_row_a_step", {"grain": grain.value})] if one_a_step else []),
    ]
    return Starter(dataset, tuple(metrics), tuple(_monitors(metrics, grain)), tuple(reasons))


def _time_column(looks: Sequence[ColumnFacts]) -> ColumnFacts | None:
    """The best column that tells a time: by its name, then by how much it varies, then the first."""
    found = [one for one in looks if one.look is Look.TIME]
    return max(found, key=lambda one: (bool(_TIME.match(one.name)), one.distinct), default=None)


def _grain(time: ColumnFacts) -> Grain:
    """Hours where times of day occur; else by the usual distance between two dates."""
    days = sorted({at.date() for at in time.times})
    if any((at.hour, at.minute, at.second) != (0, 0, 0) for at in time.times):
        return Grain.HOUR
    gaps = sorted(b - a for a, b in pairwise(days))
    if not gaps:
        return Grain.DAY
    usual = gaps[len(gaps) // 2]
    return next((grain for limit, grain in _STEPS[1:] if usual <= limit), Grain.MONTH)


def _dimensions(looks: Sequence[ColumnFacts]) -> list[ColumnFacts]:
    """Columns with few values that repeat; those that split most evenly come first."""
    found = [one for one in looks if one.look is Look.CATEGORY]
    return sorted(found, key=lambda one: (one.distinct > 50, one.distinct))[:MOST_DIMENSIONS]


def _one_row_a_step(
    rows: Sequence[Mapping[str, object]], time: ColumnFacts, grain: Grain, dimensions: Sequence[ColumnFacts]
) -> bool:
    """Whether the table is summed up already: at most one row for each step and combination. Then counting is idle."""
    keys = {(at, *(str(row.get(d.name)) for d in dimensions)) for at, row in zip(time.times, rows, strict=False)}
    return len(rows) > 10 and len(keys) == len(rows) and _regular(time.times, grain)


def _regular(times: Sequence[datetime], grain: Grain) -> bool:
    """Whether times stand on whole steps, and most steps between the first and the last are there."""
    if any(at.minute or at.second for at in times):
        return False
    length = {Grain.HOUR: 3600, Grain.DAY: 86400, Grain.WEEK: 604800, Grain.MONTH: 2629800}[grain]
    steps = {int(at.timestamp() // length) for at in times}
    return bool(steps) and len(steps) >= 0.6 * (max(steps) - min(steps) + 1)


def _metrics(
    table: str,
    grains: Sequence[str],
    owner: str,
    looks: Sequence[ColumnFacts],
    numbers: Sequence[ColumnFacts],
    *,
    counting: bool,
) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []

    def add(name: str, unit: str, direction: str, **words: Any) -> None:
        if any(one["name"] == name for one in found):
            return
        governance = {"owner": owner, "level": "L1" if not found else "L2", "unit": unit, "good_direction": direction}
        body = {"name": name, "type": "simple", "dataset": table, **words}
        found.append({**body, "grains": list(words.get("grains", grains)), "governance": governance})

    if counting:
        add(f"{table}_count", "count", _direction(table), agg="count")
    for one in numbers:
        if _MEAN.search(one.name):
            add(f"{name_of(one.name)}_average", "number", _direction(one.name), agg="average", expr=one.quoted)
        else:
            add(name_of(one.name), "number", _direction(one.name), agg="sum", expr=one.quoted)
    for one in looks:
        if one.look is Look.IDENTIFIER and _ENTITY.search(one.name):
            days = [grain for grain in grains if grain != "hour"] or ["day"]
            name = f"{name_of(one.name)}_distinct"
            add(name, "count", "up", agg="count_distinct", expr=one.quoted, grains=days)
        if one.look is Look.FLAG and counting:
            found.append(_share(table, grains, owner, one))
    return found[:MOST_METRICS]


def _share(table: str, grains: Sequence[str], owner: str, flag: ColumnFacts) -> dict[str, Any]:
    """The part of rows for which a yes/no column is yes."""
    return {
        "name": f"{name_of(flag.name)}_share",
        "type": "simple",
        "dataset": table,
        "agg": "average",
        "expr": f"case when {flag.yes} then 1 else 0 end",
        "grains": list(grains),
        "governance": {"owner": owner, "level": "L2", "unit": "ratio", "good_direction": _direction(flag.name)},
    }


def _direction(name: str) -> str:
    return "down" if _BAD.search(name) else "up" if _GOOD.search(name) else "none"


def _monitors(metrics: Sequence[Mapping[str, Any]], grain: Grain) -> list[dict[str, Any]]:
    """One for the first metric, where monitors can watch its step: few false alarms, the total first."""
    if not metrics or grain not in (Grain.HOUR, Grain.DAY):
        return []
    watched = "day" if "day" in metrics[0]["grains"] else metrics[0]["grains"][0]
    return [{"name": f"{metrics[0]['name']}_{watched}", "metric": metrics[0]["name"], "grain": watched, "slices": [""]}]

"""The first definitions for a table nobody has described yet: its time column, step, dimensions and sensible metrics.

Pure rules over column types and a sample of rows. They propose, a person decides; each choice carries its reason. They
know common words in English and Chinese, but not what a column means: a wrong guess is one click away from right.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

from metricloop.define.starter_columns import ColumnFacts, Look, free_name, look_at, name_of, nulls_in, plain_names
from metricloop.define.starter_guesses import is_clock, is_money
from metricloop.define.starter_metrics import Proposal, metrics_of, monitors_of
from metricloop.define.starter_times import ISO
from metricloop.kernel.grain import Grain
from metricloop.kernel.message import Message

MOST_DIMENSIONS = 6
_LATENESS = {Grain.HOUR: "1h", Grain.DAY: "8h", Grain.WEEK: "1d", Grain.MONTH: "2d"}
_LENGTHS = {Grain.HOUR: 3600, Grain.DAY: 86400, Grain.WEEK: 604800, Grain.MONTH: 2629800}
_STEPS = ((timedelta(days=5), Grain.DAY), (timedelta(days=25), Grain.WEEK))


@dataclass(frozen=True, slots=True)
class Starter:
    """Bodies as they would be written to files, and why they are what they are.

    dataset is None when the table cannot be watched: it has no column that tells a time. times: columns that could be
    the time, the chosen one first. money: columns that look like amounts. naive: times carry no zone, so that one must
    be said.
    """

    dataset: Mapping[str, Any] | None
    metrics: tuple[Mapping[str, Any], ...] = ()
    monitors: tuple[Mapping[str, Any], ...] = ()
    reasons: tuple[Message, ...] = ()
    times: tuple[str, ...] = ()
    money: tuple[str, ...] = ()
    naive: bool = False


@dataclass(frozen=True, slots=True)
class Spelling:
    """How texts of a file are to be understood, as options of its table: times by format, numbers that carry signs,
    names that no expression may hold, and what stands for no value.
    """

    types: Mapping[str, str] = field(default_factory=dict)
    times: Mapping[str, str] = field(default_factory=dict)
    numbers: tuple[str, ...] = ()
    names: Mapping[str, str] = field(default_factory=dict)
    null_values: tuple[str, ...] = ()


def spelling_of(columns: Mapping[str, str], rows: Sequence[Mapping[str, object]]) -> Spelling:
    """What a file's reader must be told so that times come as times and numbers as numbers."""
    nulls = {name: nulls_in(kind, [row.get(name) for row in rows]) for name, kind in columns.items()}
    known = [{name: None if str(cell).strip() in nulls[name] else cell for name, cell in row.items()} for row in rows]
    looks = _looks(columns, known)
    written = {one.name: one.written for one in looks if one.look is Look.TIME and one.written}
    return Spelling(
        types={name: "TIMESTAMP" for name, form in written.items() if form == ISO},
        times={name: form for name, form in written.items() if form != ISO},
        numbers=tuple(one.name for one in looks if one.written == "number"),
        names=plain_names(list(columns)),
        null_values=tuple(sorted({"", *(word for words in nulls.values() for word in words)}))
        if any(nulls.values())
        else (),
    )


def starter_for(
    table: str,
    columns: Mapping[str, str],
    rows: Sequence[Mapping[str, object]],
    *,
    source: str,
    owner: str,
    zone: str,
    time: str | None = None,
    currency: str | None = None,
    taken: Collection[str] = (),
) -> Starter:
    """Definitions for `table`. columns: name -> the source's type. rows: a sample in any order.

    time: the column that a person chose. currency: of amounts, such as CNY. taken: names of datasets and metrics that
    there are already.
    """
    looks = _looks(columns, rows)
    found = _times(looks)
    chosen = next((one for one in found if one.name == time), found[0] if found and time is None else None)
    if chosen is None:
        return Starter(None, reasons=_no_time(looks, columns, time), times=tuple(one.name for one in found))
    own = free_name(name_of(table), taken)
    grain = _grain(chosen)
    dimensions = _dimensions([one for one in looks if one is not chosen])
    ready = _one_row_a_step(rows, chosen, grain, dimensions)
    proposal = Proposal(own, _grains(grain), owner, currency, taken)
    metrics_of(proposal, [one for one in looks if one is not chosen], counting=None if ready else name_of(table))
    monitors, watching = monitors_of(proposal.metrics, grain)
    return Starter(
        _dataset(own, source, table, chosen, grain, zone, dimensions),
        tuple(proposal.metrics),
        tuple(monitors),
        (*_reasons(chosen, grain, zone, dimensions, ready), *proposal.reasons, *watching, *_strays(looks, chosen)),
        times=tuple(dict.fromkeys([chosen.name, *(one.name for one in found)])),
        money=tuple(one.name for one in looks if one.look is Look.NUMBER and is_money(one.name)),
        naive=not chosen.zoned,
    )


def _looks(columns: Mapping[str, str], rows: Sequence[Mapping[str, object]]) -> list[ColumnFacts]:
    return [look_at(name, kind, [row.get(name) for row in rows]) for name, kind in columns.items()]


def _dataset(
    name: str,
    source: str,
    table: str,
    time: ColumnFacts,
    grain: Grain,
    zone: str,
    dimensions: Sequence[ColumnFacts],
) -> dict[str, Any]:
    return {
        "name": name,
        "source": source,
        "table": table,
        "time_column": time.name,
        **({} if time.zoned else {"time_column_zone": zone}),
        "timezone": zone,
        "grain": grain.value,
        "lateness": _LATENESS[grain],
        "dimensions": [one.name for one in dimensions],
    }


def _times(looks: Sequence[ColumnFacts]) -> list[ColumnFacts]:
    """Columns that tell a time, the best first: by its name, then by how much it varies."""
    found = [one for one in looks if one.look is Look.TIME]
    return sorted(found, key=lambda one: (is_clock(one.name), one.distinct), reverse=True)


def _no_time(looks: Sequence[ColumnFacts], columns: Mapping[str, str], asked: str | None) -> tuple[Message, ...]:
    strays = [one for one in looks if one.stray]
    wanted = next((one for one in looks if one.name == asked), None)
    if asked is not None and (wanted is None or not wanted.stray):
        return (Message("starter.not_a_time", {"column": asked, "columns": ", ".join(columns)}),)
    return (
        Message("starter.no_time", {"columns": ", ".join(columns)}),
        *(Message("starter.stray", {"column": one.name, "text": one.stray[:60]}) for one in strays),
    )


def _reasons(
    time: ColumnFacts, grain: Grain, zone: str, dimensions: Sequence[ColumnFacts], ready: bool
) -> list[Message]:
    return [
        Message("starter.time", {"column": time.name, "type": time.kind}),
        *([Message("starter.day_or_month", {"column": time.name})] if time.ambiguous else []),
        *([] if time.zoned else [Message("starter.zone", {"zone": zone})]),
        Message("starter.grain", {"grain": grain.value}),
        *([Message("starter.one_row_a_step", {"grain": grain.value})] if ready else []),
        *(Message("starter.dimension", {"column": one.name, "values": one.distinct}) for one in dimensions),
    ]


def _strays(looks: Sequence[ColumnFacts], time: ColumnFacts) -> list[Message]:
    """Columns that one value keeps from being numbers or times."""
    return [
        Message("starter.stray", {"column": one.name, "text": one.stray[:60]})
        for one in looks
        if one.stray and one is not time
    ]


def _grains(grain: Grain) -> list[str]:
    return ["hour", "day"] if grain is Grain.HOUR else [grain.value]


def _grain(time: ColumnFacts) -> Grain:
    """Hours where times of day occur; else by the usual distance between two dates."""
    days = sorted({at.date() for at in time.times})
    if any((at.hour, at.minute, at.second) != (0, 0, 0) for at in time.times):
        return Grain.HOUR
    gaps = sorted(b - a for a, b in pairwise(days))
    if not gaps:
        return Grain.DAY
    usual = gaps[len(gaps) // 2]
    return next((grain for limit, grain in _STEPS if usual <= limit), Grain.MONTH)


def _dimensions(looks: Sequence[ColumnFacts]) -> list[ColumnFacts]:
    """Columns with few values that repeat; those that split most evenly come first."""
    found = [one for one in looks if one.look is Look.CATEGORY]
    return sorted(found, key=lambda one: (one.distinct > 50, one.distinct))[:MOST_DIMENSIONS]


def _one_row_a_step(
    rows: Sequence[Mapping[str, object]], time: ColumnFacts, grain: Grain, dimensions: Sequence[ColumnFacts]
) -> bool:
    """Whether the table is summed up already: at most one row for each step and combination. Then counting is idle."""
    keys = {(at, *(str(row.get(d.name)) for d in dimensions)) for at, row in zip(time.times, rows, strict=False)}
    return len(rows) > 10 and len(keys) >= 0.98 * len(rows) and _regular(time.times, grain)


def _regular(times: Sequence[datetime], grain: Grain) -> bool:
    """Whether times stand on whole steps (or an even part of an hour), and most steps in between are there."""
    seconds = sorted({int(at.replace(tzinfo=UTC).timestamp()) for at in times})
    gaps = [b - a for a, b in pairwise(seconds)]
    if not gaps:
        return False
    usual = sorted(gaps)[len(gaps) // 2]
    if grain is Grain.HOUR and 3600 % usual and usual % 3600:
        return False
    step = usual if grain is Grain.HOUR else _LENGTHS[grain]
    steps = {at // step for at in seconds}
    even = sum(gap % usual <= 0.01 * usual for gap in gaps) / len(gaps) if grain is Grain.HOUR else 1.0
    return even >= 0.9 and len(steps) >= 0.6 * (max(steps) - min(steps) + 1)

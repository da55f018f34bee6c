"""Sensible metrics of a table, each with its reason, and one monitor to begin with."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from metricloop.define.starter_columns import ColumnFacts, Look, free_name, name_of
from metricloop.define.starter_guesses import direction, is_entity, is_level, is_money, label
from metricloop.kernel.grain import Grain
from metricloop.kernel.message import Message

MOST_METRICS = 8


class Proposal:
    """Collects metrics of one dataset; the first one is the one to watch."""

    def __init__(
        self, table: str, grains: Sequence[str], owner: str, currency: str | None, taken: Collection[str]
    ) -> None:
        self.metrics: list[dict[str, Any]] = []
        self.reasons: list[Message] = []
        self._table, self._grains, self._owner, self._currency = table, list(grains), owner, currency
        self._taken = set(taken)

    def count(self, table: str) -> None:
        """How many rows there are."""
        text = label(table, "Number of {}", "{}数量")
        added = self._add(f"{name_of(table)}_count", text, "count", direction(table), agg="count")
        self.reasons.append(Message("starter.count", {"name": added}))

    def number(self, column: ColumnFacts) -> None:
        """The sum of a column, or its average where a sum says nothing."""
        level = is_level(column.name)
        unit = self._currency if self._currency and is_money(column.name) else "number"
        name = name_of(column.name) + ("_average" if level else "")
        text = label(column.name, "Average {}", "平均{}") if level else label(column.name)
        agg = "average" if level else "sum"
        added = self._add(name, text, unit, direction(column.name), agg=agg, expr=column.quoted)
        why = {"name": added, "column": column.name}
        self.reasons.append(Message("starter.average", why) if level else Message("starter.sum", why))

    def different(self, column: ColumnFacts) -> None:
        """How many different customers, users, ... there are; by day or longer, for hours of it mean little."""
        days = [grain for grain in self._grains if grain != "hour"] or ["day"]
        text = label(column.name, "Different {}", "不同{}数")
        name = f"{name_of(column.name)}_distinct"
        added = self._add(name, text, "count", "up", agg="count_distinct", expr=column.quoted, grains=days)
        self.reasons.append(Message("starter.distinct", {"name": added, "column": column.name}))

    def share(self, flag: ColumnFacts) -> None:
        """The part of rows for which a yes/no column is yes."""
        expr = f"case when {flag.yes} then 1 else 0 end"
        text = label(flag.name, "Share of {}", "{}占比")
        good = direction(flag.name)
        added = self._add(f"{name_of(flag.name)}_share", text, "ratio", good, agg="average", expr=expr)
        self.reasons.append(Message("starter.share", {"name": added, "column": flag.name}))

    def _add(self, name: str, text: Mapping[str, str], unit: str, good: str, **words: Any) -> str:
        free = free_name(name, self._taken)
        self._taken.add(free)
        grains = words.pop("grains", self._grains)
        level = "L1" if not self.metrics else "L2"
        governance = {"owner": self._owner, "level": level, "unit": unit, "good_direction": good}
        if unit == self._currency:
            governance["currency"] = unit
        head = {"name": free, "type": "simple", "dataset": self._table, "label": dict(text)}
        self.metrics.append({**head, **words, "grains": list(grains), "governance": governance})
        return free


def metrics_of(proposal: Proposal, looks: Sequence[ColumnFacts], *, counting: str | None) -> None:
    """Count first, then money, other numbers, shares, and who came. counting: what a row is, where it happened."""
    numbers = [one for one in looks if one.look is Look.NUMBER]
    if counting:
        proposal.count(counting)
    for one in sorted(numbers, key=lambda one: (not is_money(one.name), is_level(one.name))):
        proposal.number(one)
    for one in looks:
        if one.look is Look.IDENTIFIER and is_entity(one.name):
            proposal.different(one)
        if one.look is Look.FLAG and counting:
            proposal.share(one)
    del proposal.metrics[MOST_METRICS:], proposal.reasons[MOST_METRICS:]


def monitors_of(metrics: Sequence[Mapping[str, Any]], grain: Grain) -> tuple[list[dict[str, Any]], list[Message]]:
    """One for the first metric, where monitors can watch its step: few false alarms, the total first."""
    if not metrics:
        return [], []
    if grain not in (Grain.HOUR, Grain.DAY):
        return [], [Message("starter.no_monitor", {"grain": grain.value})]
    watched = "day" if "day" in metrics[0]["grains"] else metrics[0]["grains"][0]
    name = f"{metrics[0]['name']}_{watched}"
    body = {"name": name, "metric": metrics[0]["name"], "grain": watched, "slices": [""]}
    return [body], [Message("starter.monitor", {"name": name, "grain": watched, "metric": metrics[0]["name"]})]

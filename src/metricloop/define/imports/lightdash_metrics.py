"""Lightdash's metrics as measures and metrics."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from sqlglot import exp

from metricloop.define.dataset import Agg
from metricloop.define.imports.blocks import Block
from metricloop.define.imports.formulas import aggregate_of, arithmetic, folded
from metricloop.define.imports.governance import currency_of, governance_of, unit_of_format, words_of
from metricloop.define.imports.lightdash_filters import condition_of
from metricloop.define.imports.model import Unmapped
from metricloop.define.imports.once import Once
from metricloop.define.imports.report import Report
from metricloop.define.imports.row_sql import all_of, condition_text, parse_sql
from metricloop.define.imports.sheet import Body, Component, Leaf, MetricName, Part, Sheet
from metricloop.define.imports.tables import Table, Tables, fact_aggregate
from metricloop.define.imports.templates import Marked, Reference

_AGGS = {
    "sum": Agg.SUM, "count": Agg.COUNT, "count_distinct": Agg.COUNT_DISTINCT, "average": Agg.AVERAGE,
    "avg": Agg.AVERAGE, "min": Agg.MIN, "max": Agg.MAX, "median": Agg.MEDIAN, "percentile": Agg.PERCENTILE,
}  # fmt: skip
_NOT_HERE = {
    "sum_distinct": "it adds up distinct rows of a join that multiplies them",
    "average_distinct": "it averages distinct rows of a join that multiplies them",
    "running_total": "it adds up the rows of a result, whatever they are",
    "percent_of_total": "it compares the rows of a result, whatever they are",
    "percent_of_previous": "it compares the rows of a result, whatever they are",
}
_SHOWN_ONLY = (
    "compact", "round", "separator", "group_label", "groups", "urls", "show_underlying_values", "tags", "ai_hint",
    "richText", "hidden", "default_time_dimension", "drivers",
)  # fmt: skip
Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Written:
    """A metric where it stands: of which model, under which column (None: of the model itself)."""

    table: Table
    column: str | None
    block: Block


class Metrics:
    """Each metric is written when it is first needed; one that needs what is left out is left out too."""

    def __init__(self, sheet: Sheet, report: Report, tables: Tables) -> None:
        self._sheet = sheet
        self._report = report
        self._tables = tables
        self._known: dict[Key, Written] = {}
        self._metric: Once[Key] = Once(
            lambda key: self._write(key, self._known[key]),
            lambda key: key in self._known,
            lambda key: f"the metric {'.'.join(key)}",
        )

    def know(self, table: Table, column: Block | None, meta: Block) -> None:
        for one in meta.blocks("metrics", "metric"):
            self._known[table.name, one.name] = Written(table, column.name if column is not None else None, one)

    def has(self, table: str) -> bool:
        return any(name == table for name, _ in self._known)

    def write(self) -> None:
        """Every metric that is not hidden; hidden ones where these need them."""
        for key, one in self._known.items():
            if one.block.flag("hidden"):
                continue
            try:
                self._metric(key)
            except Unmapped as reason:
                self._report.left_out(one.block.where, f"metric {'.'.join(key)}", reason)

    def _write(self, key: Key, one: Written) -> str:
        kind = one.block.word("type")
        one.block.ignore(*_SHOWN_ONLY)
        if kind in _NOT_HERE:
            raise Unmapped(_NOT_HERE[kind], "make a view of the rows, or a derived metric")
        if kind in _AGGS:
            part = self._part(one, _AGGS[kind])
            unit = "count" if part.component.agg in (Agg.COUNT, Agg.COUNT_DISTINCT) else "number"
            made = self._sheet.simple(self._name(key), part, self._words(one, unit))
        elif kind == "number":
            made = self._calculated(key, one)
        else:
            raise Unmapped(f"its type {kind or 'is missing'} is no number", "")
        one.block.close()
        return made

    def _part(self, one: Written, agg: Agg) -> Part:
        draft = self._tables.draft(one.table)
        text = one.block.text("sql")
        if text is None and one.column is None:
            raise Unmapped("it stands at the model and has no sql", "")
        name = next((f.name for f in one.table.fields.values() if f.block.name == one.column), one.column or "")
        if text is None and agg in (Agg.MIN, Agg.MAX) and one.table.fields[name].kind in ("time", "string"):
            raise Unmapped(f"the {agg} of {name} is no number", "")
        value = self._tables.value(draft, one.table, text if text is not None else f"${{{name}}}")
        percentile = (one.block.number("percentile") or 50) / 100 if agg is Agg.PERCENTILE else None
        if percentile == 0.5:
            agg, percentile = Agg.MEDIAN, None
        component = self._tables.component(draft, one.table, folded(agg, value, percentile))
        return Part(draft.name, self._kept(component, one))

    def _kept(self, component: Component, one: Written) -> Component:
        draft = self._tables.draft(one.table)
        texts = []
        for each in one.block.raw("filters") or []:
            if not isinstance(each, dict) or len(each) != 1:
                raise Unmapped("a filter is not one field and its value", "write filters: [{status: paid}]")
            ((field, value),) = each.items()
            path = tuple(str(field).split("."))
            role, name = self._tables.locate(one.table, Reference("member", path))
            there = (
                one.table
                if role is None or role not in one.table.joins
                else self._tables.all[one.table.joins[role].table]
            )
            kind = there.fields[name].kind if name in there.fields else ""
            tree = self._tables.value(draft, one.table, f"${{{field}}}")
            texts.append(condition_text(condition_of(tree, value, kind)))
        return Component(component.agg, component.expr, all_of([component.filter, *texts]), component.percentile)

    def _calculated(self, key: Key, one: Written) -> str:
        if one.block.raw("filters"):
            raise Unmapped("it filters a calculated metric", "filter the metrics in it")
        marked = self._tables.dialect.mark(one.block.text("sql") or "")

        def leaf(node: exp.Expr) -> Leaf:
            return self._leaf(node, one, marked)

        formula = arithmetic(parse_sql(marked.sql), leaf, lambda node: self._is_metric(node, one.table, marked))
        for note in formula.notes:
            self._report.changed(one.block.where, f"metric {'.'.join(key)}", note)
        unit = "ratio" if formula.ratio() else "number"
        return self._sheet.formula(self._name(key), formula, self._words(one, unit))

    def _leaf(self, node: exp.Expr, one: Written, marked: Marked) -> Leaf:
        if isinstance(node, exp.Column):
            return self._named(self._key(node, one.table, marked))
        draft = self._tables.draft(one.table)
        found = fact_aggregate(aggregate_of(node), lambda tree: self._tables.tree(draft, one.table, tree, marked))
        for note in found.notes:
            self._report.changed(one.block.where, one.block.about, note)
        return Part(draft.name, self._tables.component(draft, one.table, found))

    def _named(self, key: Key) -> Leaf:
        """Another metric; or nothing but a measure where it is hidden."""
        other = self._known[key]
        kind = other.block.word("type")
        if not other.block.flag("hidden") or kind not in _AGGS:
            return MetricName(self._metric(key))
        part = self._part(other, _AGGS[kind])
        self._sheet.datasets[part.dataset].measure(key[1], part.component)
        return part

    def _is_metric(self, node: exp.Column, table: Table, marked: Marked) -> bool:
        return node.name in marked.references and self._key(node, table, marked) in self._known

    def _key(self, node: exp.Column, table: Table, marked: Marked) -> Key:
        role, name = self._tables.locate(table, marked.references[node.name])
        if role is None:
            return table.name, name
        return (table.joins[role].table if role in table.joins else role), name

    def _name(self, key: Key) -> str:
        """The metric's own name, with the model's before it where several models have one of that name."""
        alike = Counter(name for _, name in self._known)
        return key[1] if alike[key[1]] == 1 else "_".join(key)

    def _words(self, one: Written, unit: str) -> Body:
        unit = unit_of_format(one.block.text("format")) or unit
        governance = governance_of(one.block, one.block.block("meta"), unit=unit, owner=self._owner(one))
        if currency := currency_of(governance["unit"]):
            governance.setdefault("currency", currency)
        words = {key: words_of(one.block.text(key)) for key in ("label", "description")}
        return {**words, "governance": governance}

    def _owner(self, one: Written) -> str | None:
        """The metric's own, else its model's."""
        for holder in (one.block, one.table.meta):
            spotlight = holder.block("spotlight") if holder is not None else None
            if spotlight is not None and (owner := spotlight.text("owner")):
                return owner
        return one.table.meta.text("owner") if one.table.meta is not None else None

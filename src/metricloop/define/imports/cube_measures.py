"""Cube's measures as measures and metrics: plain aggregates, calculated ones, rolling windows, time shifts."""

from __future__ import annotations

from collections import Counter

from sqlglot import exp

from metricloop.define.dataset import Agg
from metricloop.define.imports.blocks import Block
from metricloop.define.imports.formulas import Aggregate, aggregate_of, arithmetic, folded
from metricloop.define.imports.governance import currency_of, governance_of, unit_of_format, words_of
from metricloop.define.imports.model import Unmapped
from metricloop.define.imports.once import Once
from metricloop.define.imports.report import Report
from metricloop.define.imports.row_sql import all_of, column, condition_text, parse_sql, written
from metricloop.define.imports.sheet import Body, Component, Leaf, MetricName, Part, Sheet
from metricloop.define.imports.tables import Table, Tables, fact_aggregate
from metricloop.define.imports.templates import Marked
from metricloop.define.imports.windows import period_of

_AGGS = {
    "sum": Agg.SUM, "count": Agg.COUNT, "count_distinct": Agg.COUNT_DISTINCT, "avg": Agg.AVERAGE, "min": Agg.MIN,
    "max": Agg.MAX, "count_distinct_approx": Agg.COUNT_DISTINCT,
}  # fmt: skip
_STAGES = ("group_by", "reduce_by", "add_group_by", "order_by", "case")
_SHOWN_ONLY = ("drill_members", "drill_filters", "mask", "currency", "links", "aliases", "strict")
Key = tuple[str, str]


class Measures:
    """Each measure is written when it is first needed; one that needs what is left out is left out too."""

    def __init__(self, sheet: Sheet, report: Report, tables: Tables) -> None:
        self._sheet = sheet
        self._report = report
        self._tables = tables
        self._blocks: dict[Key, Block] = {}
        self._metric: Once[Key] = Once(
            lambda key: self._write(key, self._blocks[key]),
            lambda key: key in self._blocks,
            lambda key: f"the measure {'.'.join(key)}",
        )

    def know(self, cube: Block) -> None:
        for one in cube.blocks("measures", "measure"):
            self._blocks[cube.name, one.name] = one

    def write(self) -> None:
        """Every public measure as a metric; others where these need them."""
        for key, one in self._blocks.items():
            if not _public(one):
                continue
            try:
                self._metric(key)
            except Unmapped as reason:
                self._report.left_out(one.where, f"measure {'.'.join(key)}", reason)

    def _write(self, key: Key, one: Block) -> str:
        one.ignore(*_SHOWN_ONLY, "public", "shown")
        kind = one.word("type")
        table = self._tables.all[key[0]]
        if any(one.raw(stage) for stage in _STAGES):
            raise Unmapped("it is computed in several stages", "make a view that holds the first stage")
        if one.raw("time_shift"):
            made = self._shifted(key, one, table)
        elif one.raw("rolling_window"):
            made = self._rolling(key, one, table)
        elif kind in _AGGS:
            part = self._part(one, table)
            unit = "count" if part.component.agg in (Agg.COUNT, Agg.COUNT_DISTINCT) else "number"
            made = self._sheet.simple(self._name(key), part, self._words(one, table, unit))
        elif kind in ("number", "number_agg"):
            made = self._calculated(key, one, table)
        else:
            raise Unmapped(f"its type {kind or 'is missing'} is no number", "")
        one.ignore("multi_stage")
        one.close()
        return made

    def _part(self, one: Block, table: Table) -> Part:
        """A plain aggregate with its filters."""
        kind = one.word("type")
        if kind not in _AGGS:
            raise Unmapped("a window over a calculated measure is not read here", "roll up its parts, then divide")
        draft = self._tables.draft(table)
        if kind == "count_distinct_approx":
            note = "it was an approximate distinct count and is an exact one here"
            self._report.changed(one.where, f"measure {table.name}.{one.name}", note)
        text = one.text("sql")
        if text is None and kind != "count":
            raise Unmapped("it has no sql", "")
        found = Aggregate(Agg.COUNT, None)
        if text is not None:
            value = self._tables.value(draft, table, text)
            found = found if isinstance(value, exp.Star | exp.Literal) else folded(_AGGS[kind], value)
        return Part(draft.name, self._kept(self._tables.component(draft, table, found), one, table))

    def _kept(self, component: Component, one: Block, table: Table) -> Component:
        draft = self._tables.draft(table)
        texts = [
            condition_text(self._tables.value(draft, table, each.text("sql") or ""))
            for each in one.blocks("filters", "filter")
        ]
        return Component(component.agg, component.expr, all_of([component.filter, *texts]), component.percentile)

    def _calculated(self, key: Key, one: Block, table: Table) -> str:
        if one.raw("filters"):
            raise Unmapped("it filters a calculated measure", "filter the measures in it")
        text = one.text("sql") or ""
        marked = self._tables.dialect.mark(text)
        tree = parse_sql(marked.sql)
        formula = arithmetic(
            tree, lambda node: self._leaf(node, table, marked), lambda node: self._is_measure(node, table, marked)
        )
        for note in formula.notes:
            self._report.changed(one.where, f"measure {'.'.join(key)}", note)
        unit = "ratio" if formula.ratio() else "number"
        return self._sheet.formula(self._name(key), formula, self._words(one, table, unit))

    def _leaf(self, node: exp.Expr, table: Table, marked: Marked) -> Leaf:
        if isinstance(node, exp.Column):
            return self._named(self._measure_key(node, table, marked))
        draft = self._tables.draft(table)

        def put(tree: exp.Expr) -> exp.Expr:
            return self._tables.tree(draft, table, tree, marked)

        found = fact_aggregate(aggregate_of(node), put)
        for note in found.notes:
            self._report.changed(table.block.where, f"cube {table.name}", note)
        return Part(draft.name, self._tables.component(draft, table, found))

    def _named(self, key: Key) -> Leaf:
        """Another measure: a metric; or nothing but a measure where nobody is meant to see it."""
        one = self._blocks[key]
        plain = one.word("type") in _AGGS and not one.raw("rolling_window") and not one.raw("time_shift")
        if _public(one) or not plain:
            return MetricName(self._metric(key))
        part = self._part(one, self._tables.all[key[0]])
        self._sheet.datasets[part.dataset].measure(key[1], part.component)
        return part

    def _is_measure(self, node: exp.Column, table: Table, marked: Marked) -> bool:
        return node.name in marked.references and self._measure_key(node, table, marked) in self._blocks

    def _measure_key(self, node: exp.Column, table: Table, marked: Marked) -> Key:
        role, name = self._tables.locate(table, marked.references[node.name])
        return (table.name if role is None else role), name

    def _rolling(self, key: Key, one: Block, table: Table) -> str:
        window = one.block("rolling_window", "rolling window")
        if window is None:
            raise Unmapped("its rolling_window is not read here", "")
        kind, grain = window.word("type"), window.word("granularity")
        trailing, leading = window.word("trailing"), window.word("leading")
        if kind == "to_date" and grain:
            span = {"grain_to_date": grain}
        elif trailing == "unbounded":
            raise Unmapped("it adds up since ever", "give it a window, such as 365 days, or type: to_date")
        elif leading or window.word("offset") == "start" or not trailing:
            raise Unmapped("its window does not end with the step", "write trailing alone")
        else:
            span = {"window": period_of(trailing) or ""}
        window.close()
        part = self._part(one, table)
        unit = "count" if part.component.agg in (Agg.COUNT, Agg.COUNT_DISTINCT) else "number"
        return self._sheet.cumulative(self._name(key), part, span, self._words(one, table, unit))

    def _shifted(self, key: Key, one: Block, table: Table) -> str:
        shifts = one.blocks("time_shift", "time shift")
        marked = self._tables.dialect.mark(one.text("sql") or "")
        tree = parse_sql(marked.sql).unnest()
        if len(shifts) != 1 or shifts[0].word("type") != "prior" or not isinstance(tree, exp.Column):
            raise Unmapped("only one shift into the past of one measure is read here", "write a derived metric")
        if not self._is_measure(tree, table, marked):
            raise Unmapped("it shifts no measure", 'write sql: "{measure}"')
        shifts[0].ignore("time_dimension", "name")
        window = period_of(shifts[0].raw("interval"))
        inner = self._metric(self._measure_key(tree, table, marked))
        inputs: list[Body] = [{"name": inner, "offset_window": window}]
        return self._sheet.derived(self._name(key), written(column(inner)), inputs, self._words(one, table, "number"))

    def _name(self, key: Key) -> str:
        """The measure's own name, with the cube's before it where several cubes have one of that name."""
        alike = Counter(name for _, name in self._blocks)
        return key[1] if alike[key[1]] == 1 else "_".join(key)

    def _words(self, one: Block, table: Table, unit: str) -> Body:
        unit = unit_of_format(one.text("format")) or unit
        meta = one.block("meta")
        owner = table.meta.text("owner") if table.meta is not None else None
        governance = governance_of(one, meta, unit=unit, owner=owner)
        if currency := currency_of(governance["unit"]):
            governance.setdefault("currency", currency)
        words = {"label": words_of(one.text("title")), "description": words_of(one.text("description"))}
        return {**words, "governance": governance}


def _public(one: Block) -> bool:
    return one.flag("public", default=one.flag("shown", default=True))

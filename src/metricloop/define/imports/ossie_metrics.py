"""Ossie's metrics, taken apart into additive components."""

from __future__ import annotations

from collections.abc import Iterable

from sqlglot import exp

from metricloop.define.dataset import Agg
from metricloop.define.imports.blocks import Block
from metricloop.define.imports.formulas import aggregate_of, aggregates_in, arithmetic
from metricloop.define.imports.governance import governance_of, synonyms_of, words_of
from metricloop.define.imports.model import Unmapped
from metricloop.define.imports.ossie_extension import meta_of
from metricloop.define.imports.report import Report
from metricloop.define.imports.row_sql import parse_sql
from metricloop.define.imports.sheet import Body, Leaf, Part, Sheet
from metricloop.define.imports.tables import Table, Tables, fact_aggregate
from metricloop.define.imports.templates import Marked

_DIALECTS = {
    "ANSI_SQL": None, "OSSIE_SQL_2026": None, "SNOWFLAKE": "snowflake", "DATABRICKS": "databricks",
    "BIGQUERY": "bigquery",
}  # fmt: skip


class Metrics:
    def __init__(self, sheet: Sheet, report: Report, tables: Tables) -> None:
        self._sheet = sheet
        self._report = report
        self._tables = tables

    def write(self, one: Block) -> None:
        try:
            self._write(one)
        except Unmapped as reason:
            self._report.left_out(one.where, one.about, reason)

    def _write(self, one: Block) -> None:
        one.ignore("datatype", "custom_extensions")
        sql, dialect = expression_of(one)
        tree = parse_sql(sql, dialect)
        whole = self._home(aggregates_in(tree))

        def leaf(node: exp.Expr) -> Leaf:
            return self._leaf(node, one, self._home([node]) or whole)

        formula = arithmetic(tree, leaf, lambda _: False)
        for note in formula.notes:
            self._report.changed(one.where, one.about, note)
        alone = formula.alone()
        counted = isinstance(alone, Part) and alone.component.agg in (Agg.COUNT, Agg.COUNT_DISTINCT)
        unit = "ratio" if formula.ratio() else "count" if counted else "number"
        self._sheet.formula(one.name, formula, self._words(one, unit))
        one.close()

    def _leaf(self, node: exp.Expr, one: Block, table: Table | None) -> Leaf:
        if table is None:
            raise Unmapped("it does not say which dataset it counts", "write COUNT(orders.order_id)")
        draft = self._tables.draft(table)
        found = fact_aggregate(
            aggregate_of(node), lambda tree: self._tables.tree(draft, table, tree, Marked(tree.sql(), {}))
        )
        for note in found.notes:
            self._report.changed(one.where, one.about, note)
        return Part(draft.name, self._tables.component(draft, table, found))

    def _home(self, nodes: Iterable[exp.Expr]) -> Table | None:
        """The dataset whose rows these aggregates count: the one that joins all others they name; None: any."""
        named = list(dict.fromkeys(self._owner(node) for one in nodes for node in one.find_all(exp.Column)))
        if not named:
            timed = [table for table in self._tables.all.values() if table.time is not None]
            return timed[0] if len(timed) == 1 else None
        for table in named:
            if all(other is table or other.name in table.joins for other in named):
                return table
        return None

    def _owner(self, node: exp.Column) -> Table:
        if node.table in self._tables.all:
            return self._tables.all[node.table]
        if node.table:
            raise Unmapped(f"{node.sql()} names the dataset {node.table}, which is not in the model", "")
        owners = [table for table in self._tables.all.values() if node.name in table.fields]
        if len(owners) == 1 or len(self._tables.all) == 1:
            return owners[0] if owners else next(iter(self._tables.all.values()))
        return self._unclear(node.name, owners)

    def _unclear(self, name: str, owners: list[Table]) -> Table:
        where = " and ".join(table.name for table in owners) or "no dataset"
        raise Unmapped(f"{name} is a field of {where}", "write dataset.field")

    def _words(self, one: Block, unit: str) -> Body:
        context = one.raw("ai_context")
        words = context.get("synonyms") if isinstance(context, dict) else None
        governance = governance_of(one, meta_of(one), unit=unit)
        synonyms = synonyms_of([str(word) for word in words]) if isinstance(words, list) else {}
        if synonyms:
            governance.setdefault("synonyms", synonyms)
        return {"description": words_of(one.text("description")), "governance": governance}


def expression_of(one: Block) -> tuple[str, str | None]:
    """The SQL of a field or metric and its dialect: standard SQL before others. Raises Unmapped where there is none."""
    block = one.block("expression")
    written = block.blocks("dialects", "expression") if block is not None else []
    found = {each.text("dialect") or "ANSI_SQL": each.text("expression") for each in written}
    for name, dialect in _DIALECTS.items():
        if text := found.get(name):
            return text, dialect
    raise Unmapped(f"its expression is in {', '.join(found) or 'no dialect'} alone", "add one in ANSI_SQL")

"""dbt's measures and metrics on our sheet."""

from __future__ import annotations

from typing import Any

from sqlglot import exp

from metricloop.define.dataset import Agg
from metricloop.define.imports.blocks import Block
from metricloop.define.imports.dbt_words import AGGS, aggregate_written, filter_texts, named_only
from metricloop.define.imports.formulas import Arithmetic, arithmetic
from metricloop.define.imports.governance import governance_of, words_of
from metricloop.define.imports.model import Unmapped
from metricloop.define.imports.once import Once
from metricloop.define.imports.report import Report
from metricloop.define.imports.row_sql import all_of, condition_text, parse_sql
from metricloop.define.imports.sheet import Body, Component, DatasetDraft, Leaf, MetricName, Part, Sheet
from metricloop.define.imports.tables import Table, Tables
from metricloop.define.imports.windows import period_of

_BETWEEN = "a percentile that is discrete or approximate there lies between two rows here"
_PERIOD_AGG = "at a longer step it gives the value at the step's end; MetricFlow gives the first, by period_agg"


class Metrics:
    """Each metric is written when it is first needed; one that needs what is left out is left out too."""

    def __init__(self, sheet: Sheet, report: Report, tables: Tables) -> None:
        self._sheet = sheet
        self._report = report
        self._tables = tables
        self._measures: dict[str, tuple[Table, Block]] = {}
        self._blocks: dict[str, Block] = {}
        self._metric: Once[str] = Once(
            lambda name: self._write(self._blocks[name]),
            lambda key: key in self._blocks,
            lambda name: f"the metric {name}",
        )

    def add_measures(self, model: Block) -> None:
        """All measures of a model on its dataset; those that no metric uses too."""
        table = self._tables.all[model.name]
        for one in model.blocks("measures", "measure"):
            one.ignore("description", "label", "metadata", "config", "create_metric")
            self._measures[one.name] = (table, one)
            try:
                part = self._measure(one.name)
            except Unmapped as reason:
                self._report.left_out(one.where, one.about, reason)
                continue
            self._sheet.datasets[part.dataset].measure(one.name, part.component)
            one.close()

    def add_metrics(self, blocks: list[Block]) -> None:
        self._blocks = {one.name: one for one in blocks}
        for one in blocks:
            params = one.block("type_params")
            if params is None or not params.flag("is_private"):
                self._try(one.name)

    def _try(self, name: str) -> None:
        try:
            self._metric(name)
        except Unmapped as reason:
            block = self._blocks[name]
            self._report.left_out(block.where, block.about, reason)

    def _write(self, block: Block) -> str:
        params = block.block("type_params")
        kind = block.word("type")
        block.ignore("metadata", "time_granularity", "unique_id", "original_file_path", "path", "package_name", "fqn")
        block.ignore("depends_on", "refs", "resource_type", "created_at", "unrendered_config", "group", "metrics")
        if params is None:
            raise Unmapped("it has no type_params", "name the manifest that dbt writes")
        params.ignore("input_measures", "is_private", "join_to_timespine")
        match kind:
            case "simple":
                made = self._simple(block, params)
            case "ratio":
                made = self._ratio(block, params)
            case "derived":
                made = self._derived(block, params)
            case "cumulative":
                made = self._cumulative(block, params)
            case "conversion":
                fix = "count both events as metrics and divide them; who converts later is not followed"
                raise Unmapped("conversion metrics follow one entity through two events, which is not done here", fix)
            case _:
                raise Unmapped(f"its type {kind or 'is missing'} is not known here", "")
        params.close()
        block.close()
        return made

    def _simple(self, block: Block, params: Block) -> str:
        part = self._base(block, params)
        return self._sheet.simple(block.name, part, self._words(block, _unit(part)))

    def _base(self, block: Block, params: Block) -> Part:
        """What a simple or cumulative metric aggregates, with all filters."""
        own, measure = params.block("metric_aggregation_params"), params.block("measure")
        raw = params.text("measure") if isinstance(params.value.get("measure"), str) else None
        filters = [block.raw("filter")]
        for holder in (params, measure):
            fill = holder.number("fill_nulls_with") if holder is not None else None
            if fill:
                self._report.changed(block.where, block.about, f"fill_nulls_with {fill:g}: empty buckets are 0 here")
        if measure is not None:
            measure.ignore("alias", "join_to_timespine")
            filters.append(measure.raw("filter"))
        name = raw or (measure.text("name") if measure is not None else None)
        if name is not None and name in self._measures:
            params.ignore("expr")
            table, one = self._measures[name]
            draft, component = self._component(table, one)
        elif own is not None:
            table, draft, component = self._own(own, params, block.name)
        else:
            raise Unmapped(f"it needs the measure {name}, which is not in the file", "import the file that holds it")
        return self._narrowed(Part(draft.name, component), table, draft, filters)

    def _own(self, own: Block, params: Block, name: str) -> tuple[Table, DatasetDraft, Component]:
        """A metric that aggregates by itself: the newer form, without measures."""
        model = own.text("semantic_model") or ""
        if model not in self._tables.all:
            raise Unmapped(f"it needs the semantic model {model}, which is not in the file", "")
        table = self._tables.all[model]
        merged = {**own.value, "expr": params.raw("expr"), "name": name}
        block = Block(merged, own.file, self._report, "metric", own.path)
        block.ignore("semantic_model")
        return table, *self._component(table, block)

    def _measure(self, name: str) -> Part:
        table, one = self._measures[name]
        draft, component = self._component(table, one)
        return Part(draft.name, component)

    def _component(self, table: Table, one: Block) -> tuple[DatasetDraft, Component]:
        agg = AGGS.get(one.word("agg"))
        options = one.block("agg_params")
        if agg is None:
            raise Unmapped(f"its agg {one.text('agg')} is not known here", "use sum, count, min, max, average, ...")
        if one.raw("non_additive_dimension"):
            fix = "write a dataset that holds one row for each period, such as the last of the day"
            raise Unmapped("it is semi-additive (non_additive_dimension)", fix)
        draft = self._tables.draft(table, one.text("agg_time_dimension"))
        percentile = options.number("percentile") if options is not None else None
        if options is not None and (
            options.flag("use_discrete_percentile") or options.flag("use_approximate_percentile")
        ):
            self._report.changed(one.where, one.about, _BETWEEN)
        value = self._tables.value(draft, table, one.text("expr") or one.name)
        return draft, self._tables.component(draft, table, aggregate_written(agg, value, one, percentile))

    def _narrowed(self, part: Part, table: Table, draft: DatasetDraft, filters: list[Any]) -> Part:
        texts = [
            condition_text(self._tables.value(draft, table, text)) for one in filters for text in filter_texts(one)
        ]
        one = part.component
        return Part(part.dataset, Component(one.agg, one.expr, all_of([one.filter, *texts]), one.percentile))

    def _ratio(self, block: Block, params: Block) -> str:
        sides = [params.block(key) or named_only(params, key) for key in ("numerator", "denominator")]
        if sides[0] is None or sides[1] is None:
            raise Unmapped("it has no numerator or no denominator", "")
        parts = [self._side(side, block) for side in sides if side is not None]
        if all(part is not None for part in parts):
            leaves: tuple[Leaf, ...] = tuple(part for part in parts if part is not None)
            formula = Arithmetic(exp.Div(this=exp.column("p0"), expression=exp.column("p1")), leaves)
            return self._sheet.formula(block.name, formula, self._words(block, "ratio"))
        inputs = [self._input(side, block, alias) for side, alias in zip(sides, ("n", "d"), strict=True) if side]
        return self._sheet.derived(block.name, "n / d", inputs, self._words(block, "ratio"))

    def _side(self, side: Block, block: Block) -> Leaf | None:
        """One side of a ratio as a component with its filters; None where only a derived metric can say it."""
        side.ignore("alias")
        if side.raw("offset_window") or side.raw("offset_to_grain"):
            return None
        inner = self._blocks.get(side.name)
        if inner is None or inner.word("type") != "simple":
            return None if (side.raw("filter") or block.raw("filter")) else MetricName(self._metric(side.name))
        params = inner.block("type_params")
        if params is None:
            return None
        part = self._base(inner, params)
        draft = self._sheet.datasets[part.dataset]
        table = self._table_of(draft)
        return self._narrowed(part, table, draft, [side.raw("filter"), block.raw("filter")])

    def _derived(self, block: Block, params: Block) -> str:
        text = params.text("expr")
        inputs = [self._input(one, block) for one in params.blocks("metrics", "input metric")]
        if text is None or not inputs:
            raise Unmapped("it has no expr or no metrics", "")
        names: list[str] = [str(one.get("alias") or one["name"]) for one in inputs]
        plain: dict[str, str] = {str(one["theirs"]): str(one.get("alias") or one["name"]) for one in inputs}
        for one in inputs:
            del one["theirs"]

        def leaf(node: exp.Expr) -> str:
            if node.name not in plain:
                raise Unmapped(f"{node.name} in its formula is none of its metrics", "")
            return plain[node.name]

        formula = arithmetic(parse_sql(text), leaf, lambda _: True)
        self._tell(block, formula.notes)
        used = formula.text(formula.leaves)
        inputs = [one for one, name in zip(inputs, names, strict=True) if name in formula.leaves]
        unit = "ratio" if isinstance(formula.tree, exp.Div) else "number"
        return self._sheet.derived(block.name, used, inputs, self._words(block, unit))

    def _input(self, one: Block, block: Block, alias: str | None = None) -> Body:
        """An input of a derived metric; `theirs` is what their formula calls it."""
        name = self._metric(one.name)
        alias = alias or one.text("alias")
        body: Body = {"name": name, "theirs": alias or one.name}
        if alias is not None:
            body["alias"] = alias
        window, to_grain = period_of(one.raw("offset_window")), one.word("offset_to_grain")
        if window:
            body["offset_window"] = window
        if to_grain:
            body["offset_to_grain"] = to_grain
        filters = [text for raw in (one.raw("filter"), block.raw("filter")) for text in filter_texts(raw)]
        if filters:
            part = self._sheet.part_of(name)
            if part is None:
                raise Unmapped(f"it filters {one.name}, which is no simple metric", "filter the simple metrics in it")
            draft = self._sheet.datasets[part.dataset]
            table = self._table_of(draft)
            texts = [condition_text(self._tables.value(draft, table, text)) for text in filters]
            body["filter"] = all_of(texts)
        return body

    def _cumulative(self, block: Block, params: Block) -> str:
        inner = params.block("cumulative_type_params")
        window = period_of(params.raw("window")) or (period_of(inner.raw("window")) if inner else None)
        grain = params.word("grain_to_date") or (inner.word("grain_to_date") if inner else "")
        named = (inner.block("metric") or named_only(inner, "metric")) if inner else None
        if inner is not None:
            inner.ignore("period_agg")
            self._report.changed_often(block.where, "cumulative metrics", _PERIOD_AGG, "ask for the step of the rows")
        if params.raw("measure") is not None or named is None:
            part = self._base(block, params)
        else:
            side = self._side(named, block)
            if not isinstance(side, Part):
                raise Unmapped(f"it adds up {named.name}, which is no simple metric", "add up a sum or a count")
            part = side
        if not window and not grain:
            raise Unmapped("it adds up since ever", "give it a window, such as 365 days, or grain_to_date: year")
        span = {"window": window} if window else {"grain_to_date": grain}
        return self._sheet.cumulative(block.name, part, span, self._words(block, _unit(part)))

    def _table_of(self, draft: DatasetDraft) -> Table:
        return self._tables.table_of(draft)

    def _words(self, block: Block, unit: str) -> Body:
        config = block.block("config")
        if config is not None:
            config.ignore("enabled", "group", "tags")
        meta = (config.block("meta") if config is not None else None) or block.block("meta")
        block.ignore("tags", "meta")
        words = {key: words_of(block.text(key)) for key in ("label", "description")}
        return {**words, "governance": governance_of(block, meta, unit=unit)}

    def _tell(self, block: Block, notes: tuple[str, ...]) -> None:
        for note in notes:
            self._report.changed(block.where, block.about, note)


def _unit(part: Part) -> str:
    return "count" if part.component.agg in (Agg.COUNT, Agg.COUNT_DISTINCT) else "number"

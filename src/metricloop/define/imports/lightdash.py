"""Lightdash: metrics in the `meta` of dbt models and columns. Each model with a time and a metric is a dataset."""

from __future__ import annotations

from collections.abc import Sequence

from sqlglot import exp

from metricloop.define.imports.blocks import Block
from metricloop.define.imports.lightdash_metrics import Metrics
from metricloop.define.imports.model import Unmapped
from metricloop.define.imports.report import Report
from metricloop.define.imports.row_sql import parse_sql
from metricloop.define.imports.sheet import Sheet
from metricloop.define.imports.tables import TIME_COLUMN, Dialect, Field, JoinTo, Table, Tables, table_name
from metricloop.define.imports.templates import mark_dollars

_DBT_ONLY = (
    "tests", "data_tests", "docs", "tags", "constraints", "access", "group", "latest_version", "versions", "quote",
    "semantic_model", "agg_time_dimension", "derived_semantics", "primary_entity", "policy_tags", "granularity",
    "entity", "dimension", "unique_id", "resource_type", "fqn", "path", "original_file_path", "package_name",
    "database",
)  # fmt: skip
_MODEL_SHOWN_ONLY = (
    "order_fields_by", "group_details", "default_show_underlying_values", "spotlight", "ai_hint", "pre_aggregates",
    "sets", "label", "group_label", "groups", "primary_key", "owner", "case_sensitive", "parameters",
    "default_filters", "required_filters", "additional_dimensions",
)  # fmt: skip
_TIMES = ("date", "timestamp", "datetime", "time")
_NUMBERS = ("number", "int", "numeric", "decimal", "float", "double", "real", "bigint")


def import_lightdash(files: Sequence[Block], sheet: Sheet, report: Report, source: str) -> None:
    """Fill the sheet from all files together. Raises Unmapped when none holds a model."""
    models = [one for file in files for one in file.blocks("models", "model")]
    if not models:
        raise Unmapped("it holds no models", "name a schema.yml of dbt, or the folder of the models")
    tables = Tables(sheet, report, source, Dialect(mark_dollars))
    metrics = Metrics(sheet, report, tables)
    for model in models:
        tables.all[model.name] = _table(model, report)
    for model in models:
        meta = tables.all[model.name].meta
        if meta is not None:
            _join(meta, tables.all[model.name], tables, report)
            metrics.know(tables.all[model.name], None, meta)
        for one in model.blocks("columns", "column"):
            column_meta = _meta(one)
            if column_meta is not None:
                metrics.know(tables.all[model.name], one, column_meta)
    metrics.write()
    for table in tables.all.values():
        table.block.close()
        if table.meta is not None and metrics.has(table.name):
            table.meta.ignore(*_MODEL_SHOWN_ONLY)
            table.meta.close()


def _meta(block: Block) -> Block | None:
    """`config.meta` of newer dbt, and `meta` of older, as one."""
    config = block.block("config")
    inner = config.value.get("meta") if config is not None else None
    outer = block.raw("meta")
    both = {**(outer if isinstance(outer, dict) else {}), **(inner if isinstance(inner, dict) else {})}
    if not both:
        return None
    path = "config.meta" if isinstance(inner, dict) else "meta"
    return Block({"name": block.name, **both}, block.file, block.report, "meta", f"{block.path}.{path}")


def _table(model: Block, report: Report) -> Table:
    model.ignore(*_DBT_ONLY)
    meta = _meta(model)
    schema = model.text("schema")
    alias = model.text("alias") or model.name
    table = Table(model.name, {"table": f"{schema}.{alias}" if schema else alias}, model, meta=meta)
    if meta is not None:
        meta.ignore("name")
        if named := meta.text("sql_from"):
            try:
                table.place = {"table": table_name(named)}
            except Unmapped as reason:
                report.left_out(meta.at("sql_from"), model.about, reason)
                table.place = {"table": None}
        table.only = meta.text("sql_filter") or meta.text("sql_where")
        if meta.raw("required_attributes") or meta.raw("any_attributes"):
            fix = "write governance.access, and row grants, for its metrics"
            report.changed(meta.where, model.about, "who may see what (required_attributes) does not come over", fix)
        if meta.raw("explores"):
            report.ignored(meta.at("explores"), model.about, "explores show the same metrics in other company")
    keys = set(meta.texts("primary_key")) if meta is not None else set()
    for one in model.blocks("columns", "column"):
        _add_fields(table, one, keys)
    _choose_time(table, report)
    return table


def _add_fields(table: Table, one: Block, keys: set[str]) -> None:
    one.ignore(*_DBT_ONLY, "description", "label")
    meta = _meta(one)
    dimension = meta.block("dimension") if meta is not None else None
    kind = _kind((dimension.text("type") if dimension is not None else None) or one.text("data_type"))
    hidden = dimension is not None and dimension.flag("hidden")
    sql = (dimension.text("sql") if dimension is not None else None) or one.name
    name = (dimension.text("name") if dimension is not None else None) or one.name
    label = dimension.text("label") if dimension is not None else None
    counted = meta is not None and bool(meta.raw("metrics"))
    splits = kind in ("string", "boolean") or (kind == "" and not counted)
    table.fields[name] = Field(name, sql, one, kind, splits=splits and not hidden and one.name not in keys, label=label)
    for extra in meta.blocks("additional_dimensions", "dimension") if meta is not None else []:
        kind = _kind(extra.text("type"))
        table.fields[extra.name] = Field(
            extra.name, extra.text("sql") or one.name, extra, kind, splits=kind == "string" and not extra.flag("hidden")
        )
    one.close()


def _kind(text: str | None) -> str:
    plain = (text or "").lower()
    if plain.startswith(_TIMES):
        return "time"
    if plain.startswith(_NUMBERS):
        return "number"
    return "boolean" if plain.startswith("bool") else "string" if plain else ""


def _choose_time(table: Table, report: Report) -> None:
    meta = table.meta
    default = meta.block("default_time_dimension") if meta is not None else None
    times = [name for name, known in table.fields.items() if known.kind == "time"]
    if default is not None and (named := default.text("field")):
        default.ignore("interval")
        table.time = named
        table.fields.setdefault(named, Field(named, named, table.block, "time"))
    elif times:
        table.time = times[0]
        if len(times) > 1 and meta is not None and meta.raw("metrics"):
            fix = "write another time_column, if that is wrong"
            said = f"of {', '.join(times)} the first says when a row belongs"
            report.assumed(table.block.where, table.block.about, said, fix)
    else:
        table.time = TIME_COLUMN


def _join(meta: Block, table: Table, tables: Tables, report: Report) -> None:
    for one in meta.blocks("joins", "join"):
        one.ignore("label", "hidden", "fields", "always", "description")
        name = one.text("join") or ""
        role = one.text("alias") or name
        try:
            if name not in tables.all:
                raise Unmapped(f"the model {name} is not in the files", "import them together")
            if not tables.all[name].place.get("table"):
                raise Unmapped(f"the model {name} does not say which table it is", "name a table")
            if one.word("type") not in ("", "left"):
                raise Unmapped(f"a join of type {one.text('type')} drops rows", "make a view that joins")
            pairs = _pairs(one.text("sql_on") or "", table, tables, name, role)
            _check_many_to_one(one.word("relationship"), pairs, tables.all[name])
            table.joins[role] = JoinTo(name, pairs)
        except Unmapped as reason:
            report.left_out(one.where, f"join {table.name} to {role}", reason)
        one.close()


def _check_many_to_one(relationship: str, pairs: tuple[tuple[str, str], ...], other: Table) -> None:
    keys = other.meta.texts("primary_key") if other.meta is not None else []
    if relationship in ("many-to-one", "one-to-one"):
        return
    if relationship or not keys or set(keys) != {theirs for _, theirs in pairs}:
        fix = "say relationship: many-to-one, or the primary_key of the joined model, where that is true"
        raise Unmapped(f"its relationship is {relationship or 'not given'}; only many to one is joined", fix)


def _pairs(sql: str, table: Table, tables: Tables, other: str, role: str) -> tuple[tuple[str, str], ...]:
    """`${orders.store_id} = ${stores.id}` as pairs of columns."""
    marked = mark_dollars(sql)
    tree = parse_sql(marked.sql)
    pairs = []
    for condition in tree.flatten() if isinstance(tree, exp.And) else [tree]:
        sides = [condition.this, condition.expression] if isinstance(condition, exp.EQ) else []
        found: dict[str, str] = {}
        for side in sides:
            if isinstance(side, exp.Column):
                name, column = tables.origin(table, side, marked, {role: other})
                found[name] = column
        if set(found) != {table.name, other}:
            raise Unmapped("it joins by something else than equal columns", "make a view that joins")
        pairs.append((found[table.name], found[other]))
    return tuple(pairs)

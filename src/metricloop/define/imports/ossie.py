"""Apache Ossie (formerly OSI): datasets, relationships, and metrics as one SQL string each.

Files that metricloop wrote carry our definitions as an extension; where nobody changed what it stands beside, it is
taken as it is.
"""

from __future__ import annotations

from collections.abc import Sequence

from metricloop.define.imports.blocks import Block
from metricloop.define.imports.model import Unmapped
from metricloop.define.imports.ossie_extension import definition_of, hidden_definitions, meta_of
from metricloop.define.imports.ossie_metrics import Metrics, expression_of
from metricloop.define.imports.report import Report
from metricloop.define.imports.row_sql import parse_sql
from metricloop.define.imports.sheet import Sheet
from metricloop.define.imports.tables import SOURCE, SQL_OF_ITS_OWN, Dialect, Field, JoinTo, Table, Tables, table_name

_TIMES = ("date", "time", "datetime", "datetimetz")
_KINDS = {"string": "string", "boolean": "boolean", "integer": "number", "decimal": "number", "float": "number"}


def import_ossie(files: Sequence[Block], sheet: Sheet, report: Report, source: str) -> None:
    """Fill the sheet from all models of all files. Raises Unmapped when none holds a model."""
    models = [model for file in files for model in _models(file)]
    if not models:
        raise Unmapped("it holds no semantic model", "name a YAML or JSON file of Ossie, with datasets:")
    for model in models:
        tables = Tables(sheet, report, source, Dialect(fields_first=True))
        metrics = Metrics(sheet, report, tables)
        for dataset in model.blocks("datasets", "dataset"):
            _add(dataset, tables, sheet)
        for relation in model.blocks("relationships", "relationship"):
            _join(relation, tables, report)
        blocks = model.blocks("metrics", "metric")
        for one in blocks:
            taken = definition_of(one, report)
            if taken is not None:
                sheet.take_metric(taken)
        for body in hidden_definitions(model):
            sheet.take_metric(body)
        for one in blocks:
            if one.name not in sheet.metrics:
                metrics.write(one)
        model.ignore("version", "name", "description", "ai_context", "dialects", "vendors")
        model.close()


def _models(file: Block) -> list[Block]:
    """The models of a file: the file itself in the newest draft, a list of them in older ones."""
    if "semantic_model" in file.value:
        return file.blocks("semantic_model", "semantic model")
    return [file] if "datasets" in file.value else []


def _add(dataset: Block, tables: Tables, sheet: Sheet) -> None:
    origin = dataset.text("source") or ""
    query = origin.lower().lstrip("( \n").startswith(("select", "with"))
    place: dict[str, str | None] = {SQL_OF_ITS_OWN: origin.strip("() \n")} if query else {"table": None}
    if not query:
        try:
            place["table"] = table_name(origin)
        except Unmapped as reason:
            tables.report.left_out(dataset.where, dataset.about, reason)
    table = Table(dataset.name, place, dataset, meta=meta_of(dataset))
    body = definition_of(dataset, tables.report)
    dataset.ignore("description", "ai_context", "custom_extensions", "primary_key", "unique_keys")
    times = []
    for one in dataset.blocks("fields", "field"):
        known = _field(one, tables.report)
        if known is not None:
            table.fields[one.name] = known
            times += [one.name] if known.kind == "time" else []
        one.close()
    table.time = times[0] if times else None
    tables.all[table.name] = table
    if body is not None:
        named = {} if tables.source == SOURCE else {"source": tables.source}
        tables.take(table, sheet.take_dataset({**body, **named}))
    elif len(times) > 1:
        fix = "write another time_column, if that is wrong"
        said = f"of {', '.join(times)} the first says when a row belongs"
        tables.report.assumed(dataset.where, dataset.about, said, fix)
    dataset.close()


def _field(one: Block, report: Report) -> Field | None:
    one.ignore("label", "description", "ai_context", "custom_extensions")
    role = one.block("dimension")
    datatype = one.word("datatype")
    kind = "time" if datatype in _TIMES else _KINDS.get(datatype, "")
    if role is not None and role.raw("is_time") is not None:
        kind = "time" if role.flag("is_time") else ("" if kind == "time" else kind)
    try:
        sql, dialect = expression_of(one)
        text = parse_sql(sql, dialect).sql()
    except Unmapped as reason:
        report.left_out(one.where, one.about, reason)
        return None
    splits = kind != "time" and (role is not None or kind in ("string", "boolean"))
    return Field(one.name, text, one, kind, splits=splits)


def _join(relation: Block, tables: Tables, report: Report) -> None:
    relation.ignore("ai_context", "custom_extensions")
    ours, theirs = relation.text("from") or "", relation.text("to") or ""
    pairs = tuple(zip(relation.texts("from_columns"), relation.texts("to_columns"), strict=False))
    try:
        for name in (ours, theirs):
            if name not in tables.all:
                raise Unmapped(f"the dataset {name} is not in the model", "")
        other = tables.all[theirs]
        if not other.place.get("table"):
            raise Unmapped(f"the dataset {theirs} is no table", "make it a view")
        keys = _keys(other.block)
        if keys and {column for _, column in pairs} not in keys:
            fix = "declare them as primary_key or unique_keys, where that is true"
            raise Unmapped(f"{theirs} is not unique by {', '.join(column for _, column in pairs)}", fix)
        if not pairs:
            raise Unmapped("it names no columns", "")
        tables.all[ours].joins[theirs] = JoinTo(theirs, pairs)
    except Unmapped as reason:
        report.left_out(relation.where, relation.about, reason)
    relation.close()


def _keys(dataset: Block) -> list[set[str]]:
    unique = dataset.raw("unique_keys") or []
    lists = [dataset.texts("primary_key"), *(one for one in unique if isinstance(one, list))]
    return [set(map(str, one)) for one in lists if one]

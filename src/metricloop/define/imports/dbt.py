"""dbt: the semantic manifest that MetricFlow reads, and the same parts of a whole manifest.json.

Both authoring forms of dbt compile to it: measures in semantic models, and metrics that aggregate by themselves.
"""

from __future__ import annotations

from sqlglot import exp

from metricloop.define.imports.blocks import Block
from metricloop.define.imports.dbt_metrics import Metrics
from metricloop.define.imports.model import Unmapped
from metricloop.define.imports.report import Report
from metricloop.define.imports.row_sql import parse_sql
from metricloop.define.imports.sheet import Sheet, grain_of
from metricloop.define.imports.tables import Dialect, Field, JoinTo, Table, Tables
from metricloop.define.imports.templates import Reference, mark_calls

_UNIQUE = ("primary", "unique")


def import_dbt(file: Block, sheet: Sheet, report: Report, source: str) -> None:
    """Fill the sheet. Raises Unmapped when the file is no manifest."""
    models = file.blocks("semantic_models", "semantic model")
    metrics = file.blocks("metrics", "metric")
    if not models:
        raise Unmapped("it holds no semantic_models", "name target/semantic_manifest.json, which `dbt parse` writes")
    tables = DbtTables(sheet, report, source, Dialect(mark_calls))
    for model in models:
        tables.add(model)
    tables.link()
    found = Metrics(sheet, report, tables)
    for model in models:
        found.add_measures(model)
    found.add_metrics(metrics)
    for model in models:
        model.close()


class DbtTables(Tables):
    """Tables that find each other by entities: one that has an entity as its key can be joined by it."""

    _entities: dict[str, dict[str, tuple[str, str]]]  # table -> entity -> (type, SQL)

    def add(self, model: Block) -> None:
        self._entities = getattr(self, "_entities", {})
        model.ignore("metadata", "unique_id", "original_file_path", "path", "package_name", "fqn", "depends_on", "refs")
        model.ignore("resource_type", "created_at", "unrendered_config", "model", "group", "tags", "docs")
        relation = model.block("node_relation")
        config = model.block("config")
        table = Table(model.name, {"table": _place(relation)}, model, meta=config.block("meta") if config else None)
        defaults = model.block("defaults")
        table.time = defaults.text("agg_time_dimension") if defaults else None
        for one in model.blocks("dimensions", "dimension"):
            table.fields[one.name] = self._field_of(one)
        times = [name for name, known in table.fields.items() if known.kind == "time"]
        table.time = table.time or (times[0] if times else None)
        primary = model.text("primary_entity")
        entities = {primary: ("primary", "")} if primary else {}
        for one in model.blocks("entities", "entity"):
            one.ignore("description", "label", "metadata", "config", "role")
            entities[one.name] = (one.word("type"), one.text("expr") or one.name)
            one.close()
        self._entities[table.name] = entities
        self.all[table.name] = table

    def link(self) -> None:
        """Joins by entities: ours of any type to theirs that is a key."""
        for table in self.all.values():
            for entity, (_, ours) in self._entities[table.name].items():
                for other, theirs in self._keys(entity, table.name):
                    pair = _columns(ours, theirs)
                    if pair is not None:
                        table.joins.setdefault(entity, JoinTo(other, (pair,)))

    def locate(self, table: Table, reference: Reference) -> tuple[str | None, str]:
        *path, name = reference.path
        entities = self._entities[table.name]
        if reference.kind == "Entity":
            if path or name not in entities:
                raise Unmapped(f"the entity {'__'.join(reference.path)} is not one of {table.name}", "")
            return None, entities[name][1]
        if reference.kind == "TimeDimension" and name == "metric_time":
            raise Unmapped("it filters by metric_time", "choose the time when you query")
        if len(path) > 1:
            raise Unmapped(f"{'__'.join(reference.path)} is more than one join away", "join it in a view of the source")
        own = not path or entities.get(path[0], ("", ""))[0] in (*_UNIQUE, "natural")
        return (None, name) if own and (not path or name in table.fields) else (path[0], name)

    def _keys(self, entity: str, but: str) -> list[tuple[str, str]]:
        """Other tables that have the entity as their key, and its SQL there."""
        return [
            (other, entities[entity][1])
            for other, entities in self._entities.items()
            if other != but and entity in entities and entities[entity][0] in _UNIQUE
        ]

    def _field_of(self, one: Block) -> Field:
        one.ignore("description", "label", "metadata", "config", "is_partition")
        kind, sql = one.word("type"), one.text("expr") or one.name
        grain = "hour"
        params = one.block("type_params")
        if kind == "time" and params is not None:
            params.ignore("validity_params")
            try:
                grain = grain_of(params.word("time_granularity"))
            except Unmapped as reason:
                self.report.changed(one.where, one.about, f"{reason.problem}; it is taken by month", reason.fix)
                grain = "month"
        one.close()
        return Field(one.name, sql, one, kind, splits=kind == "categorical", grain=grain, label=one.text("label"))


def _place(relation: Block | None) -> str | None:
    """`schema.table`; which database it is in is the source's matter."""
    if relation is None:
        return None
    relation.ignore("database", "relation_name")
    schema, alias = relation.text("schema_name") or relation.text("schema"), relation.text("alias")
    return f"{schema}.{alias}" if schema and alias else alias


def _columns(ours: str, theirs: str) -> tuple[str, str] | None:
    """Both as columns, or None where one is an expression."""
    try:
        pair = [parse_sql(text) for text in (ours, theirs)]
    except Unmapped:
        return None
    return (pair[0].name, pair[1].name) if all(isinstance(one, exp.Column) for one in pair) else None

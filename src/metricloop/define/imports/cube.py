"""Cube: data models in YAML. Each cube with a time and a measure is a dataset; each public measure a metric."""

from __future__ import annotations

from collections.abc import Sequence

from sqlglot import exp

from metricloop.define.imports.blocks import Block
from metricloop.define.imports.cube_measures import Measures
from metricloop.define.imports.model import Unmapped
from metricloop.define.imports.report import Report
from metricloop.define.imports.row_sql import parse_sql
from metricloop.define.imports.sheet import Sheet
from metricloop.define.imports.tables import SQL_OF_ITS_OWN, Dialect, Field, JoinTo, Table, Tables, table_name
from metricloop.define.imports.templates import mark_braces

_ONE = ("many_to_one", "one_to_one", "belongsto", "belongs_to", "hasone", "has_one")
_SHOWN_ONLY = (
    "sql_alias", "refresh_key", "pre_aggregations", "data_source", "public", "shown", "hierarchies", "rewriteQueries",
    "calendar", "context_members", "drill_members",
)  # fmt: skip
_FIELD_ONLY = (
    "title", "description", "format", "meta", "public", "shown", "granularities", "suggest_filter_values", "order",
    "propagate_filters_to_sub_query", "currency", "links", "values",
)  # fmt: skip


_NO_COLUMNS = {
    "case": "it is a CASE in Cube's own form",
    "sub_query": "it is a subquery over measures",
    "latitude": "it is a place on a map",
    "time_shift": "it is a shifted calendar",
}


def import_cube(files: Sequence[Block], sheet: Sheet, report: Report, source: str) -> None:
    """Fill the sheet from all files together. Raises Unmapped when none holds a cube."""
    cubes = [one for file in files for one in file.blocks("cubes", "cube")]
    if not cubes:
        raise Unmapped("it holds no cubes", "name a YAML file with cubes:, or a folder of them")
    for file in files:
        for view in file.blocks("views", "view"):
            report.ignored(view.where, view.about, "a view shows measures of cubes again; those are imported")
    tables = Tables(sheet, report, source, Dialect(mark_braces))
    taken: list[Block] = []
    for cube in cubes:
        try:
            tables.all[cube.name] = _table(cube, report)
            taken.append(cube)
        except Unmapped as reason:
            report.left_out(cube.where, cube.about, reason)
    for cube in taken:
        _join(cube, tables, report)
    measures = Measures(sheet, report, tables)
    for cube in taken:
        measures.know(cube)
    measures.write()
    for cube in taken:
        cube.close()


def _table(cube: Block, report: Report) -> Table:
    cube.ignore(*_SHOWN_ONLY)
    if cube.raw("extends"):
        raise Unmapped(f"it extends {cube.text('extends')}", "write its own members out")
    if cube.raw("access_policy"):
        fix = "write governance.access, and row grants, for its metrics"
        report.changed(cube.where, cube.about, "who may see what (access_policy) does not come over", fix)
    for one in cube.blocks("segments", "segment"):
        report.left_out(
            one.where, one.about, Unmapped("segments are filters of a query", "write a metric with a filter")
        )
    place: dict[str, str] = {}
    if named := cube.text("sql_table"):
        place["table"] = table_name(named)
    elif select := cube.text("sql"):
        place.update(_select(select))
    table = Table(cube.name, place, cube, meta=cube.block("meta"))
    for one in cube.blocks("dimensions", "dimension"):
        if (known := _field(one, report)) is not None:
            table.fields[one.name] = known
    times = [name for name, known in table.fields.items() if known.kind == "time"]
    table.time = times[0] if times else None
    if len(times) > 1:
        fix = "write another time_column, if that is wrong"
        report.assumed(cube.where, cube.about, f"of {', '.join(times)} the first says when a row belongs", fix)
    return table


def _select(text: str) -> dict[str, str]:
    """`SELECT * FROM orders` is the table orders."""
    plain = mark_braces(text)
    if plain.references:
        raise Unmapped("its SQL holds templates", "write plain SQL, or make a view")
    tree = parse_sql(plain.sql)
    if not isinstance(tree, exp.Query):
        raise Unmapped("its sql is no SELECT", "write sql_table")
    origin = tree.args.get("from_") or tree.args.get("from")
    star = isinstance(tree, exp.Select) and tree.is_star and len(tree.expressions) == 1
    clauses = ("where", "joins", "group", "having", "limit", "distinct", "with_", "with", "laterals", "qualify")
    if star and _is_plain(origin) and origin is not None and not any(map(tree.args.get, clauses)):
        return {"table": table_name(origin.this.sql())}
    return {SQL_OF_ITS_OWN: text.strip()}


def _is_plain(origin: exp.Expr | None) -> bool:
    """FROM one table, and no function that makes one."""
    return origin is not None and isinstance(origin.this, exp.Table) and isinstance(origin.this.this, exp.Identifier)


def _field(one: Block, report: Report) -> Field | None:
    one.ignore(*_FIELD_ONLY)
    kind = one.word("type")
    for word, why in _NO_COLUMNS.items():
        if one.raw(word):
            one.ignore("longitude")
            report.left_out(one.where, one.about, Unmapped(why, "make it a column of a view"))
            return None
    key = one.flag("primary_key")
    sql = one.text("sql") or one.name
    one.close()
    if kind == "number" and not key:
        report.ignored(one.where, one.about, "a number is no way to split; measures and filters may use it")
    return Field(one.name, sql, one, kind, splits=kind in ("string", "boolean") and not key, label=one.text("title"))


def _join(cube: Block, tables: Tables, report: Report) -> None:
    table = tables.all[cube.name]
    for one in cube.blocks("joins", "join"):
        relation = one.word("relationship") or one.word("type")
        sql = one.text("sql") or ""
        try:
            if relation not in _ONE:
                fix = "declare it the other way round, from the many to the one"
                raise Unmapped(f"its relationship is {relation or 'not given'}; only many to one is joined", fix)
            if one.name not in tables.all:
                raise Unmapped(f"the cube {one.name} is not in the files", "import them together")
            if "table" not in tables.all[one.name].place:
                raise Unmapped(f"the cube {one.name} is a query", "make it a view")
            table.joins[one.name] = JoinTo(one.name, _pairs(sql, table, tables, one.name))
        except Unmapped as reason:
            report.left_out(one.where, f"join {cube.name} to {one.name}", reason)
        one.close()


def _pairs(sql: str, table: Table, tables: Tables, other: str) -> tuple[tuple[str, str], ...]:
    """`{CUBE}.store_id = {stores.id} AND ...` as pairs of columns."""
    marked = mark_braces(sql)
    pairs = []
    for condition in parse_sql(marked.sql).flatten() if " and " in sql.lower() else [parse_sql(marked.sql)]:
        sides = [condition.this, condition.expression] if isinstance(condition, exp.EQ) else []
        found: dict[str, str] = {}
        for side in sides:
            if isinstance(side, exp.Column):
                name, column = tables.origin(table, side, marked)
                found[name] = column
        if set(found) != {table.name, other}:
            raise Unmapped("it joins by something else than equal columns", "make a view that joins")
        pairs.append((found[table.name], found[other]))
    return tuple(pairs)

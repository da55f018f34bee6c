"""Foreign tables with their fields and joins, and how names in foreign SQL become columns of our datasets."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from sqlglot import exp

from metricloop.define.dataset import Agg
from metricloop.define.imports.blocks import Block
from metricloop.define.imports.formulas import Aggregate
from metricloop.define.imports.governance import dataset_words, words_of
from metricloop.define.imports.model import Unmapped
from metricloop.define.imports.report import Report
from metricloop.define.imports.row_sql import all_of, column, condition_text, parse_sql, resolved, shown, value_text
from metricloop.define.imports.sheet import Body, Component, DatasetDraft, Sheet, lateness_of
from metricloop.define.imports.templates import Marked, Reference

SQL_OF_ITS_OWN = "sql"  # the key of a dataset that is a query
SOURCE = "SOURCE_TO_BE_NAMED"  # no such source: `check` points at it
TIME_COLUMN = "TIME_COLUMN_TO_BE_NAMED"
_OWN = ("CUBE", "TABLE")
_DEEPEST = 15  # fields over fields


@dataclass(frozen=True, slots=True)
class Field:
    """One field: SQL over its table's columns. kind: time, string, number, boolean or "". splits: worth a dimension."""

    name: str
    sql: str
    block: Block
    kind: str = ""
    splits: bool = False
    grain: str = "hour"
    label: str | None = None


@dataclass(frozen=True, slots=True)
class JoinTo:
    """Another table that has at most one row for each of ours. on: our column -> theirs."""

    table: str
    on: tuple[tuple[str, str], ...]


@dataclass(eq=False)
class Table:
    """place: `table` or `sql` of a dataset. only: a condition on every row. meta: its metadata, for our words."""

    name: str
    place: Body
    block: Block
    fields: dict[str, Field] = field(default_factory=dict)
    joins: dict[str, JoinTo] = field(default_factory=dict)
    time: str | None = None
    only: str | None = None
    meta: Block | None = None


@dataclass(frozen=True)
class Dialect:
    """How a format writes names in SQL. fields_first: a bare name is a field before it is a column."""

    mark: Callable[[str], Marked] = lambda text: Marked(text, {})
    fields_first: bool = False
    sql: str | None = None


class Tables:
    """All tables of an import. `locate` finds the table and field that a reference of one table means."""

    def __init__(self, sheet: Sheet, report: Report, source: str, dialect: Dialect) -> None:
        self.sheet = sheet
        self.report = report
        self.source = source
        self.dialect = dialect
        self.all: dict[str, Table] = {}
        self._drafts: dict[tuple[str, str], DatasetDraft] = {}
        self._open: list[tuple[str, str]] = []
        self._trees: dict[tuple[str, str], exp.Expr | Unmapped] = {}  # of fields, once each

    def draft(self, table: Table, time: str | None = None) -> DatasetDraft:
        """The dataset over this table by this time field; its own one by default. Raises Unmapped when it has none."""
        time = time or table.time
        if time is None:
            raise Unmapped(f"{table.name} has no time, and each number here belongs to an hour or a day", "name one")
        if (table.name, time) not in self._drafts:
            self._drafts[table.name, time] = self._new_draft(table, time)
        return self._drafts[table.name, time]

    def take(self, table: Table, draft: DatasetDraft) -> None:
        """This dataset reads the table, as it was read before."""
        if table.time is not None:
            self._drafts[table.name, table.time] = draft

    def table_of(self, draft: DatasetDraft) -> Table:
        """The table that a dataset reads."""
        return next(self.all[table] for (table, _), one in self._drafts.items() if one is draft)

    def component(self, draft: DatasetDraft, table: Table, found: Aggregate) -> Component:
        """A measure of the dataset; `found` holds trees over its columns already (see `value`)."""
        condition = condition_text(found.condition) if found.condition is not None else None
        only = condition_text(self.value(draft, table, table.only)) if table.only else None
        expr = value_text(found.value) if found.value is not None else "1"
        if found.agg is Agg.COUNT and expr == draft.head["time_column"]:
            expr = "1"  # a row without a time belongs nowhere
        return Component(found.agg, expr, all_of([only, condition]), found.percentile)

    def value(self, draft: DatasetDraft | None, table: Table, text: str) -> exp.Expr:
        """SQL over one row of the table as a tree over the dataset's columns. draft None: own columns alone."""
        marked = self.dialect.mark(text)
        return self.tree(draft, table, parse_sql(marked.sql, self.dialect.sql), marked)

    def tree(self, draft: DatasetDraft | None, table: Table, tree: exp.Expr, marked: Marked) -> exp.Expr:
        """Like `value`, for what has been parsed."""
        return resolved(tree, lambda node: self.name(draft, table, node, marked))

    def origin(
        self, table: Table, node: exp.Column, marked: Marked, roles: Mapping[str, str] | None = None
    ) -> tuple[str, str]:
        """The table that a name in the table's SQL belongs to, its own or another, and the column there."""
        reference, qualifier = marked.references.get(node.name), node.table
        if reference is not None and not qualifier:
            role, name = self.locate(table, reference)
        else:
            qualifier = marked.references[qualifier].path[-1] if qualifier in marked.references else qualifier
            own = not qualifier or qualifier == table.name or qualifier.upper() in _OWN
            role, name = None if own else qualifier, node.name
        there = self.all.get((roles or {}).get(role, role)) if role is not None else table
        if there is None:
            raise Unmapped(f"the table {role} is not in the files", "import them together")
        tree = self._field(there, name) if reference is not None or self.dialect.fields_first else column(name)
        if not isinstance(tree, exp.Column):
            raise Unmapped(f"{name} of {there.name} is an expression", "join by plain columns")
        return there.name, tree.name

    def name(self, draft: DatasetDraft | None, table: Table, node: exp.Column, marked: Marked) -> exp.Expr:
        """What a name in the table's SQL stands for."""
        reference = marked.references.get(node.name)
        if reference is not None and not node.table:
            role, name = self.locate(table, reference)
            return self._field(table, name) if role is None else self._joined(draft, table, role, name)
        qualifier = node.table
        if qualifier in marked.references:
            qualifier = marked.references[qualifier].path[-1]
        if qualifier and qualifier != table.name and qualifier.upper() not in _OWN:
            return self._joined(draft, table, qualifier, node.name)
        if self.dialect.fields_first and not self._open and node.name in table.fields:
            return self._field(table, node.name)
        return exp.column(node.this.copy())

    def locate(self, table: Table, reference: Reference) -> tuple[str | None, str]:
        """The role of the joined table (None: the table itself) and the field that a reference means."""
        *qualifier, name = reference.path
        if not qualifier or qualifier[-1] == table.name or qualifier[-1].upper() in _OWN:
            return None, name
        return qualifier[-1], name

    def _field(self, table: Table, name: str) -> exp.Expr:
        known = table.fields.get(name)
        if known is None:
            return column(name)
        key = (table.name, name)
        if key in self._open or len(self._open) >= _DEEPEST:
            raise Unmapped(f"the field {name} needs itself, or very many others", "correct it in the file")
        if key not in self._trees:
            self._open.append(key)
            try:
                self._trees[key] = self.value(None, table, known.sql)
            except Unmapped as reason:
                self._trees[key] = reason
            finally:
                self._open.pop()
        found = self._trees[key]
        if isinstance(found, Unmapped):
            raise found
        return found

    def _joined(self, draft: DatasetDraft | None, table: Table, role: str, name: str) -> exp.Expr:
        """A column of a joined table, as the dimension that it is for our dataset."""
        join = table.joins.get(role) or next((one for one in table.joins.values() if one.table == role), None)
        role = next((key for key, one in table.joins.items() if one is join), role)
        if join is None:
            fix = "declare a many-to-one join, or a view that holds the column"
            raise Unmapped(f"{role}.{name} is not in a table that {table.name} joins many to one", fix)
        if draft is None:
            raise Unmapped(f"a field of {table.name} reaches into {role}", "make a view that holds the column")
        tree = self._field(self.all[join.table], name)
        if not isinstance(tree, exp.Column):
            raise Unmapped(f"{role}.{name} is an expression over a joined table", "make it a column of a view")
        body = _join_body(role, self.all[join.table], join)
        alike = (key for key, one in draft.joins.items() if {**one, "name": role} == body)
        role = next(alike, role)
        draft.joins.setdefault(role, body)
        return column(draft.dimension(name, join=role, column=tree.name))

    def _new_draft(self, table: Table, time: str) -> DatasetDraft:
        known = table.fields.get(time)
        time_column, grain = TIME_COLUMN, "hour"
        if known is not None:
            tree, grain = self._field(table, time), known.grain
            if not isinstance(tree, exp.Column):
                raise Unmapped(f"its time {time} is {shown(tree.sql())}, not a column", "make it a column of a view")
            time_column = tree.name
        if not any(table.place.values()):
            raise Unmapped(f"{table.name} does not say which table it is", "name a table")
        if self.source == SOURCE:
            fix = f"name it with --source, or write it in place of {SOURCE}"
            self.report.assumed_often(table.block.where, "dataset.source", f"no source is named: it is {SOURCE}", fix)
        words = {key: words_of(table.block.text(key)) for key in ("label", "title", "description")}
        head: Body = {"label": words["label"] or words["title"], "description": words["description"]}
        head = {key: value for key, value in head.items() if value}
        head |= {"source": self.source, **table.place, "time_column": time_column}
        if grain != "hour":
            head["grain"] = grain
        head |= {"lateness": lateness_of(grain), **dataset_words(table.meta)}
        name = table.name if time == table.time else f"{table.name}_by_{time}"
        draft = self.sheet.dataset(name, head)
        fix = "write how long after a bucket's end its rows are all there"
        self.report.assumed_often(
            table.block.where, "dataset.lateness", f"lateness: {head['lateness']} is assumed", fix
        )
        self._add_joins(draft, table)
        self._add_dimensions(draft, table)
        return draft

    def _add_joins(self, draft: DatasetDraft, table: Table) -> None:
        for role, join in table.joins.items():
            draft.joins[role] = _join_body(role, self.all[join.table], join)

    def _add_dimensions(self, draft: DatasetDraft, table: Table) -> None:
        for one in table.fields.values():
            if not one.splits:
                continue
            try:
                tree = self._field(table, one.name)
                if isinstance(tree, exp.Column):
                    name = draft.dimension(one.name, column=tree.name)
                else:
                    name = draft.dimension(one.name, expr=value_text(tree))
                draft.label(name, words_of(one.label))
            except Unmapped as reason:
                self.report.left_out(one.block.where, f"dimension {table.name}.{one.name}", reason)
        for role, join in table.joins.items():
            for one in self.all[join.table].fields.values():
                if not one.splits:
                    continue
                try:
                    named = self._joined(draft, table, role, one.name)
                    draft.label(named.name, words_of(one.label))
                except Unmapped as reason:
                    self.report.left_out(one.block.where, f"dimension {role}.{one.name} of {table.name}", reason)


def fact_aggregate(found: Aggregate, resolve: Callable[[exp.Expr], exp.Expr]) -> Aggregate:
    """The aggregate with `resolve` done to its value and its condition."""
    value = resolve(found.value) if found.value is not None else None
    condition = resolve(found.condition) if found.condition is not None else None
    return replace(found, value=value, condition=condition)


def table_name(text: str) -> str:
    """`"db"."schema"."orders"` -> `schema.orders`: the database is the source's matter. Raises Unmapped on no name."""
    parts = [part.strip().strip('"`[]') for part in text.split(".")]
    if not all(re.fullmatch(r"[\w$ -]{1,128}", part) for part in parts):
        raise Unmapped(f"{shown(text)} is not the name of a table", "write table or schema.table")
    return ".".join(parts[-2:])


def _join_body(role: str, table: Table, join: JoinTo) -> Body:
    return {"name": role, "table": str(table.place.get("table")), "on": dict(join.on)}

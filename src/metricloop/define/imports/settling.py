"""Names of dimensions, once everything is known: short ones, and none that a column of the same table has already.

A name in a filter is a dimension where there is one of that name, and a column else. So a dimension must not be called
like a column that some measure means.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sqlglot import exp

from metricloop.define.imports.report import Report
from metricloop.define.imports.row_sql import column, parse_sql, written
from metricloop.define.imports.sheet import Body, Component, DatasetDraft, Sheet, free


def settle(sheet: Sheet, report: Report) -> None:
    """Give every dimension its name, in the texts that use it as well."""
    for draft in sheet.datasets.values():
        inputs = list(_filtered_inputs(sheet, draft.name))
        meant = _columns_meant(draft, inputs)
        names = _names(draft, meant)
        renamed = {old: new for old, new in names.items() if old in draft.provisional and old != new}
        for old, new in names.items():
            if old != new and old not in draft.provisional:
                why = f"the dimension {old} is called {new}, because measures use a column {old} of another meaning"
                report.changed("", f"dataset {draft.name}", why)
        draft.dimensions = {names[old]: _named(names[old], body) for old, body in draft.dimensions.items()}
        draft.measures = {name: _renamed(one, renamed) for name, one in draft.measures.items()}
        for one in inputs:
            one["filter"] = _text(one["filter"], renamed)
        draft.provisional.clear()


def _names(draft: DatasetDraft, meant: set[str]) -> dict[str, str]:
    """Old name -> new one. Plain columns keep theirs; joined columns drop the join where nothing else has that name."""
    ours = draft.original is not None
    kept = [
        name
        for name, one in draft.dimensions.items()
        if one.keys() <= {"name", "label"} or (ours and name not in draft.provisional)
    ]
    names: dict[str, str] = {name: name for name in kept}
    taken = {**dict.fromkeys(meant), **dict.fromkeys(names)}
    for name, one in draft.dimensions.items():
        if name in names:
            continue
        if name in draft.provisional:
            short = name.removeprefix(f"{one['join']}__")
            wanted = short if short not in taken else f"{one['join']}_{short}"
        else:
            wanted = name
        names[name] = free(wanted, taken)
        taken[names[name]] = None
    return {name: names[name] for name in draft.dimensions}


def _columns_meant(draft: DatasetDraft, inputs: list[Body]) -> set[str]:
    """Columns of the fact table that measures, filters and joins name."""
    texts = [text for one in draft.measures.values() for text in (one.expr, one.filter) if text and text != "*"]
    texts += [str(one["filter"]) for one in inputs]
    named = {node.name for text in texts for node in parse_sql(text).find_all(exp.Column)}
    joined = {ours for join in draft.joins.values() for ours in join["on"]}
    return (named - draft.provisional) | joined | {str(draft.head.get("time_column"))}


def _filtered_inputs(sheet: Sheet, dataset: str) -> Iterator[Body]:
    for body in sheet.metrics.values():
        for one in body.get("input_metrics", []):
            if one.get("filter") and sheet.metrics.get(one["name"], {}).get("dataset") == dataset:
                yield one


def _named(name: str, body: Body) -> Body:
    return {**{key: value for key, value in body.items() if not (key == "column" and value == name)}, "name": name}


def _renamed(one: Component, names: Mapping[str, str]) -> Component:
    kept = _text(one.filter, names) if one.filter else None
    return Component(one.agg, _text(one.expr, names), kept, one.percentile)


def _text(text: str, names: Mapping[str, str]) -> str:
    if not any(name in text for name in names):
        return text

    def put(node: exp.Expr) -> exp.Expr:
        return column(names[node.name]) if isinstance(node, exp.Column) and node.name in names else node

    return written(parse_sql(text).transform(put))

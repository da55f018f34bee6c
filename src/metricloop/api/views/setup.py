"""What a first look at new data found, as the browser reads it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from metricloop.api.ports import FormField
from metricloop.api.schemas.setup import FormFieldRow, SourceForm, Suggestion
from metricloop.api.schemas.shared import Message, Scalar
from metricloop.api.schemas.sources import ColumnRow, SourceBody
from metricloop.collect.first_look import Table
from metricloop.define.model import Source
from metricloop.define.starter import Starter

SHOWN = 8  # rows
_LONGEST = 80


def form(plugin: str, summary: str, fields: Sequence[FormField]) -> SourceForm:
    rows = [
        FormFieldRow.model_validate(
            {
                "name": one.name,
                "kind": one.kind,
                "required": one.required,
                "default": one.default,
                "choices": list(one.choices),
                "description": one.description,
            }
        )
        for one in fields
    ]
    return SourceForm(plugin=plugin, summary=summary, fields=rows)


def source_body(source: Source) -> SourceBody:
    return SourceBody(name=source.name, plugin=source.plugin, options=dict(source.options))


def suggestion(source: Source, starter: Starter, table: Table) -> Suggestion:
    return Suggestion(
        source=source_body(source),
        dataset=dict(starter.dataset) if starter.dataset is not None else None,
        metrics=[dict(one) for one in starter.metrics],
        monitors=[dict(one) for one in starter.monitors],
        reasons=[Message.model_validate({"code": one.code, "params": dict(one.params)}) for one in starter.reasons],
        times=list(starter.times),
        money=list(starter.money),
        naive=starter.naive,
        columns=[ColumnRow(name=name, type=kind) for name, kind in table.columns.items()],
        sample=[[_cell(row.get(name)) for name in table.columns] for row in table.rows[:SHOWN]],
    )


def _cell(value: object) -> Scalar:
    if value is None or isinstance(value, bool | int):
        return cast(Scalar, value)
    if isinstance(value, float):
        return value if value - value == 0 else None
    return str(value)[:_LONGEST]

"""What sources, datasets and metrics look like as written."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, model_validator

from metricloop.define.dataset import Agg
from metricloop.define.model import Direction, MetricType, Status
from metricloop.define.written import (
    CalendarPeriod,
    Column,
    Duration,
    Expression,
    Lax,
    LocalText,
    Name,
    Options,
    Predicate,
    Shape,
    Synonyms,
    Table,
    Zone,
    wrong,
)
from metricloop.kernel.grain import Grain
from metricloop.kernel.message import Text

Day = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]


class SourceShape(Shape):
    name: Name
    plugin: Name = Field(description="plugin: files")
    label: LocalText = Text()
    options: Options = Field(default={})


class MeasureShape(Shape):
    name: Name
    agg: Annotated[Agg, Lax] = Field(description="agg: count")
    expr: Expression = "1"
    filter: Predicate | None = None
    percentile: float | None = Field(default=None, gt=0, lt=1)


class JoinShape(Shape):
    name: Name
    table: Table = Field(min_length=1, description="table: stores")
    on: dict[Column, Column] = Field(min_length=1, description='"on": {store_id: id}, our column: theirs')


def _named(value: object) -> object:
    """A dimension that is nothing but a column is written as its name."""
    return {"name": value} if isinstance(value, str) else value


class DimensionShape(Shape):
    name: Column
    column: Column | None = None
    join: Name | None = None
    expr: Expression | None = None
    label: LocalText = Text()
    synonyms: Synonyms = Field(default={})


class QualityShape(Shape):
    freshness: Duration | None = None
    completeness: bool = True
    drift: bool = True
    nulls: bool = True
    duplicates: bool = True


class DatasetShape(Shape):
    name: Name
    label: LocalText = Text()
    description: LocalText = Text()
    owner: Name | None = None
    source: Name = Field(description="source: SOURCE, one of the sources")
    table: Table | None = Field(default=None, min_length=1)
    sql: str | None = Field(default=None, min_length=1)
    time_column: Column = Field(description="time_column: created_at, the column that says when a row belongs")
    time_column_zone: Zone | None = None
    timezone: Zone | None = None
    week_start: Day = "monday"
    grain: Annotated[Grain, Lax] = Grain.HOUR
    lateness: Duration = Field(description="lateness: 1h, how long after an hour's end its rows are all there")
    overlap: Duration = timedelta(0)
    updated_column: Column | None = None
    key: list[Column] = Field(default=[])
    joins: list[JoinShape] = Field(default=[])
    dimensions: list[Annotated[DimensionShape, BeforeValidator(_named)]] = Field(default=[])
    measures: list[MeasureShape] = Field(default=[])
    quality: QualityShape = QualityShape()

    @property
    def dimension_names(self) -> list[str]:
        return [one.name for one in self.dimensions]

    @model_validator(mode="after")
    def _one_place(self) -> DatasetShape:
        if (self.table is None) == (self.sql is None):
            raise wrong(
                "a dataset reads either a table or sql", "write table: orders, or sql: SELECT ... , one of them"
            )
        return self


class GovernanceShape(Shape):
    owner: Name = Field(description="owner: PERSON, who answers for the definition")
    level: Literal["L1", "L2", "L3"] = Field(description="level: L1")
    unit: str = Field(min_length=1, description="unit: ratio, count, seconds or a currency such as CNY")
    good_direction: Annotated[Direction, Lax] = Field(description="good_direction: up, down or none")
    minimum_denominator: float = Field(default=1.0, ge=0)
    value_of_one: float | None = None
    currency: str | None = Field(default=None, pattern=r"^[A-Z]{3}$")
    calendar: str | None = Field(default=None, pattern=r"^[A-Z]{2}(-[A-Z0-9]{1,3})?$")
    lateness: Duration | None = None
    access: list[Annotated[str, Field(min_length=1, max_length=63)]] = Field(default=[])
    status: Annotated[Status, Lax] = Status.DRAFT
    successor: Name | None = None
    synonyms: Synonyms = Field(default={})


class InputMetricShape(Shape):
    name: Name
    alias: Name | None = None
    offset_window: CalendarPeriod | None = None
    offset_to_grain: Annotated[Grain, Lax] | None = None
    filter: Predicate | None = None


class MetricShape(Shape):
    name: Name
    type: Annotated[MetricType, Lax] = Field(description="type: simple, ratio, derived or cumulative")
    dataset: Name | None = None
    measure: Name | None = None
    agg: Annotated[Agg, Lax] | None = None
    percentile: float | None = Field(default=None, gt=0, lt=1)
    expr: str | None = None
    numerator: Name | None = None
    denominator: Name | None = None
    input_metrics: list[InputMetricShape] = Field(default=[])
    window: CalendarPeriod | None = None
    grain_to_date: Annotated[Grain, Lax] | None = None
    filter: Predicate | None = None
    drivers: str | None = None
    dimensions: list[Column] | None = None
    label: LocalText = Text()
    description: LocalText = Text()
    grains: list[Annotated[Grain, Lax]] | None = Field(default=None, min_length=1)
    governance: GovernanceShape = Field(description="governance: {owner: PERSON, level: L2, unit: count, ...}")

"""Orders and visits of four weeks around a change of the clocks in Berlin, metrics of every type over them, and what
each metric is by plain Python: a reference that shares no code with what it judges.
"""

from __future__ import annotations

import csv
import random
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from math import floor, nan
from pathlib import Path
from zoneinfo import ZoneInfo

import psycopg

from metricloop.define.project import Project
from metricloop.define.rules import read_project
from metricloop.store.project import read_folder
from tests.collect.engines import POSTGRES, postgres_schema

BERLIN = ZoneInfo("Europe/Berlin")
FIRST, LAST = date(2026, 3, 2), date(2026, 4, 12)  # days in Berlin; the clocks change on 29 March
NONE = "(none)"

DEFINITIONS = """\
datasets:
  - name: orders
    source: shop
    table: orders
    time_column: created_at
    timezone: Europe/Berlin
    lateness: 1h
    dimensions: [region, carrier]
    measures:
      - {name: orders, agg: count}
      - {name: paid, agg: count, filter: "status = 'paid'"}
      - {name: amount, agg: sum, expr: amount}
  - name: visits
    source: shop
    table: visits
    time_column: at
    timezone: Europe/Berlin
    lateness: 1h
    dimensions: [region]
    measures:
      - {name: visitors, agg: sum, expr: visitors}
metrics:
  - {name: gmv, type: simple, dataset: orders, measure: amount, filter: "status = 'paid'", governance: <money>}
  - {name: order_count, type: simple, dataset: orders, measure: orders, governance: <count>}
  - {name: paid_rate, type: ratio, dataset: orders, numerator: paid, denominator: orders, governance: <ratio>}
  - {name: order_value, type: simple, dataset: orders, agg: average, expr: amount, governance: <money>}
  - {name: buyers, type: simple, dataset: orders, agg: count_distinct, expr: customer, governance: <count>}
  - {name: slowest, type: simple, dataset: orders, agg: max, expr: hours, governance: <count>}
  - {name: p90, type: simple, dataset: orders, agg: percentile, percentile: 0.9, expr: hours, governance: <count>}
  - {name: gmv_mtd, type: cumulative, dataset: orders, measure: amount, filter: "status = 'paid'",
      grain_to_date: month, governance: <money>}
  - {name: gmv_7d, type: cumulative, dataset: orders, measure: amount, filter: "status = 'paid'",
      window: 7d, governance: <money>}
  - {name: buyers_7d, type: cumulative, dataset: orders, agg: count_distinct, expr: customer,
      window: 7d, governance: <count>}
  - {name: buyers_mtd, type: cumulative, dataset: orders, agg: count_distinct, expr: customer,
      grain_to_date: month, governance: <count>}
  - {name: gmv_vs_last_week, type: derived, expr: "gmv / last_week - 1", grains: [hour, day], governance: <ratio>,
      input_metrics: [{name: gmv}, {name: gmv, alias: last_week, offset_window: 7d}]}
  - {name: growth_change, type: derived, expr: "now - before", governance: <ratio>,
      input_metrics: [{name: gmv_vs_last_week, alias: now},
                      {name: gmv_vs_last_week, alias: before, offset_window: 1d}]}
  - {name: gmv_since_first, type: derived, expr: "gmv - first", governance: <money>,
      input_metrics: [{name: gmv}, {name: gmv, alias: first, offset_to_grain: month}]}
  - {name: east_share, type: derived, expr: "east / gmv", governance: <ratio>,
      input_metrics: [{name: gmv}, {name: gmv, alias: east, filter: "region = 'East'"}]}
  - {name: visitors, type: simple, dataset: visits, measure: visitors, governance: <count>}
  - {name: conversion, type: derived, expr: "order_count / visitors", governance: <ratio>,
      input_metrics: [{name: order_count}, {name: visitors}]}
  - {name: spend, type: simple, dataset: orders, measure: amount, governance: <money>,
      drivers: "visitors * conversion * order_value"}
people:
  - {id: ana, name: Ana, roles: [owner], contacts: [{channel: desk, address: ana}]}
assignment: {fallback: ana, acknowledge_within: 30m, resolve_within: 1d, escalation: [{wait: 30m, person: ana}]}
channels: [{name: desk, plugin: console}]
"""


@dataclass(frozen=True)
class Order:
    at: datetime
    region: str | None
    carrier: str
    status: str
    customer: int | None
    amount: float | None
    hours: float


@dataclass(frozen=True)
class Visit:
    at: datetime
    region: str | None
    visitors: int


def _hours() -> Iterator[datetime]:
    at = datetime(FIRST.year, FIRST.month, FIRST.day, tzinfo=BERLIN).astimezone(UTC)
    end = datetime(LAST.year, LAST.month, LAST.day, tzinfo=BERLIN).astimezone(UTC) + timedelta(days=1)
    while at < end:
        yield at
        at += timedelta(hours=1)


def _made() -> tuple[list[Order], list[Visit]]:
    draw = random.Random(5)
    orders, visits = [], []
    for at in _hours():
        for region in ("East", "West", None):
            if (
                region != "West" or at.astimezone(BERLIN).day != 20
            ):  # a day without any visit or order in the West: x / 0
                visits.append(Visit(at + timedelta(minutes=draw.randrange(60)), region, draw.randrange(5)))
            for _ in range(draw.choice((0, 0, 1, 2)) if region != "West" or at.astimezone(BERLIN).day != 20 else 0):
                moment = at + timedelta(seconds=draw.randrange(3600))
                status = draw.choice(("paid", "paid", "open"))
                customer = draw.choice((None, *range(12)))
                amount = draw.choice((None, *range(0, 4000, 25)))
                orders.append(
                    Order(moment, region, draw.choice(("DHL", "dhl", "UPS")), status, customer, amount, draw.random())
                )
    return orders, visits


ORDERS, VISITS = _made()

# ---- what every metric is -------------------------------------------------------------------------------------------

Span = tuple[datetime, datetime]
Fits = Callable[[Order | Visit], bool]


def local(day: date) -> datetime:
    """Midnight in Berlin, in UTC."""
    return datetime(day.year, day.month, day.day, tzinfo=BERLIN).astimezone(UTC)


def day_span(day: date) -> Span:
    return local(day), local(day + timedelta(days=1))


def _within(span: Span, fits: Fits) -> list[Order]:
    return [row for row in ORDERS if span[0] <= row.at < span[1] and fits(row)]


def _divided(above: float, below: float) -> float:
    return above / below if below else nan


def _percentile(values: Sequence[float], share: float) -> float:
    if not values:
        return nan
    ordered = sorted(values)
    place = share * (len(ordered) - 1)
    low = floor(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (place - low)


def gmv(span: Span, fits: Fits) -> float:
    return sum(row.amount or 0 for row in _within(span, fits) if row.status == "paid")


def visitors(span: Span, fits: Fits) -> float:
    return sum(row.visitors for row in VISITS if span[0] <= row.at < span[1] and fits(row))


def buyers(span: Span, fits: Fits) -> float:
    return len({row.customer for row in _within(span, fits)} - {None})


def paid_rate(span: Span, fits: Fits) -> float:
    rows = _within(span, fits)
    return _divided(sum(row.status == "paid" for row in rows), len(rows))


def order_value(span: Span, fits: Fits) -> float:
    amounts = [row.amount for row in _within(span, fits) if row.amount is not None]
    return _divided(sum(amounts), len(amounts))


def growth(day: date, fits: Fits) -> float:
    return _divided(gmv(day_span(day), fits), gmv(day_span(day - timedelta(days=7)), fits)) - 1


def of_region(region: str | None) -> Fits:
    return lambda row: row.region == region


east = of_region("East")


def on_day(metric: str, day: date, fits: Fits) -> float:
    """The metric on a day in Berlin, over the rows that fit."""
    span = day_span(day)
    week = local(day - timedelta(days=6)), span[1]
    month = local(day.replace(day=1)), span[1]
    found: dict[str, Callable[[], float]] = {
        "gmv": lambda: gmv(span, fits),
        "order_count": lambda: len(_within(span, fits)),
        "paid_rate": lambda: paid_rate(span, fits),
        "order_value": lambda: order_value(span, fits),
        "buyers": lambda: buyers(span, fits),
        "slowest": lambda: max((row.hours for row in _within(span, fits)), default=nan),
        "p90": lambda: _percentile([row.hours for row in _within(span, fits)], 0.9),
        "gmv_mtd": lambda: gmv(month, fits),
        "gmv_7d": lambda: gmv(week, fits),
        "buyers_7d": lambda: buyers(week, fits),
        "buyers_mtd": lambda: buyers(month, fits),
        "gmv_vs_last_week": lambda: growth(day, fits),
        "growth_change": lambda: growth(day, fits) - growth(day - timedelta(days=1), fits),
        "gmv_since_first": lambda: gmv(span, fits) - gmv(day_span(day.replace(day=1)), fits),
        "east_share": lambda: _divided(gmv(span, lambda row: fits(row) and east(row)), gmv(span, fits)),
        "conversion": lambda: _divided(len(_within(span, fits)), visitors(span, fits)),
        "visitors": lambda: visitors(span, fits),
    }
    return found[metric]()


DAILY = (
    "gmv", "order_count", "paid_rate", "order_value", "buyers", "slowest", "p90", "gmv_mtd", "gmv_7d", "buyers_7d",
    "buyers_mtd", "gmv_vs_last_week", "growth_change", "gmv_since_first", "east_share", "conversion", "visitors",
)  # fmt: skip


# ---- the same rows in engines ---------------------------------------------------------------------------------------


def write_files(folder: Path) -> str:
    """CSV files; gives back the source as YAML."""
    tables: dict[str, Sequence[Order | Visit]] = {"orders": ORDERS, "visits": VISITS}
    for name, rows in tables.items():
        with (folder / f"{name}.csv").open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            writer.writerow(["created_at" if n == "at" and name == "orders" else n for n in vars(rows[0])])
            for row in rows:
                writer.writerow([_written(value) for value in vars(row).values()])
    listed = ", ".join(f"{name}: {{path: {name}.csv, null_values: ['\\N']}}" for name in tables)
    return f"{{name: shop, plugin: files, options: {{folder: {folder}, tables: {{{listed}}}}}}}"


def _written(value: object) -> object:
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M:%S")
    return "\\N" if value is None else value


@contextmanager
def in_files(folder: Path) -> Iterator[str]:
    yield write_files(folder)


@contextmanager
def in_postgres(folder: Path) -> Iterator[str]:
    with postgres_schema() as (connection, schema):
        connection.execute(
            f"CREATE TABLE {schema}.orders (created_at timestamptz, region text, carrier text, status text, "
            "customer int, amount float8, hours float8)".encode()
        )
        connection.execute(f"CREATE TABLE {schema}.visits (at timestamptz, region text, visitors int)".encode())
        for table, rows in (("orders", ORDERS), ("visits", VISITS)):
            with connection.cursor().copy(f"COPY {schema}.{table} FROM STDIN".encode()) as copy:
                for row in rows:
                    copy.write_row(tuple(vars(row).values()))
        address = folder / "address"
        address.write_text(psycopg.conninfo.make_conninfo(POSTGRES, options=f"-c search_path={schema}"))
        yield f"{{name: shop, plugin: postgres, options: {{url: 'file:{address}'}}}}"


ENGINES = {"files": in_files, **({"postgres": in_postgres} if POSTGRES else {})}


def write_project(folder: Path, source: str) -> Path:
    """The definitions over a source, as a project folder."""
    folder.mkdir(parents=True, exist_ok=True)
    definitions = DEFINITIONS
    for mark, unit in (("money", "CNY"), ("count", "count"), ("ratio", "ratio")):
        definitions = definitions.replace(f"<{mark}>", f"{{owner: ana, level: L1, unit: {unit}, good_direction: up}}")
    text = f"project: shop\ntimezone: Europe/Berlin\nsources:\n  - {source}\n{definitions}"
    (folder / "metricloop.yml").write_text(text, encoding="utf-8")
    return folder


def project_in(folder: Path) -> Project:
    files = read_folder(folder)
    return read_project(files.documents, issues=files.issues)

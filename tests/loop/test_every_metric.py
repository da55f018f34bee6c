"""Monitors on metrics of every type: the same bad days raise anomalies and open incidents, whatever the metric is."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest

from metricloop.collect.query import answer
from metricloop.collect.query_plan import Query
from metricloop.collect.recipe import recipe_of
from metricloop.collect.series import read_series
from metricloop.define.use_cases import current_project
from metricloop.detect.model import Anomaly
from metricloop.kernel.events import Event
from metricloop.kernel.grain import Grain
from metricloop.kernel.slices import TOTAL, Slice
from metricloop.loop import keeping
from metricloop.store import open_store
from metricloop.triage.model import Incident
from tests.loop.world import BEFORE, BERLIN, CITIES, HISTORY_FROM, HISTORY_TO, HOUR, PROJECT, Shop

BAD_DAYS = (date(2026, 3, 17), date(2026, 3, 18), date(2026, 3, 19))
UNPAID_DAY = date(2026, 3, 24)  # in Porto alone
NOW = datetime(2026, 3, 25, 12, tzinfo=BERLIN)
OWN = "owner: ana, level: L2, good_direction: up"
MONITORED = (
    "buyers", "buyers_week", "amount_week", "amount_to_date", "growth", "paid_share", "typical", "porto_share",
    "conversion",
)  # fmt: skip

DEFINITIONS = f"""
datasets:
  - name: purchases
    source: till
    table: purchases
    time_column: placed_at
    timezone: Europe/Berlin
    lateness: 2h
    dimensions: [city]
    measures:
      - {{name: amount, agg: sum, expr: amount}}
      - {{name: placed, agg: count}}
      - {{name: paid, agg: count, filter: "paid = 1"}}
  - name: visits
    source: till
    table: visits
    time_column: placed_at
    timezone: Europe/Berlin
    lateness: 5h
    dimensions: [city]
    measures: [{{name: visitors, agg: sum, expr: visitors}}]
metrics:
  - {{name: visitors, type: simple, dataset: visits, measure: visitors, governance: {{{OWN}, unit: count}}}}
  - {{name: conversion, type: derived, expr: "placed / visitors", governance: {{{OWN}, unit: ratio}},
      input_metrics: [{{name: placed}}, {{name: visitors}}]}}
  - {{name: amount, type: simple, dataset: purchases, measure: amount, governance: {{{OWN}, unit: CNY}}}}
  - {{name: placed, type: simple, dataset: purchases, measure: placed, governance: {{{OWN}, unit: count}}}}
  - {{name: paid, type: simple, dataset: purchases, measure: paid, governance: {{{OWN}, unit: count}}}}
  - {{name: buyers, type: simple, dataset: purchases, agg: count_distinct, expr: customer,
      governance: {{{OWN}, unit: count}}}}
  - {{name: buyers_week, type: cumulative, dataset: purchases, agg: count_distinct, expr: customer, window: 7d,
      governance: {{{OWN}, unit: count}}}}
  - {{name: amount_week, type: cumulative, dataset: purchases, measure: amount, window: 7d,
      governance: {{{OWN}, unit: CNY}}}}
  - {{name: amount_to_date, type: cumulative, dataset: purchases, measure: amount, grain_to_date: month,
      governance: {{{OWN}, unit: CNY}}}}
  - {{name: growth, type: derived, expr: "amount / before - 1", governance: {{{OWN}, unit: ratio}},
      input_metrics: [{{name: amount}}, {{name: amount, alias: before, offset_window: 7d}}]}}
  - {{name: paid_share, type: derived, expr: "paid / placed", governance: {{{OWN}, unit: ratio}},
      input_metrics: [{{name: paid}}, {{name: placed}}]}}
  - {{name: typical, type: simple, dataset: purchases, agg: median, expr: amount, governance: {{{OWN}, unit: CNY}}}}
  - {{name: porto_share, type: derived, expr: "porto / placed", governance: {{{OWN}, unit: ratio}},
      input_metrics: [{{name: placed, alias: porto, filter: "city = 'Porto'"}}, {{name: placed}}]}}
monitors:
""" + "\n".join(
    f"  - {{name: {metric}_daily, metric: {metric}, grain: day, slices: ['', city], severity: S2, "
    "options: {budget: 0.02, total_budget: 0.1}, gates: {minimum_buckets: 1, recovery_buckets: 1}}"
    for metric in MONITORED
)


def _purchases() -> Iterator[tuple[str, str, int, float, int]]:
    rng = np.random.default_rng(4)
    at = HISTORY_FROM
    while at < HISTORY_TO:
        local = at.astimezone(BERLIN)
        bad = local.date() in BAD_DAYS
        for number, city in enumerate(CITIES):
            share = (0.1 if city == "Porto" else 0.25) if bad else 1.0
            for _ in range(int(rng.poisson(3 * share))):
                customer = number * 10_000 + int(rng.integers(5000))
                value = float(rng.gamma(16, 0.5 if bad else 1.0))
                unpaid = local.date() == UNPAID_DAY and city == "Porto"
                paid = int(rng.random() < (0.4 if unpaid else 0.95))
                yield at.strftime("%Y-%m-%dT%H:%M:%SZ"), city, customer, round(value, 2), paid
        at += HOUR


def _visits() -> Iterator[tuple[str, str, int]]:
    rng = np.random.default_rng(8)
    for at in (HISTORY_FROM + one * HOUR for one in range(int((HISTORY_TO - HISTORY_FROM) / HOUR))):
        for city in CITIES:
            yield at.strftime("%Y-%m-%dT%H:%M:%SZ"), city, int(rng.poisson(12))


def _merged(project: str, more: str) -> str:
    """The shop's people and sources around other data, metrics and monitors."""
    head, _, rest = project.partition("datasets:")
    people = rest[rest.index("people:") :]
    return head + more.lstrip("\n") + "\n" + people


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    """The loop run from the evening before the bad days to the day after them."""
    folder = tmp_path_factory.mktemp("every")
    (folder / "metricloop.yml").write_text(_merged(PROJECT, DEFINITIONS), encoding="utf-8")
    with closing(sqlite3.connect(folder / "orders.db")) as file:
        file.execute("CREATE TABLE purchases (placed_at TEXT, city TEXT, customer INTEGER, amount REAL, paid INTEGER)")
        file.executemany("INSERT INTO purchases VALUES (?, ?, ?, ?, ?)", _purchases())
        file.execute("CREATE INDEX by_time ON purchases (placed_at)")
        file.execute("CREATE TABLE visits (placed_at TEXT, city TEXT, visitors INTEGER)")
        file.executemany("INSERT INTO visits VALUES (?, ?, ?)", _visits())
        file.commit()
    store = open_store(folder / "state.db", scratch=True)
    store.migrate()
    opened = Shop(store, folder, BEFORE)
    opened.run_until(NOW)
    yield opened
    opened.close()
    store.close()


def anomalies(shop: Shop, metric: str) -> list[Anomaly]:
    with shop.store.unit(write=False) as unit:
        return list(unit.anomalies.between(metric, HISTORY_FROM, NOW))


def incidents(shop: Shop) -> list[Incident]:
    with shop.store.unit(write=False) as unit:
        return list(unit.incidents.find(limit=100)[0])


@pytest.mark.parametrize("metric", MONITORED)
def test_bad_days_are_seen_and_open_an_incident(shop: Shop, metric: str) -> None:
    found = [one for one in anomalies(shop, metric) if one.raised_at is not None]
    assert found, f"nothing was raised on {metric}"
    days = {one.started_at.astimezone(BERLIN).date() for one in found}
    bad = {UNPAID_DAY} if metric == "paid_share" else set(BAD_DAYS)
    assert days <= bad, "an alarm on a day like any other"
    assert all(one.impact < 0 for one in found)
    assert any(metric in one.metrics for one in incidents(shop))


def test_a_formula_of_two_sums_is_explained_as_a_ratio(shop: Shop) -> None:
    (incident,) = (one for one in incidents(shop) if "paid_share" in one.metrics)
    with shop.store.unit(write=False) as unit:
        found = unit.attributions.get(incident.number)
    assert found is not None and found.localisable
    assert found.causes[0].slice == Slice.of({"city": "Porto"})


def test_what_does_not_add_up_is_assigned_without_an_explanation(shop: Shop) -> None:
    for one in incidents(shop):
        with shop.store.unit(write=False) as unit:
            found = unit.attributions.get(one.number)
        assert one.owner is not None
        assert found is None or one.metric == "paid_share"


def test_no_event_was_set_aside(shop: Shop) -> None:
    with shop.store.unit(write=False) as unit:
        assert not unit.events.unhandled()
        failed = [one for one in unit.audit.newest(0, 1000) if one.action in ("event.failed", "monitor.broken")]
    assert failed == []


@pytest.mark.parametrize("metric", [*MONITORED, "amount"])
def test_the_stored_series_is_what_the_source_answers(shop: Shop, metric: str) -> None:
    start, end = datetime(2026, 2, 25, tzinfo=BERLIN), datetime(2026, 3, 20, tzinfo=BERLIN)
    with shop.store.unit(write=False) as unit:
        project = current_project(unit)
        recipe = recipe_of(project, project.metric(metric))
        panel = read_series(unit.points, recipe, Grain.DAY, start, end)
    total = answer(shop.sources, project, Query(metric, start, end, Grain.DAY))
    porto = answer(shop.sources, project, Query(metric, start, end, Grain.DAY, where="city = 'Porto'"))
    for slice_, found in ((TOTAL, total), (Slice.of({"city": "Porto"}), porto)):
        column = panel.column(slice_)
        assert column is not None and panel.starts == tuple(at for at, _ in found.spans)
        np.testing.assert_allclose(panel.values()[:, column], found.values[:, 0], rtol=1e-9)


def test_weeks_are_sums_of_the_same_hours(shop: Shop) -> None:
    start, end = datetime(2026, 2, 23, tzinfo=BERLIN), datetime(2026, 3, 16, tzinfo=BERLIN)
    with shop.store.unit(write=False) as unit:
        project = current_project(unit)
        panel = read_series(unit.points, recipe_of(project, project.metric("amount")), Grain.WEEK, start, end)
    found = answer(shop.sources, project, Query("amount", start, end, Grain.WEEK))
    assert len(panel.starts) == 3 and panel.starts[0] == start
    assert panel.starts[1] - panel.starts[0] == timedelta(days=7)
    np.testing.assert_allclose(panel.values()[:, panel.slices.index(TOTAL)], found.values[:, 0])


def restated(shop: Shop, start: datetime, end: datetime) -> Event:
    return Event("r", "points.restated", "purchases", shop.now, {"from": start.isoformat(), "to": end.isoformat()})


def test_restated_history_reaches_every_bucket_that_stands_on_it(shop: Shop) -> None:
    """Last in this file: it changes the source."""
    day = datetime(2026, 3, 10, 8, tzinfo=BERLIN).astimezone(UTC)
    with closing(sqlite3.connect(shop.folder / "orders.db")) as file:
        late = [(day.strftime("%Y-%m-%dT%H:%M:%SZ"), "Lima", 900_000 + one, 10.0, 1) for one in range(50)]
        file.executemany("INSERT INTO purchases VALUES (?, ?, ?, ?, ?)", late)
        file.commit()
    before = stored(shop, "buyers_week")
    write = keeping.keep_restated(shop.loop.site, restated(shop, day, day + HOUR))
    with shop.store.unit() as unit:
        write(unit)
    now = stored(shop, "buyers_week")
    changed = [at.astimezone(BERLIN).date() for at, value in now.items() if value != before[at]]
    assert changed == [date(2026, 3, 10) + timedelta(days=one) for one in range(7)]
    assert all(now[at] - before[at] in (0, 50) for at in now)


def stored(shop: Shop, metric: str) -> dict[datetime, float]:
    with shop.store.unit(write=False) as unit:
        project = current_project(unit)
        recipe = recipe_of(project, project.metric(metric))
        panel = read_series(unit.points, recipe, Grain.DAY, HISTORY_FROM, NOW)
    column = panel.slices.index(TOTAL)
    return {at: float(panel.values()[row, column]) for row, at in enumerate(panel.starts)}

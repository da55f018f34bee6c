"""A small shop for the loop's tests: a SQLite file of orders in four cities, and one known drop in one of them.

Weeks of steady business come before the first judged day; the drop is on 17 March 2026, from 9 to 19 o'clock in
Berlin, in Porto alone.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

from metricloop.bootstrap.projects import apply_folder
from metricloop.define.use_cases import current_project
from metricloop.kernel.clock import SimulatedClock
from metricloop.kernel.errors import SourceFailed
from metricloop.loop.loop import Loop, Routes
from metricloop.loop.routes import Route
from metricloop.loop.site import Site
from metricloop.notify.model import DeliveryResult, DeliveryState, Parcel
from metricloop.plugins.registry import load_registry
from metricloop.plugins.sources import Sources
from metricloop.sdk import Context
from metricloop.store import Store

BERLIN = ZoneInfo("Europe/Berlin")
HISTORY_FROM = datetime(2026, 1, 19, tzinfo=BERLIN).astimezone(UTC)
HISTORY_TO = datetime(2026, 4, 1, tzinfo=BERLIN).astimezone(UTC)
FIRST, LAST = date(2026, 3, 9), date(2026, 3, 22)
BAD_FROM = datetime(2026, 3, 17, 9, tzinfo=BERLIN).astimezone(UTC)
BAD_TO = datetime(2026, 3, 17, 19, tzinfo=BERLIN).astimezone(UTC)
BEFORE = datetime(2026, 3, 16, tzinfo=BERLIN).astimezone(UTC)
AFTERNOON = BAD_FROM + timedelta(hours=6)
LATENESS = timedelta(hours=2)
HOUR = timedelta(hours=1)
CITIES = {"Porto": 60.0, "Lima": 45.0, "Oslo": 30.0, "Kyoto": 50.0}
CHANNELS = {"web": 0.6, "app": 0.4}

PROJECT = """\
project: shop
timezone: Europe/Berlin
sources:
  - {name: till, plugin: sqlite, options: {path: orders.db}}
datasets:
  - name: orders
    source: till
    table: orders
    time_column: placed_at
    lateness: 2h
    dimensions: [city, channel]
    measures:
      - {name: orders, agg: sum, expr: orders}
      - {name: paid, agg: sum, expr: paid}
metrics:
  - name: paid_rate
    type: ratio
    dataset: orders
    numerator: paid
    denominator: orders
    label: {zh: 支付率, en: Paid rate}
    governance: {owner: ana, level: L1, unit: ratio, good_direction: up, minimum_denominator: 5}
monitors:
  - name: paid_hourly
    metric: paid_rate
    grain: hour
    slices: ["", city, channel]
    options: {budget: 0.002, total_budget: 0.01}
    gates: {minimum_impact: 20, minimum_buckets: 2, recovery_buckets: 3}
    severity: S3
    verify_buckets: 3
    self_heal_after: 1d
  - name: paid_daily
    metric: paid_rate
    grain: day
    slices: ["", city]
    options: {budget: 0.002, total_budget: 0.01}
    gates: {minimum_impact: 60, minimum_buckets: 1, recovery_buckets: 1}
    severity: S2
    verify_buckets: 1
    review_required: true
playbooks:
  - name: unpaid
    mode: assisted
    metrics: [paid_rate]
    steps:
      - {id: look, kind: check, title: Look}
      - id: decide
        kind: task
        title: {zh: 决定, en: Decide}
        within: 2h
        form:
          - {name: decision, type: choice, options: [act, leave], required: true}
        stop_on: {decision: leave}
      - id: fix
        kind: approval
        grade: critical
        to: ana
        within: 1h
        action: file
        options: {folder: orders}
        title: {zh: 切换支付渠道, en: Switch the payment provider}
        effect: {en: The spare provider takes over}
        undo: {en: It can be switched back}
      - {id: verify, kind: verify, title: See whether it came back}
people:
  - {id: ana, name: 安娜, language: zh, roles: [owner], contacts: [{channel: desk, address: ana}], scripted: true}
  - {id: rui, name: Rui, roles: [responder], contacts: [{channel: desk, address: rui}], scripted: true}
  - {id: boss, name: Bo, roles: [owner], contacts: [{channel: desk, address: boss}], scripted: true}
assignment:
  fallback: ana
  acknowledge_within: 30m
  resolve_within: 1d
  escalation:
    - {wait: 30m, person: ana}
    - {wait: 1h, person: boss}
  responsibilities:
    - {slice: {city: Porto}, person: rui}
channels:
  - {name: desk, plugin: console}
"""


def make_shop(folder: Path, *, changed_from: datetime | None = None, drop: bool = True) -> Path:
    """A project folder with its source. `changed_from`: every later row tells of half the orders, none of them paid."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "metricloop.yml").write_text(PROJECT, encoding="utf-8")
    with closing(sqlite3.connect(folder / "orders.db")) as file:
        file.execute("CREATE TABLE orders (placed_at TEXT, city TEXT, channel TEXT, orders INTEGER, paid INTEGER)")
        file.executemany("INSERT INTO orders VALUES (?, ?, ?, ?, ?)", _rows(changed_from, drop))
        file.execute("CREATE INDEX by_time ON orders (placed_at)")
        file.commit()
    return folder


def _rows(changed_from: datetime | None, drop: bool) -> list[tuple[str, str, str, int, int]]:
    rng = np.random.default_rng(20260317)
    rows = []
    for at in (HISTORY_FROM + i * HOUR for i in range(int((HISTORY_TO - HISTORY_FROM) / HOUR))):
        local = at.astimezone(BERLIN)
        busy = (0.4 + 0.6 * np.sin(np.pi * local.hour / 24)) * (0.8 if local.weekday() >= 5 else 1.0)
        for city, size in CITIES.items():
            for channel, part in CHANNELS.items():
                orders = int(rng.poisson(size * busy * part))
                bad = drop and city == "Porto" and BAD_FROM <= at < BAD_TO
                paid = int(rng.binomial(orders, 0.55 if bad else 0.95))
                if changed_from is not None and at >= changed_from:
                    orders, paid = orders // 2, 0
                rows.append((at.strftime("%Y-%m-%dT%H:%M:%SZ"), city, channel, orders, paid))
    return rows


class Outside:
    """A provider and an action target that keep what reaches them, and fail as often as they are told to.

    It behaves as a real one: a key seen before is done once.
    """

    def __init__(self) -> None:
        self.parcels: list[tuple[str, Parcel]] = []
        self.performed: list[str] = []
        self.effects: dict[str, Mapping[str, Any]] = {}
        self.failing = 0

    def send(self, channel: str, parcel: Parcel) -> DeliveryResult:
        if self.failing > 0:
            self.failing -= 1
            return DeliveryResult(DeliveryState.FAILED, "503", "busy", retryable=True)
        self.parcels.append((channel, parcel))
        return DeliveryResult(DeliveryState.DELIVERED, "200")

    def perform(self, action: str, options: Mapping[str, Any], request: Mapping[str, Any], key: str) -> str:
        self.performed.append(key)
        if self.failing > 0:
            self.failing -= 1
            raise SourceFailed("no answer", retryable=True)
        self.effects.setdefault(key, request)
        return "done"

    def told(self, person: str) -> list[str]:
        """What reached a person, in order."""
        return [str(parcel.data["code"]) for _, parcel in self.parcels if parcel.data["person"] == person]


class Shop:
    """The whole loop over the shop's own source, on a real store, with a clock that is moved by hand."""

    def __init__(
        self,
        store: Store,
        folder: Path,
        now: datetime,
        *,
        extra_routes: Routes | None = None,
        extra_timers: Mapping[str, Route] | None = None,
        outside: Outside | None = None,
    ) -> None:
        self.store, self.folder = store, folder
        self.heard: list[str] = []
        self.clock = SimulatedClock(now)
        self.outside = outside or Outside()
        apply_folder(store, folder, by="test", at=HISTORY_FROM)
        with store.unit(write=False) as unit:
            project = current_project(unit)
        self.sources = Sources(load_registry(), Context(folder, self.clock))
        read, told = self.sources, self.outside
        site = Site(store.unit, project, read, read, told, told, "http://shop", examiner=read)
        self.loop = Loop(
            site,
            self.clock,
            current_project,
            since=HISTORY_FROM,
            changed=lambda event: self.heard.append(event.kind),
            extra_routes=extra_routes,
            extra_timers=extra_timers,
        )

    def run_until(self, at: datetime) -> None:
        self.loop.run_until(at)
        self.clock.reach(at)

    def pump(self) -> None:
        self.loop.pump()

    @property
    def now(self) -> datetime:
        return self.clock.now()

    def close(self) -> None:
        self.sources.close()

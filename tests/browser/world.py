"""A delivery service's world for the browser: four days lived through, two incidents left for the visitor.

A month of steady deliveries in four cities comes first. Then single bad hours that were worth nobody's time: the first
two were called false alarms, the third is left open. And from six to midnight of the last day Wuhan's couriers are
late: that one is open too, and its data comes back as soon as the clock moves on.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np

from metricloop.access import use_cases as access
from metricloop.bootstrap.replaying import Stretch, run_history
from metricloop.kernel.grain import HOUR
from metricloop.loop.responders import Responders
from metricloop.store.database import Store, open_store
from metricloop.store.passwords import Argon2Passwords

ZONE = ZoneInfo("Asia/Shanghai")
FIRST, LAST = date(2025, 3, 3), date(2025, 3, 6)
HISTORY_FROM = datetime(2025, 1, 27, tzinfo=ZONE)
HELD_FROM = datetime(2025, 3, 6, tzinfo=ZONE)
NOW = datetime(2025, 3, 7, tzinfo=ZONE).astimezone(UTC)
DATA_ENDS = datetime(2025, 3, 10, tzinfo=ZONE)
BAD_HOURS = (datetime(2025, 3, 3, 11, tzinfo=ZONE), datetime(2025, 3, 4, 14, tzinfo=ZONE), HELD_FROM + 10 * HOUR)
LATE_FROM = HELD_FROM + 18 * HOUR
CITIES = {"Wuhan": 60.0, "Hefei": 50.0, "Ningbo": 45.0, "Suzhou": 55.0}
SERVICES = {"express": 0.6, "standard": 0.4}
PASSWORD = "three blue bicycles"
ADMINISTRATOR, CHINESE_ADMINISTRATOR, RESPONDER, VIEWER = "ada", "zhou", "rui", "vera"
PEOPLE = (ADMINISTRATOR, CHINESE_ADMINISTRATOR, RESPONDER, VIEWER)


@dataclass(frozen=True, slots=True)
class World:
    """A project folder with its source, and the database in which it was lived through."""

    project: Path
    database: Path


def make_world(folder: Path) -> World:
    """Write the project and its source, and live through the four days."""
    world = World(folder / "project", folder / "state.db")
    world.project.mkdir(parents=True)
    (world.project / "metricloop.yml").write_text(PROJECT, encoding="utf-8")
    _write_source(world.project / "deliveries.db")
    store = open_store(world.database)
    try:
        store.migrate()
        responders = Responders(hold_from=HELD_FROM, leave_open=2)
        run_history(store, world.project, Stretch(FIRST, LAST), responders, lambda first, now, last: None)
        _give_log_ins(store)
    finally:
        store.close()
    return world


def _give_log_ins(store: Store) -> None:
    passwords = Argon2Passwords(passes=1, memory_kib=8, lanes=1)
    with store.unit() as unit:
        for person in PEOPLE:
            access.create_account(unit, person, PASSWORD, passwords=passwords, by="test", at=NOW)


def _write_source(path: Path) -> None:
    rng = np.random.default_rng(20250306)
    rows = []
    for hour in range(int((DATA_ENDS - HISTORY_FROM) / timedelta(hours=1))):
        at = HISTORY_FROM + hour * HOUR
        busy = 0.8 + 0.4 * np.sin(np.pi * at.hour / 24)
        for city, size in CITIES.items():
            for service, part in SERVICES.items():
                parcels = int(rng.poisson(size * part * busy))
                in_time = int(rng.binomial(parcels, _rate(at, city)))
                rows.append((at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"), city, service, parcels, in_time))
    with closing(sqlite3.connect(path)) as file, file:
        file.execute("CREATE TABLE deliveries (due_at TEXT, city TEXT, service TEXT, parcels INTEGER, in_time INTEGER)")
        file.executemany("INSERT INTO deliveries VALUES (?, ?, ?, ?, ?)", rows)


def _rate(at: datetime, city: str) -> float:
    if city == "Wuhan" and LATE_FROM <= at < LATE_FROM + 6 * HOUR:
        return 0.45
    return 0.80 if at in BAD_HOURS else 0.95


PROJECT = """\
project: deliveries
timezone: Asia/Shanghai
mode: assisted
sources:
  - {name: depot, plugin: sqlite, options: {path: deliveries.db}, label: {zh: 配送库, en: Depot}}
datasets:
  - name: deliveries
    source: depot
    table: deliveries
    time_column: due_at
    lateness: 1h
    dimensions: [city, service]
    measures:
      - {name: parcels, agg: sum, expr: parcels}
      - {name: in_time, agg: sum, expr: in_time}
      - {name: late, agg: sum, expr: parcels - in_time}
metrics:
  - name: in_time_rate
    type: ratio
    dataset: deliveries
    numerator: in_time
    denominator: parcels
    label: {zh: 准时送达率, en: Delivered in time}
    description: {zh: 承诺时间内送达的包裹占全部包裹的比例, en: Share of parcels delivered by the promised time}
    governance:
      owner: mei
      level: L1
      unit: ratio
      good_direction: up
      minimum_denominator: 5
      status: certified
      synonyms: {zh: [准点率], en: [punctuality]}
  - name: parcels
    type: simple
    dataset: deliveries
    measure: parcels
    label: {zh: 包裹数, en: Parcels}
    governance: {owner: mei, level: L2, unit: count, good_direction: none}
    drivers: in_time_parcels + late_parcels
  - name: in_time_parcels
    type: simple
    dataset: deliveries
    measure: in_time
    label: {zh: 准时包裹数, en: Parcels in time}
    governance: {owner: mei, level: L3, unit: count, good_direction: up}
  - name: late_parcels
    type: simple
    dataset: deliveries
    measure: late
    label: {zh: 迟到包裹数, en: Late parcels}
    governance: {owner: rui, level: L3, unit: count, good_direction: down}
  - name: late_share
    type: derived
    expr: late_parcels / parcels
    input_metrics: [{name: late_parcels}, {name: parcels}]
    label: {zh: 迟到占比, en: Share of late parcels}
    governance: {owner: mei, level: L3, unit: ratio, good_direction: down, status: deprecated, successor: in_time_rate}
monitors:
  - name: in_time_hourly
    metric: in_time_rate
    grain: hour
    slices: ["", city]
    options: {budget: 0.002, total_budget: 0.02}
    gates: {minimum_impact: 30, minimum_buckets: 1, recovery_buckets: 2}
    severity: S2
    verify_buckets: 2
    self_heal_after: 3d
    review_required: true
playbooks:
  - name: late_couriers
    label: {zh: 配送迟到, en: Late couriers}
    mode: assisted
    metrics: [in_time_rate]
    steps:
      - {id: look, kind: check, title: {zh: 看最近几个小时, en: Look at the latest hours}}
      - id: decide
        kind: task
        title: {zh: 决定要不要处理, en: Decide whether to act}
        within: 4h
        form:
          - name: decision
            label: {zh: 决定, en: Decision}
            type: choice
            options: [act, nothing_to_do]
            required: true
        stop_on: {decision: nothing_to_do}
      - id: fix
        kind: approval
        grade: critical
        to: mei
        within: 4h
        action: file
        options: {folder: orders}
        title: {zh: 加派骑手, en: Send more couriers}
        effect: {zh: 向武汉加派 12 名骑手, en: Twelve couriers more ride in Wuhan}
        undo: {zh: 随时可以撤回, en: They can be called back at any time}
      - {id: verify, kind: verify, title: {zh: 看数据是否回来, en: See whether it came back}}
people:
  - {id: mei, name: 梅兰, language: zh, roles: [owner], scripted: true, contacts: [{channel: desk, address: mei}]}
  - {id: rui, name: Rui, roles: [responder], contacts: [{channel: desk, address: rui}]}
  - {id: vera, name: Vera, roles: [viewer], contacts: [{channel: desk, address: vera}]}
  - {id: ada, name: Ada, roles: [administrator], contacts: [{channel: desk, address: ada}]}
  - {id: zhou, name: 周宁, language: zh, roles: [administrator], contacts: [{channel: desk, address: zhou}]}
assignment:
  fallback: mei
  acknowledge_within: 30m
  resolve_within: 1d
  escalation:
    - {wait: 30m, person: mei}
  responsibilities:
    - {slice: {city: Wuhan}, person: rui}
channels:
  - {name: desk, plugin: file, options: {folder: outbox}}
"""

"""A small carrier's world: a SQLite source with known troubles, and the project that watches it.

Four weeks of history, then a stretch that is lived through: carrier BB fails for some hours, a carrier appears that
nobody knew, everybody falls on one day, and a few single bad hours are worth nobody's time.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np

HISTORY_FROM = datetime(2024, 2, 6, 5, tzinfo=UTC)
LIVE_FROM = datetime(2024, 3, 5, 5, tzinfo=UTC)  # midnight in New York, five days before its clocks change
_HOUR = timedelta(hours=1)
_CARRIERS = {"AA": 60, "BB": 40, "CC": 25, "DD": 30}
_ORIGINS = {"EAST": 0.6, "WEST": 0.4}
_APPEARS = {"DD": 40}  # hours after LIVE_FROM
_GLITCHES = (45, 93, 117, 141, 189, 213)
_STRONGER = (33, 178)


@dataclass(frozen=True, slots=True)
class World:
    """What a run needs to know: the project, when the history and the lived stretch begin, when it ends."""

    project: Path
    since: datetime
    start: datetime
    end: datetime
    dataset: str


def make_world(folder: Path, *, hours: int) -> World:
    """Write the source and the project; `hours` of it are lived through."""
    folder.mkdir(parents=True)
    (folder / "project.yml").write_text(PROJECT, encoding="utf-8")
    _write_source(folder / "trips.db", hours)
    return World(folder, HISTORY_FROM, LIVE_FROM, LIVE_FROM + timedelta(hours=hours), "trips")


def _write_source(path: Path, hours: int) -> None:
    random = np.random.default_rng(20240305)
    rows = []
    for hour in range(int((LIVE_FROM - HISTORY_FROM) / _HOUR) + hours):
        at = HISTORY_FROM + hour * _HOUR
        for carrier, size in _CARRIERS.items():
            for origin, share in _ORIGINS.items():
                lived = (at - LIVE_FROM) // _HOUR
                if lived >= _APPEARS.get(carrier, lived):
                    daily = 1.0 + 0.5 * np.sin(2 * np.pi * (at.hour - 10) / 24)
                    trips = int(random.poisson(size * share * daily))
                    good = int(random.binomial(trips, _rate(carrier, lived)))
                    rows.append((at.strftime("%Y-%m-%d %H:%M:%S"), carrier, origin, trips, good))
    with closing(sqlite3.connect(path)) as source, source:
        source.execute("CREATE TABLE trips (at TIMESTAMP, carrier TEXT, origin TEXT, trips INTEGER, good INTEGER)")
        source.executemany("INSERT INTO trips VALUES (?, ?, ?, ?, ?)", rows)


def _rate(carrier: str, lived: int) -> float:
    """The share of good trips: BB's bad shift, the bad day of all, and bad single hours."""
    if carrier == "BB" and 10 <= lived < 18:
        return 0.45
    if 66 <= lived < 76:
        return 0.6
    if lived in _STRONGER:
        return 0.65
    return 0.74 if lived in _GLITCHES else 0.93


PROJECT = """\
project: trips
timezone: America/New_York
mode: assisted
sources:
  - name: fleet
    plugin: sqlite
    options: {path: trips.db}
datasets:
  - name: trips
    source: fleet
    table: trips
    time_column: at
    lateness: 2h
    dimensions: [carrier, origin]
    measures:
      - {name: trips, agg: sum, expr: trips}
      - {name: good, agg: sum, expr: good}
metrics:
  - name: good_rate
    type: ratio
    dataset: trips
    numerator: good
    denominator: trips
    label: {en: Good trips, zh: 正常行程率}
    governance: {owner: olga, level: L1, unit: ratio, good_direction: up, minimum_denominator: 10}
  - name: trips
    type: simple
    dataset: trips
    measure: trips
    label: {en: Trips, zh: 行程数}
    governance: {owner: wang, level: L2, unit: count, good_direction: none}
monitors:
  - name: good_hourly
    metric: good_rate
    grain: hour
    slices: ["", carrier, origin]
    options: {budget: 0.02, total_budget: 0.1, minimum_effect: 0.08}
    gates: {minimum_impact: 12, minimum_buckets: 1, recovery_buckets: 2}
    severity: S3
    verify_buckets: 2
    self_heal_after: 2d
    review_required: true
  - name: good_daily
    metric: good_rate
    grain: day
    slices: ["", carrier]
    options: {budget: 0.02, total_budget: 0.1, minimum_effect: 0.05}
    gates: {minimum_impact: 30, minimum_buckets: 1, recovery_buckets: 1}
    severity: S2
    verify_buckets: 1
    self_heal_after: 4d
  - name: trips_hourly
    metric: trips
    grain: hour
    slices: ["", carrier]
    options: {budget: 0.02, total_budget: 0.1, minimum_relative_effect: 0.1}
    gates: {minimum_impact: 20, minimum_buckets: 1, recovery_buckets: 2}
    severity: S4
    verify_buckets: 2
    self_heal_after: 1d
playbooks:
  - name: repair
    label: {en: Bad trips, zh: 行程异常}
    mode: assisted
    metrics: [good_rate]
    steps:
      - {id: look, kind: check, title: Look at the latest hours}
      - id: decide
        kind: task
        title: Decide whether to act
        within: 30m
        form:
          - {name: decision, type: choice, options: [act, leave], required: true}
        stop_on: {decision: leave}
      - id: tell
        kind: notify
        to: wang
        title: {en: Cars are sent, zh: 已派车}
      - id: order
        kind: webhook
        action: file
        options: {folder: orders}
        title: {en: Book spare cars, zh: 预订备用车}
        effect: {en: Spare cars are booked, zh: 预订备用车}
        undo: {en: They can be sent back, zh: 可退回}
      - id: fix
        kind: approval
        grade: critical
        to: olga
        within: 15m
        action: file
        options: {folder: orders}
        title: {en: Send the spare cars, zh: 派出备用车}
        effect: {en: Spare cars take over, zh: 备用车接替}
        undo: {en: They can be called back, zh: 可召回}
      - {id: verify, kind: verify, title: See whether it came back}
people:
  - {id: olga, name: Olga, roles: [owner], scripted: true, contacts: [{channel: desk, address: olga}]}
  - id: wang
    name: 王芳
    language: zh
    roles: [owner]
    scripted: true
    contacts: [{channel: desk, address: wang}, {channel: pager, address: "+86"}]
  - {id: ben, name: Ben, roles: [responder], scripted: true, contacts: [{channel: desk, address: ben}]}
assignment:
  fallback: olga
  acknowledge_within: 10m
  resolve_within: 12h
  escalation:
    - {wait: 10m, person: wang}
    - {wait: 15m, person: olga}
  responsibilities:
    - {slice: {carrier: BB}, person: ben}
channels:
  - {name: desk, plugin: file, options: {folder: outbox}}
  - {name: pager, plugin: file, options: {folder: pager}}
"""

"""A small whole project as one file, and how tests read it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path

from metricloop.define.project import Project
from metricloop.define.rules import read_project
from metricloop.kernel.errors import InvalidProject, Issue
from metricloop.store.project import read_folder

SHOP = """\
project: shop
timezone: Asia/Shanghai
sources:
  - name: warehouse
    plugin: postgres
    options: {host: db, password: env:SHOP_PASSWORD}
datasets:
  - name: orders
    source: warehouse
    table: public.orders
    time_column: created_at
    lateness: 2h
    dimensions: [city, 承运商]
    measures:
      - {name: orders, agg: count}
      - {name: paid, agg: count, filter: "status = 'paid'"}
      - name: amount
        agg: sum
        expr: price - rebate
metrics:
  - name: paid_rate
    type: ratio
    dataset: orders
    numerator: paid
    denominator: orders
    grains: [hour, day]
    label: {zh: 支付率, en: Paid rate}
    governance:
      owner: li_hua
      level: L1
      unit: ratio
      good_direction: up
  - name: revenue
    type: simple
    dataset: orders
    measure: amount
    grains: [day]
    label: 收入
    governance: {owner: li_hua, level: L2, unit: CNY, good_direction: up}
monitors:
  - name: paid_daily
    metric: paid_rate
    grain: day
    slices: ["", city]
    options: {budget: 0.01}
    gates: {minimum_impact: 5}
    severity: S2
playbooks:
  - name: unpaid
    metrics: [paid_rate]
    steps:
      - id: decide
        kind: task
        title: Decide
        form:
          - {name: decision, type: choice, options: [act, leave]}
          - {name: note}
        stop_on: {decision: leave}
      - id: fix
        kind: approval
        grade: critical
        to: li_hua
        action: webhook
        title: Switch the payment provider
people:
  - id: li_hua
    name: 李华
    roles: [owner]
    contacts:
      - {channel: desk, address: li_hua}
  - id: ann
    name: Ann
    contacts: [{channel: desk, address: ann}]
assignment:
  fallback: li_hua
  acknowledge_within: 30m
  resolve_within: 1d
  escalation:
    - {wait: 30m, person: ann}
  responsibilities:
    - slice: {city: [上海, 北京]}
      person: ann
channels:
  - name: desk
    plugin: console
"""


def changed(old: str, new: str) -> str:
    """The shop's file with one place changed."""
    assert SHOP.count(old) == 1, f"{old!r} stands there {SHOP.count(old)} times"
    return SHOP.replace(old, new)


def read(folder: Path, text: str, *, plugins: Mapping[str, Collection[str]] | None = None) -> Project:
    """Write the text to a file of the folder, and read the folder as a project."""
    (folder / "shop.yml").write_text(text, encoding="utf-8")
    found = read_folder(folder)
    return read_project(found.documents, issues=found.issues, plugins=plugins)


def issues_of(folder: Path, text: str, *, plugins: Mapping[str, Collection[str]] | None = None) -> tuple[Issue, ...]:
    try:
        read(folder, text, plugins=plugins)
    except InvalidProject as error:
        return error.issues
    return ()

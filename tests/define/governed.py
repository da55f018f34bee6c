"""A project in which several people own things: for who sees, who publishes, what a change means."""

from __future__ import annotations

from pathlib import Path

from metricloop.define.project import Project
from tests.define.projects import read

GOVERNED = """\
project: shop
timezone: Asia/Shanghai
sources:
  - {name: warehouse, plugin: postgres, label: {zh: 数仓}}
datasets:
  - name: orders
    owner: dan
    source: warehouse
    table: orders
    time_column: created_at
    lateness: 2h
    joins:
      - {name: store, table: stores, "on": {store_id: id}}
    dimensions:
      - carrier
      - {name: region, join: store, column: area, label: {zh: 大区}, synonyms: {zh: [区域]}}
      - {name: size, expr: "case when qty > 10 then 'bulk' else 'small' end"}
    measures:
      - {name: orders, agg: count}
      - {name: paid, agg: count, filter: "status = 'paid' AND region <> 'Test'"}
      - {name: amount, agg: sum, expr: price * qty}
  - name: costs
    source: warehouse
    table: costs
    time_column: day
    lateness: 8h
    grain: day
    dimensions: [department]
    measures:
      - {name: cost, agg: sum, expr: cost}
metrics:
  - name: gmv
    type: simple
    dataset: orders
    measure: amount
    label: {zh: 成交额, en: Gross merchandise value}
    drivers: "order_count * average_order"
    governance:
      {owner: olga, level: L1, unit: CNY, good_direction: up, status: certified, synonyms: {zh: [流水], en: [GMV]}}
  - name: order_count
    type: simple
    dataset: orders
    measure: orders
    label: {zh: 订单数, en: Orders}
    governance: {owner: olga, level: L2, unit: count, good_direction: up}
  - name: average_order
    type: derived
    expr: "gmv / nullif(order_count, 0)"
    input_metrics: [{name: gmv}, {name: order_count}]
    label: {zh: 客单价}
    governance: {owner: olga, level: L2, unit: CNY, good_direction: up}
  - name: paid_rate
    type: ratio
    dataset: orders
    numerator: paid
    denominator: orders
    label: {zh: 支付率, en: Paid rate}
    governance: {owner: ann, level: L2, unit: ratio, good_direction: up}
  - name: cost
    type: simple
    dataset: costs
    measure: cost
    grains: [day]
    label: {zh: 成本, en: Costs}
    governance: {owner: fay, level: L2, unit: CNY, good_direction: down, access: [finance]}
  - name: cost_per_order
    type: derived
    expr: "cost / order_count"
    input_metrics: [{name: cost}, {name: order_count}]
    grains: [day]
    governance: {owner: olga, level: L3, unit: CNY, good_direction: down}
monitors:
  - {name: gmv_daily, metric: gmv, grain: day, slices: ["", region]}
  - {name: paid_daily, metric: paid_rate, grain: day, gates: {minimum_impact: 5}}
playbooks:
  - name: any
    steps: [{id: look, kind: check, title: Look}]
  - name: unpaid
    metrics: [paid_rate]
    steps: [{id: look, kind: check, title: Look}]
people:
  - {id: olga, name: Olga, roles: [owner], contacts: [{channel: desk, address: o}]}
  - {id: ann, name: Ann, roles: [responder], contacts: [{channel: desk, address: a}]}
  - {id: dan, name: Dan, roles: [owner], teams: [data], contacts: [{channel: desk, address: d}]}
  - {id: fay, name: Fay, roles: [owner], teams: [finance], contacts: [{channel: desk, address: f}]}
  - {id: eva, name: Eva, roles: [owner], teams: [east], contacts: [{channel: desk, address: e}]}
  - {id: stu, name: Stu, roles: [steward], contacts: [{channel: desk, address: s}]}
teams:
  - name: east
    label: {zh: 华东, en: East}
    grants:
      - where: {region: [East]}
assignment:
  fallback: olga
  acknowledge_within: 30m
  resolve_within: 1d
channels:
  - {name: desk, plugin: console}
"""


def governed(folder: Path, *changes: tuple[str, str]) -> Project:
    """The project, with places of its text changed."""
    return read(folder, changed(*changes))


def changed(*changes: tuple[str, str]) -> str:
    text = GOVERNED
    for old, new in changes:
        assert text.count(old) == 1, f"{old!r} stands there {text.count(old)} times"
        text = text.replace(old, new)
    return text

"""A small shop: its project, and a source that answers from a formula. Real definitions, no files, no network."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from metricloop.bootstrap.projects import option_issues
from metricloop.collect.compile import compile_reading
from metricloop.collect.model import Checked, Reading, Row
from metricloop.define.dataset import Dataset
from metricloop.define.model import Document, Source
from metricloop.kernel.errors import Issue, SourceFailed
from metricloop.notify.model import DeliveryResult, DeliveryState, Parcel

ZONE = ZoneInfo("Asia/Shanghai")
HISTORY_FROM = datetime(2026, 1, 1, tzinfo=ZONE).astimezone(UTC)
LIVE_FROM = datetime(2026, 2, 20, tzinfo=ZONE).astimezone(UTC)
BAD_FROM = datetime(2026, 2, 25, tzinfo=ZONE).astimezone(UTC)
BAD_UNTIL = datetime(2026, 2, 26, tzinfo=ZONE).astimezone(UTC)
NOW = datetime(2026, 2, 26, 9, tzinfo=ZONE).astimezone(UTC)

CITIES = ("上海", "北京", "广州", "深圳")

PROJECT = """\
project: shop
timezone: Asia/Shanghai
sources:
  - {name: warehouse, plugin: postgres, label: {zh: 仓库, en: Warehouse}}
datasets:
  - name: orders
    source: warehouse
    table: public.orders
    time_column: created_at
    lateness: 2h
    dimensions: [city]
    measures:
      - {name: orders, agg: count}
      - {name: paid, agg: count, filter: "status = 'paid'"}
metrics:
  - name: paid_rate
    type: ratio
    dataset: orders
    numerator: paid
    denominator: orders
    grains: [hour, day]
    label: {zh: 支付率, en: Paid rate}
    governance: {owner: li_hua, level: L1, unit: ratio, good_direction: up}
  - name: orders
    type: simple
    dataset: orders
    measure: orders
    grains: [day]
    label: {zh: 订单数, en: Orders}
    governance: {owner: li_hua, level: L2, unit: count, good_direction: up}
monitors:
  - name: paid_daily
    metric: paid_rate
    grain: day
    slices: ["", city]
    options: {direction: down, budget: 0.002, total_budget: 0.03}
    gates: {minimum_impact: 20, minimum_buckets: 1, recovery_buckets: 1}
    severity: S2
    verify_buckets: 1
    review_required: true
playbooks:
  - name: unpaid
    label: {zh: 支付异常, en: Unpaid orders}
    metrics: [paid_rate]
    steps:
      - {id: look, kind: check, title: Look}
      - id: decide
        kind: task
        title: {zh: 决定, en: Decide}
        form:
          - {name: decision, type: choice, options: [act, leave], required: true}
        stop_on: {decision: leave}
      - id: fix
        kind: approval
        grade: critical
        to: li_hua
        action: webhook
        title: {zh: 切换支付渠道, en: Switch the payment provider}
        effect: {zh: 换成备用渠道, en: The spare provider takes over}
        undo: {zh: 可切回, en: It can be switched back}
      - {id: verify, kind: verify, title: See whether it came back}
people:
  - {id: li_hua, name: 李华, language: zh, roles: [owner], teams: [payments], contacts: [{channel: desk, address: li}]}
  - {id: ann, name: Ann, roles: [responder], teams: [payments], contacts: [{channel: desk, address: ann}]}
  - {id: vera, name: Vera, roles: [viewer], contacts: [{channel: desk, address: vera}]}
  - {id: stu, name: Stu, roles: [steward], contacts: [{channel: desk, address: stu}]}
  - {id: ada, name: Ada, roles: [administrator], contacts: [{channel: desk, address: ada}]}
  - {id: otto, name: Otto, roles: [auditor], contacts: [{channel: desk, address: otto}]}
assignment:
  fallback: li_hua
  acknowledge_within: 30m
  resolve_within: 1d
  escalation:
    - {wait: 30m, person: li_hua}
  responsibilities:
    - {slice: {city: 上海}, person: ann}
channels:
  - {name: desk, plugin: console}
"""


class Warehouse:
    """About 60 orders an hour and city, 95 % of them paid, but on one bad day only half of Shanghai's."""

    def read(self, reading: Reading) -> Sequence[Row]:
        hours = int((reading.end - reading.start) / timedelta(hours=1))
        rows = []
        for bucket in (reading.start + timedelta(hours=i) for i in range(hours)):
            cells = {city: _cell(bucket, number) for number, city in enumerate(CITIES)}
            if not reading.by:
                total = {name: sum(cell[name] for cell in cells.values()) for name in ("orders", "paid")}
                rows.append(Row(bucket, (), tuple(float(total[name]) for name in reading.measures)))
            else:
                rows += [
                    Row(bucket, (city,), tuple(float(cell[name]) for name in reading.measures))
                    for city, cell in sorted(cells.items())
                ]
        return rows

    def compiled(self, reading: Reading) -> tuple[str, str]:
        return "postgres", compile_reading(reading, "postgres")

    def check(self, source: Source, dataset: Dataset) -> Checked:
        return Checked({"created_at": "timestamp", "city": "text", "status": "text"})


def _cell(bucket: datetime, number: int) -> dict[str, int]:
    """Spread without chance: a small multiplicative pattern stands for noise."""
    hour = int(bucket.timestamp() // 3600)
    orders = 60 + (hour * 7 + number * 13) % 11
    unpaid = 2 + (hour * 5 + number * 3) % 4
    if number == 0 and BAD_FROM <= bucket < BAD_UNTIL:
        unpaid = orders // 2
    return {"orders": orders, "paid": orders - unpaid}


class Workshop:
    """An installation whose one database has two tables; a host called nowhere does not answer."""

    def plugins(self) -> Mapping[str, Sequence[str]]:
        return {"sources": ["postgres", "files"], "detectors": ["seasonal"], "channels": ["console"]}

    def option_issues(self, documents: Sequence[Document], told: Sequence[Issue]) -> Sequence[Issue]:
        return option_issues(documents, told)

    def tables(self, source: Source) -> Sequence[str]:
        if source.options.get("host") == "nowhere":
            raise SourceFailed("no answer from nowhere", retryable=True, fix="check the address")
        return ["public.cities", "public.orders"]

    def columns(self, source: Source, table: str) -> Mapping[str, str]:
        if table != "public.orders":
            raise SourceFailed(f"there is no table {table}", retryable=False, fix="choose one of its tables")
        return {"created_at": "timestamp", "city": "text", "status": "text"}

    def try_out(self, source: Source) -> Sequence[str]:
        return self.tables(source)


class Outside:
    """Channels and actions whose other end is this list: what was sent, what was done."""

    def __init__(self) -> None:
        self.sent: list[Parcel] = []
        self.done: list[str] = []

    def send(self, channel: str, parcel: Parcel) -> DeliveryResult:
        self.sent.append(parcel)
        return DeliveryResult(DeliveryState.DELIVERED, "ok")

    def perform(self, action: str, options: Mapping[str, Any], request: Mapping[str, Any], key: str) -> str:
        self.done.append(key)
        return "done"

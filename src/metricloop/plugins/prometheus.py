"""Source `prometheus`: series of PromQL range queries, a table for each query, by `query_range` and nothing else.

A value at time t of a query with step s speaks of the time from t - s to t, so its row begins at t - s. Columns: `at`,
`value`, and the labels named as dimensions; the other labels tell rows apart but are no columns.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from pydantic import Field

from metricloop.plugins.http_client import HttpClient, HttpOptionsBase, Plain
from metricloop.plugins.push import points_table
from metricloop.sdk import Batch, Context, Declared, LandingOptions, Options, Record, SourceFailed, SourcePlugin
from metricloop.sdk.mapping import declared

_MOST_POINTS = 10_000  # of one series in one answer; Prometheus refuses more than 11,000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class PromTable(Options):
    query: str = Field(min_length=1, description="PromQL; for a counter write increase(name[1h]), as long as the step")
    dimensions: tuple[str, ...] = Field((), description="labels that become columns")
    step_s: int = Field(3600, ge=15, le=86400, description="one row of each series per step, on whole steps of UTC")


class PrometheusOptions(HttpOptionsBase, LandingOptions):
    tables: dict[str, PromTable] = Field(min_length=1)
    overlap_s: int = Field(7200, ge=0, description="asked for again each time: late scrapes, remote writes")
    history_days: int = Field(90, ge=1, description="how far back the first pull asks")
    every_s: float | None = Field(None, ge=5, description="pull so often, besides when an hour is read")
    allow_warnings: bool = Field(False, description="also take answers that say they may be partial")


class PrometheusSource:
    """A PullSource. Its cursor is JSON: table -> the step up to which all is there, in seconds since 1970."""

    def __init__(self, options: PrometheusOptions, context: Context) -> None:
        self._options = options
        self._clock = context.clock
        self._client = HttpClient(options, context.clock)

    def declared(self) -> Declared:
        options = self._options
        tables = {name: points_table(table.dimensions) for name, table in options.tables.items()}
        return declared(tables, keep_days=options.keep_days, history_days=options.history_days, every_s=options.every_s)

    def pull(self, cursor: str | None, since: datetime) -> Iterator[Batch]:
        reached: dict[str, int] = json.loads(cursor) if cursor else {}
        for name, table in self._options.tables.items():
            begin = reached[name] - self._options.overlap_s if name in reached else int(since.timestamp())
            for start, end in _windows(begin, int(self._clock.now().timestamp()), table.step_s):
                records = list(self._records(name, table, start, end))
                reached = {**reached, name: end}
                yield Batch(records, cursor=json.dumps(reached, sort_keys=True))

    def close(self) -> None:
        self._client.close()

    def _records(self, name: str, table: PromTable, start: int, end: int) -> Iterator[Record]:
        asked: dict[str, Plain] = {"query": table.query, "start": start, "end": end, "step": table.step_s}
        document, _ = self._client.get("api/v1/query_range", asked)
        for series in self._series(document, name):
            labels = series["metric"]
            whole = json.dumps(labels, sort_keys=True, ensure_ascii=False)
            dimensions = {label: labels.get(label) for label in table.dimensions}
            for at, text in series["values"]:
                value = float(text)
                begun = _EPOCH + timedelta(seconds=float(at) - table.step_s)
                body = {
                    "at": begun.replace(tzinfo=None).isoformat(),
                    "value": value if math.isfinite(value) else None,
                    **dimensions,
                }
                yield Record(name, f"{begun.isoformat()} {whole}", begun, body)

    def _series(self, document: Any, name: str) -> list[Mapping[str, Any]]:
        """The series of an answer, checked for their shape. Raises SourceFailed."""
        if not isinstance(document, dict) or document.get("status") != "success":
            said = document.get("error", "") if isinstance(document, dict) else ""
            raise _failed(name, f"the query failed: {str(said)[:300]}", "correct the query")
        if document.get("warnings") and not self._options.allow_warnings:
            said = "; ".join(map(str, document["warnings"]))[:300]
            raise _failed(name, f"the answer may be partial: {said}", "mend what is told, or set allow_warnings")
        data = document.get("data")
        if not isinstance(data, dict) or data.get("resultType") != "matrix" or not isinstance(data.get("result"), list):
            raise _failed(name, "the answer is no matrix of series", "check that url leads to Prometheus")
        return [series for series in data["result"] if _is_series(series, name)]


def _is_series(series: Any, name: str) -> bool:
    """Raises SourceFailed when it is none; False for a series without plain values (native histograms)."""
    if not isinstance(series, dict) or not isinstance(series.get("metric"), dict):
        raise _failed(name, "a series of the answer has no labels", "check that url leads to Prometheus")
    values = series.get("values", [])
    if not isinstance(values, list) or not all(isinstance(pair, list) and len(pair) == 2 for pair in values):
        raise _failed(name, "the values of a series are no pairs", "check that url leads to Prometheus")
    return bool(values)


def _windows(begin: int, now: int, step: int) -> Iterator[tuple[int, int]]:
    """First and last step of each question: whole steps, up to the last one that is over."""
    at, last = -(-begin // step) * step, now // step * step
    while at <= last:
        end = min(at + (_MOST_POINTS - 1) * step, last)
        yield at, end
        at = end + step


def _failed(name: str, problem: str, fix: str) -> SourceFailed:
    return SourceFailed(problem, retryable=True, where=f"table {name}", fix=fix)


PLUGIN = SourcePlugin(
    "prometheus", PrometheusOptions, "Range queries of Prometheus and what speaks like it", build=PrometheusSource
)

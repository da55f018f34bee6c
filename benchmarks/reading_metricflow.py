"""MetricFlow: its SQL, run by the plain driver of the engine. Runs where MetricFlow is installed.

The definition is the one that costs it least: both measures are sums of a CASE, so that its SQL has one scan and no
join. It knows no MySQL.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from benchmarks.worker import Cell, Task

_GROUP_BY = ["metric_time__hour", "order__warehouse", "order__carrier"]
_DEFINITION = """\
semantic_model:
  name: orders
  node_relation: {schema_name: SCHEMA, alias: orders}
  defaults: {agg_time_dimension: created_at}
  entities: [{name: order, type: primary, expr: order_id}]
  dimensions:
    - {name: created_at, type: time, type_params: {time_granularity: second}}
    - {name: warehouse, type: categorical}
    - {name: carrier, type: categorical}
  measures:
    - {name: fulfilled, agg: sum, expr: "CASE WHEN status = 'fulfilled' THEN 1 ELSE 0 END"}
    - {name: shipped, agg: sum, expr: "CASE WHEN status <> 'cancelled' THEN 1 ELSE 0 END"}
---
metric: {name: fulfilled, type: simple, type_params: {measure: fulfilled}}
---
metric: {name: shipped, type: simple, type_params: {measure: shipped}}
---
metric:
  name: fulfilment_rate
  type: ratio
  type_params: {numerator: {name: fulfilled}, denominator: {name: shipped}}
---
project_configuration:
  time_spines:
    - node_relation: {schema_name: SCHEMA, alias: hours}
      primary_column: {name: hour, time_granularity: hour}
"""
_RENDERERS = {
    "duckdb": ("duckdb_renderer", "DuckDbSqlPlanRenderer"),
    "postgres": ("postgres", "PostgresSQLSqlPlanRenderer"),
}


class _Dialect:
    """The little of a client that writing SQL needs."""

    def __init__(self, engine: str) -> None:
        module, name = _RENDERERS[engine]
        engines = importlib.import_module("metricflow.protocols.sql_client").SqlEngine
        self.sql_engine_type = engines.DUCKDB if engine == "duckdb" else engines.POSTGRES
        self.sql_plan_renderer = getattr(importlib.import_module(f"metricflow.sql.render.{module}"), name)()

    def render_bind_parameter_key(self, key: str) -> str:
        return key


class MetricFlow:
    def __init__(self, engine: Any, request: Any, run: Callable[[str], list[Any]]) -> None:
        self._engine = engine
        self._request = request
        self._run = run

    def read(self, start: datetime, end: datetime) -> list[Any]:
        first, last = start.replace(tzinfo=None), end.replace(tzinfo=None) - timedelta(seconds=1)
        request = self._request.create(
            metric_names=["fulfilment_rate"],
            group_by_names=_GROUP_BY,
            time_constraint_start=first,
            time_constraint_end=last,
        )
        return self._run(self._engine.explain(request).sql_statement.sql)

    def cells(self, answer: list[Any]) -> Sequence[Cell]:
        return [(hour.isoformat(), warehouse, carrier, rate) for hour, warehouse, carrier, rate in answer]

    def count(self, answer: list[Any]) -> int:
        return len(answer)


def open_contender(task: Task) -> MetricFlow:
    schema = task.schema or "main"
    parsing = importlib.import_module("metricflow_semantic_interfaces.parsing.dir_to_model")
    file = importlib.import_module("metricflow_semantic_interfaces.parsing.objects").YamlConfigFile(
        filepath="orders.yaml", contents=_DEFINITION.replace("SCHEMA", schema)
    )
    manifest = parsing.parse_yaml_files_to_validation_ready_semantic_manifest([file]).semantic_manifest
    lookup = importlib.import_module("metricflow_semantics.model.semantic_manifest_lookup").SemanticManifestLookup
    engines = importlib.import_module("metricflow.engine.metricflow_engine")
    engine = engines.MetricFlowEngine(lookup(manifest), _Dialect(task.engine))
    return MetricFlow(engine, engines.MetricFlowQueryRequest, _runner(task))


def _runner(task: Task) -> Callable[[str], list[Any]]:
    if task.engine == "postgres":
        connection = importlib.import_module("psycopg").connect(task.address, autocommit=True)
        return lambda sql: list(connection.execute(sql).fetchall())
    duckdb = importlib.import_module("duckdb").connect()
    duckdb.execute(f"CREATE VIEW orders AS FROM '{Path(task.address) / 'orders.parquet'}'")
    return lambda sql: list(duckdb.execute(sql).fetchall())

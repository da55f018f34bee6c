"""The former name of `sql_expressions`."""

from __future__ import annotations

from metricloop.define.sql_expressions import Refused, check_expression, check_predicate

__all__ = ["Refused", "check_expression", "check_predicate"]

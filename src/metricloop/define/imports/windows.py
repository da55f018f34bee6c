"""Stretches of time as others write them: `7 days`, `{count: 7, granularity: day}`."""

from __future__ import annotations

from typing import Any

from metricloop.define.imports.model import Unmapped
from metricloop.kernel.errors import InvalidInput
from metricloop.kernel.periods import Period


def period_of(value: Any) -> str | None:
    """As our definitions write it; None where there is none. Raises Unmapped on what is no period here."""
    if value is None or value == "":
        return None
    text = f"{value.get('count')} {value.get('granularity')}" if isinstance(value, dict) else str(value)
    try:
        return str(Period.parse(text))
    except InvalidInput as error:
        raise Unmapped(error.problem, error.fix) from error

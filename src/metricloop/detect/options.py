"""What a monitor may set of the seasonal detector, and what is wrong with what was set. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from math import isfinite
from typing import Any

from metricloop.define.model import Direction, Metric, MetricType
from metricloop.define.monitors import Monitor
from metricloop.detect.profile import Memory
from metricloop.detect.seasonal import Kind, SeasonalConfig
from metricloop.detect.slots import BUCKETS_PER_WEEK
from metricloop.kernel.errors import InvalidInput
from metricloop.kernel.grain import Grain

_SIDES = ("up", "down", "both")
_MEMORIES = ("total_memory", "part_memory")
_MEMORY = tuple(f.name for f in fields(Memory))
# What follows from the monitor and its metric is not an option.
_OPTIONS = tuple(f.name for f in fields(SeasonalConfig) if f.name not in ("kind", "grain"))
_BAD_SIDE: dict[Direction, str] = {Direction.UP: "down", Direction.DOWN: "up", Direction.NONE: "both"}


@dataclass(frozen=True, slots=True)
class Wrong:
    """One option that cannot be used, and what to write instead."""

    option: str
    problem: str
    fix: str


def wrong_options(options: Mapping[str, Any], grain: Grain) -> list[Wrong]:
    """Everything that is wrong with a monitor's options; empty: the detector can be made of them."""
    found = (_wrong(name, value, grain) for name, value in options.items())
    return [wrong for wrong in found if wrong is not None]


def _wrong(name: str, value: Any, grain: Grain) -> Wrong | None:
    if name not in _OPTIONS:
        return Wrong(name, f"the seasonal detector has no option {name!r}", f"one of {', '.join(sorted(_OPTIONS))}")
    if name == "direction":
        fits, fix = value in _SIDES, f"one of {', '.join(_SIDES)}"
    elif name in _MEMORIES:
        fits, fix = _is_memory(value), f"{name}: {{{', '.join(f'{part}: NUMBER' for part in _MEMORY)}}}"
    elif name == "shift_after":
        fits, fix = isinstance(value, int) and not isinstance(value, bool) and value >= 1, "a whole number of buckets"
    elif name in ("budget", "total_budget"):
        most = BUCKETS_PER_WEEK[grain]
        fits = _is_number(value) and 0 < value <= most
        fix = f"false alarms per series and week: a number above 0, at most {most:g}"
    else:
        fits, fix = _is_number(value) and value >= 0, "a number, 0 or more"
    return None if fits else Wrong(name, f"{name} cannot be {value!r}", fix)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and isfinite(value)


def _is_memory(value: Any) -> bool:
    if not isinstance(value, Mapping) or set(value) != set(_MEMORY):
        return False
    return all(_is_number(part) and part > 0 for part in value.values())


def seasonal_config(monitor: Monitor, metric: Metric) -> SeasonalConfig:
    """The detector's configuration: the monitor's options over what the metric says of itself. Raises InvalidInput."""
    wrong = wrong_options(monitor.options, monitor.grain)
    if wrong:
        raise InvalidInput(wrong[0].problem, where=f"monitor {monitor.name}, options", fix=wrong[0].fix)
    given = {name: Memory(**value) if name in _MEMORIES else value for name, value in monitor.options.items()}
    kind = kind_of(metric)
    usual: dict[str, Any] = {
        "direction": _BAD_SIDE[metric.governance.good_direction],
        "minimum_denominator": metric.governance.minimum_denominator if kind != "level" or metric.is_ratio else 0.0,
    }
    return SeasonalConfig(kind=kind, grain=monitor.grain, **{**usual, **given})


def kind_of(metric: Metric) -> Kind:
    """The law of a metric's values: a share of its denominator, a count (or a sum, money too), or any number.

    A quotient is a share where its unit is `ratio`; an average is none. What does not add up is a count where it
    counts, over buckets or over a window.
    """
    unit = metric.governance.unit
    if metric.is_ratio:
        return "rate" if unit == "ratio" else "level"
    if metric.type is MetricType.DERIVED:
        return "level"
    money = metric.type is MetricType.CUMULATIVE and re.fullmatch("[A-Z]{3}", unit) is not None
    return "count" if metric.additive or unit == "count" or money else "level"

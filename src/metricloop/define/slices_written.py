"""Slices as they are written: a list of values stands for one slice of each."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product

from metricloop.kernel.slices import Slice


def expand(written: Mapping[str, tuple[str, ...]]) -> tuple[Slice, ...]:
    """`{dest: (BOS, BTV)}` -> two slices; with several lists, every combination."""
    return tuple(Slice.of(zip(written, values, strict=True)) for values in product(*written.values()))

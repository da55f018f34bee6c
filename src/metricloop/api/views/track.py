"""One metric's points beside what was expected of them: the noun that charts are drawn from."""

from __future__ import annotations

from dataclasses import dataclass
from zoneinfo import ZoneInfo

import numpy as np

from metricloop.define.model import Metric
from metricloop.define.project import Project
from metricloop.kernel.grain import MONDAY, Grain
from metricloop.kernel.series import Flags, Floats, Panel


@dataclass(frozen=True, slots=True)
class Track:
    """Points and bands of some slices on one time axis; all matrices are [buckets, slices], NaN where there is none.

    Does not say which of several monitors a band comes from: the first that has one for the bucket.
    """

    metric: Metric
    grain: Grain
    zone: ZoneInfo
    panel: Panel
    expected: Floats
    lower: Floats
    upper: Floats
    score: Floats
    anomalous: Flags
    week_start: int = MONDAY

    def last_known(self, column: int) -> int | None:
        """The newest bucket in which this slice has a value."""
        known = np.flatnonzero(~np.isnan(self.panel.values()[:, column]))
        return int(known[-1]) if known.size else None

    def last_anomalous(self, column: int) -> int | None:
        """The newest anomalous bucket of this slice, else the newest in which it has a value."""
        found = np.flatnonzero(self.anomalous[:, column])
        return int(found[-1]) if found.size else self.last_known(column)


def zone_of(project: Project, metric: Metric) -> ZoneInfo:
    """The zone whose days this metric has."""
    dataset = project.datasets.get(metric.dataset)
    return dataset.timezone if dataset else project.timezone

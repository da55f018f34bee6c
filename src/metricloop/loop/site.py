"""What the loop's routes stand on: live definitions and the outside world, each behind its port."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from metricloop.act.ports import Actions
from metricloop.attribute.ports import LeafReader
from metricloop.collect.ports import Examiner, SourceReader
from metricloop.define.project import Project
from metricloop.detect.judge import Judge
from metricloop.loop.ports import OpenUnit
from metricloop.notify.ports import Channels


@dataclass(slots=True)
class Site:
    """One running system as the loop sees it. `project` is refreshed by the loop when a definition changes.

    reader: for ticks, hour after hour. leaves: for attribution, windows far apart. examiner: looks at rows before their
    numbers are taken; without one nothing is held back.
    """

    open_unit: OpenUnit
    project: Project
    reader: SourceReader
    leaves: LeafReader
    channels: Channels
    actions: Actions
    base_url: str
    judge: Judge = field(default_factory=Judge)
    examiner: Examiner | None = None

    @property
    def channel_names(self) -> Mapping[str, object]:
        return self.project.channels

"""What the hosts of plugins (`metricloop.plugins`) need from the stages, in one place. Not for plugin authors."""

from metricloop.collect.compile import compile_reading, rows_of, where_of
from metricloop.collect.landing import (
    GRACE,
    LandedRow,
    Landing,
    LandingUnit,
    failed,
    for_options,
    held,
    is_complete,
    land,
    landed_row,
    mark_of,
    may_hold,
    set_aside,
    sound,
)
from metricloop.collect.model import Checked, Reading, Row
from metricloop.define.dataset import Dataset
from metricloop.define.model import Source
from metricloop.define.responsibility import ChannelDefinition
from metricloop.kernel.errors import MetricloopError
from metricloop.kernel.message import Message

__all__ = [
    "GRACE",
    "ChannelDefinition",
    "Checked",
    "Dataset",
    "LandedRow",
    "Landing",
    "LandingUnit",
    "Message",
    "MetricloopError",
    "Reading",
    "Row",
    "Source",
    "compile_reading",
    "failed",
    "for_options",
    "held",
    "is_complete",
    "land",
    "landed_row",
    "mark_of",
    "may_hold",
    "rows_of",
    "set_aside",
    "sound",
    "where_of",
]

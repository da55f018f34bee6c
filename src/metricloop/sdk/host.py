"""What the hosts of plugins (`metricloop.plugins`) need from the stages, in one place. Not for plugin authors."""

from metricloop.collect.compile import compile_reading, rows_of, where_of
from metricloop.collect.model import Checked, Reading, Row
from metricloop.define.dataset import Dataset
from metricloop.define.model import Source
from metricloop.define.responsibility import ChannelDefinition

__all__ = [
    "ChannelDefinition",
    "Checked",
    "Dataset",
    "Reading",
    "Row",
    "Source",
    "compile_reading",
    "rows_of",
    "where_of",
]

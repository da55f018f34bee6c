"""All that a plugin may import. `api` in a spec says which version of these promises it was written for: 1.

In: a typed spec per plugin, registered as an entry point. Out: sources, channels, actions, detectors that the product
builds from checked options. Never knows a bundled plugin.
"""

from metricloop.collect.columns import ColumnTable
from metricloop.kernel.clock import Clock
from metricloop.kernel.errors import InvalidInput, Issue, SourceFailed
from metricloop.notify.model import DeliveryResult, DeliveryState, Parcel
from metricloop.sdk.journal import Journal
from metricloop.sdk.landing import (
    Batch,
    Declared,
    LandedTable,
    LandingSource,
    PullSource,
    PushSource,
    Record,
    Refused,
    StreamSource,
    Taken,
)
from metricloop.sdk.mapping import LandingOptions, Mapper, TableOptions
from metricloop.sdk.secrets import Secret
from metricloop.sdk.specs import (
    API,
    Action,
    ActionPlugin,
    Channel,
    ChannelPlugin,
    Context,
    DetectorPlugin,
    OpenSource,
    Options,
    Plugin,
    SourcePlugin,
)

__all__ = [
    "API",
    "Action",
    "ActionPlugin",
    "Batch",
    "Channel",
    "ChannelPlugin",
    "Clock",
    "ColumnTable",
    "Context",
    "Declared",
    "DeliveryResult",
    "DeliveryState",
    "DetectorPlugin",
    "InvalidInput",
    "Issue",
    "Journal",
    "LandedTable",
    "LandingOptions",
    "LandingSource",
    "Mapper",
    "OpenSource",
    "Options",
    "Parcel",
    "Plugin",
    "PullSource",
    "PushSource",
    "Record",
    "Refused",
    "Secret",
    "SourceFailed",
    "SourcePlugin",
    "StreamSource",
    "TableOptions",
    "Taken",
]

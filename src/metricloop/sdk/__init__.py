"""All that a plugin may import. `api` in a spec says which version of these promises it was written for: 1.

In: a typed spec per plugin, registered as an entry point. Out: sources, channels, actions, detectors that the product
builds from checked options. Never knows a bundled plugin.
"""

from metricloop.kernel.clock import Clock
from metricloop.kernel.errors import InvalidInput, Issue, SourceFailed
from metricloop.notify.model import DeliveryResult, DeliveryState, Parcel
from metricloop.sdk.journal import Journal
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
    "Channel",
    "ChannelPlugin",
    "Clock",
    "Context",
    "DeliveryResult",
    "DeliveryState",
    "DetectorPlugin",
    "InvalidInput",
    "Issue",
    "Journal",
    "OpenSource",
    "Options",
    "Parcel",
    "Plugin",
    "Secret",
    "SourceFailed",
    "SourcePlugin",
]

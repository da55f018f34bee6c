"""Any channel plugin behind notify's port."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Mapping
from dataclasses import replace

from metricloop.kernel.secrets import hidden
from metricloop.plugins.registry import Registry, checked_options, plugin_failed
from metricloop.sdk import (
    Channel,
    Context,
    DeliveryResult,
    DeliveryState,
    InvalidInput,
    Parcel,
    SourceFailed,
)
from metricloop.sdk.host import ChannelDefinition


class ChannelBook:
    """The project's channels by name. `definitions` is asked at every send, so that a changed channel is seen."""

    def __init__(
        self, registry: Registry, context: Context, definitions: Callable[[], Mapping[str, ChannelDefinition]]
    ) -> None:
        self._registry = registry
        self._context = context
        self._definitions = definitions
        self._lock = threading.Lock()
        self._built: dict[str, Channel] = {}

    def send(self, channel: str, parcel: Parcel) -> DeliveryResult:
        """Never raises for what a provider, a plugin or its options did; that is in the result."""
        try:
            result = self._send(channel, parcel)
            return replace(result, provider_message=hidden(result.provider_message))  # receivers send tokens back
        except (SourceFailed, InvalidInput) as error:
            retryable = isinstance(error, SourceFailed) and error.retryable
            return DeliveryResult(DeliveryState.FAILED, error.code, str(error), retryable)

    def _send(self, channel: str, parcel: Parcel) -> DeliveryResult:
        definitions = self._definitions()
        if channel not in definitions:
            known = ", ".join(sorted(definitions)) or "none"
            raise InvalidInput(f"no channel {channel!r}", fix=f"known: {known}")
        definition = definitions[channel]
        try:
            return self._channel(definition).send(parcel)
        except (SourceFailed, InvalidInput):
            raise
        except Exception as error:  # a stranger's plugin may raise anything
            raise plugin_failed(f"channel {channel}", definition.plugin, error) from error

    def _channel(self, definition: ChannelDefinition) -> Channel:
        mark = json.dumps([definition.name, definition.plugin, definition.options], sort_keys=True, default=str)
        with self._lock:
            if mark not in self._built:
                plugin = self._registry.channel(definition.plugin)
                options = checked_options(plugin, definition.options, f"channel {definition.name}, options")
                self._built[mark] = plugin.build(options, self._context)
            return self._built[mark]

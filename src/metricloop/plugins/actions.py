"""Any action plugin behind act's port."""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping
from typing import Any

from metricloop.kernel.secrets import hidden
from metricloop.plugins.registry import Registry, checked_options, plugin_failed
from metricloop.sdk import Action, Context, InvalidInput, SourceFailed


class ActionBook:
    """Action plugins by name; the options come with each step."""

    def __init__(self, registry: Registry, context: Context) -> None:
        self._registry = registry
        self._context = context
        self._lock = threading.Lock()
        self._built: dict[str, Action] = {}

    def perform(self, action: str, options: Mapping[str, Any], request: Mapping[str, Any], key: str) -> str:
        """Do it once per key and give back a short outcome. Raises SourceFailed, whatever the plugin did."""
        where = f"action {action}"
        try:
            return hidden(self._action(action, options).perform(request, key))  # receivers send tokens back
        except SourceFailed as error:
            place = f"{where}, {error.where}" if error.where else where
            raise SourceFailed(error.problem, retryable=error.retryable, fix=error.fix, where=place) from error
        except InvalidInput as error:
            raise SourceFailed(error.problem, retryable=False, fix=error.fix, where=error.where or where) from error
        except Exception as error:  # a stranger's plugin may raise anything
            raise plugin_failed(where, action, error) from error

    def _action(self, action: str, options: Mapping[str, Any]) -> Action:
        mark = json.dumps([action, dict(options)], sort_keys=True, default=str)
        with self._lock:
            if mark not in self._built:
                plugin = self._registry.action(action)
                checked = checked_options(plugin, options, f"action {action}, options")
                self._built[mark] = plugin.build(checked, self._context)
            return self._built[mark]

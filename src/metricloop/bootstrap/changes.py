"""Who listens is told what changed, after it has committed."""

from __future__ import annotations

import threading
from collections.abc import Callable

from metricloop.kernel.events import Event

Listener = Callable[[str, str], None]
_KINDS = {
    "incident": "incident",
    "recovery": "incident",
    "label": "incident",
    "review": "incident",
    "task": "task",
    "run": "run",
    "step": "run",
    "effect": "run",
    "proposal": "proposal",
    "points": "points",
    "source": "source",
}


class Hub:
    """Tells listeners of this process (kind, id); what another process did is seen at their next look."""

    def __init__(self) -> None:
        self._listeners: dict[int, Listener] = {}
        self._lock = threading.Lock()
        self._next = 0

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        with self._lock:
            self._next += 1
            mine = self._next
            self._listeners[mine] = listener

        def end() -> None:
            with self._lock:
                self._listeners.pop(mine, None)

        return end

    def tell(self, event: Event) -> None:
        """Pass an event of the loop on; those that no page shows are left out."""
        self.tell_change(_KINDS.get(event.kind.partition(".")[0], "loop"), event.subject)

    def tell_change(self, kind: str, id: str) -> None:
        with self._lock:
            listeners = list(self._listeners.values())
        for listener in listeners:
            listener(kind, id)

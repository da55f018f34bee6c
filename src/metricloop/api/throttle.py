"""Slows down who guesses passwords. Counts live in this process only, and the oldest are forgotten."""

from __future__ import annotations

import threading
from collections import OrderedDict
from datetime import datetime, timedelta

from metricloop.access.credentials import wait_after

_MOST = 10_000
_FORGET = timedelta(hours=1)
_PER_ADDRESS = 5  # an address may fail this many times as often as one account from it before it must wait


class FailedLogIns:
    """Failures in a row per account and address, and per address over all accounts."""

    def __init__(self) -> None:
        self._failures: OrderedDict[tuple[str, str], tuple[int, datetime]] = OrderedDict()
        self._lock = threading.Lock()

    def wait(self, account: str, address: str, now: datetime) -> timedelta:
        """How long this account from this address must still wait."""
        with self._lock:
            own, at = self._failures.get((account, address), (0, now))
            all_, last = self._failures.get(("", address), (0, now))
        return max(at + wait_after(own) - now, last + wait_after(all_ // _PER_ADDRESS) - now, timedelta())

    def failed(self, account: str, address: str, now: datetime) -> None:
        with self._lock:
            for key in ((account, address), ("", address)):
                count, at = self._failures.pop(key, (0, now))
                self._failures[key] = ((count if now - at < _FORGET else 0) + 1, now)
            while len(self._failures) > _MOST:
                self._failures.popitem(last=False)

    def succeeded(self, account: str, address: str) -> None:
        with self._lock:
            self._failures.pop((account, address), None)

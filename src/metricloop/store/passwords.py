"""Passwords by argon2id and secrets by the operating system's generator."""

from __future__ import annotations

import secrets
import threading

import argon2
from argon2.exceptions import InvalidHashError, VerificationError


class Argon2Passwords:
    """argon2id with the parameters of RFC 9106's second choice (3 passes, 64 MiB, 4 lanes) unless told otherwise.

    At most two are computed at a time, so that many log-ins at once cannot take all memory.
    """

    def __init__(self, *, passes: int = 3, memory_kib: int = 65536, lanes: int = 4) -> None:
        self._hasher = argon2.PasswordHasher(time_cost=passes, memory_cost=memory_kib, parallelism=lanes)
        self._turn = threading.BoundedSemaphore(2)

    def hash(self, password: str) -> str:
        with self._turn:
            return self._hasher.hash(password)

    def matches(self, password_hash: str, password: str) -> bool:
        """False also for a hash that is not one: a damaged row lets nobody in."""
        with self._turn:
            try:
                return self._hasher.verify(password_hash, password)
            except (VerificationError, InvalidHashError):
                return False


class RandomSecrets:
    """256 bits each, in letters that need no escape in a URL."""

    def new(self) -> str:
        return secrets.token_urlsafe(32)

"""Passwords, secrets and how long they hold. Pure."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

from metricloop.kernel.errors import InvalidInput

SESSION_IDLE = timedelta(hours=12)
SESSION_LONGEST = timedelta(days=7)
SESSION_STEP = timedelta(minutes=5)
LINK_VALID = timedelta(minutes=15)
TOKEN_STEP = timedelta(minutes=10)
SHORTEST_PASSWORD = 12
LONGEST_PASSWORD = 256

FREE_FAILURES = 3
LONGEST_WAIT = timedelta(minutes=15)


def fingerprint(secret: str) -> str:
    """SHA-256 of a secret, in hex. Only for unguessable secrets (256 bit); a password needs a slow hash instead."""
    return hashlib.sha256(secret.encode()).hexdigest()


def session_end(created_at: datetime, seen_at: datetime) -> datetime:
    """When a session last used at `seen_at` ends: 12 hours of rest, but never more than 7 days in all."""
    return min(seen_at + SESSION_IDLE, created_at + SESSION_LONGEST)


def wait_after(failures: int) -> timedelta:
    """How long the next attempt must wait after so many failures in a row: nothing for three, then 2, 4, 8 ... seconds,
    at most 15 minutes. A wait, not a lock-out: nobody can shut somebody else out for good."""
    if failures < FREE_FAILURES:
        return timedelta()
    return min(timedelta(seconds=2 ** min(failures - FREE_FAILURES + 1, 20)), LONGEST_WAIT)


def check_password(person: str, password: str) -> None:
    """Raise InvalidInput unless the password is long enough (NIST SP 800-63B: length, no composition rules)."""
    if len(password) < SHORTEST_PASSWORD:
        raise InvalidInput(
            f"the password has {len(password)} characters",
            fix=f"use at least {SHORTEST_PASSWORD}; a sentence is easy to remember",
        )
    if len(password) > LONGEST_PASSWORD:
        raise InvalidInput("the password is too long", fix=f"use at most {LONGEST_PASSWORD} characters")
    if person and person.casefold() in password.casefold():
        raise InvalidInput("the password holds the account's name", fix="leave the name out")

"""Ids derived from what a thing is.

The same cause always gives the same id. So a step that runs twice after a crash finds its own first result instead
of making a second one, and a replay gives the same bytes each time.
"""

from __future__ import annotations

import hashlib


def derived_id(*parts: object) -> str:
    """16 hex digits of SHA-256 over the parts. Not secret, not random; parts must not contain U+001F."""
    text = "\x1f".join(str(part) for part in parts)
    return hashlib.sha256(text.encode()).hexdigest()[:16]

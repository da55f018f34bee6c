"""Which texts are secret in this process, so that no error, log or stored text repeats them.

A net below care, not instead of it: drivers, HTTP libraries and strangers' plugins put addresses with passwords into
their errors, and receivers send tokens back. Process-wide on purpose: whoever writes a log line cannot know which
secrets were looked up. Nothing is kept on disk. Secrets of fewer than six characters are not hidden: blanking them out
would damage ordinary words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_LEAST = 6
_HIDDEN = "[secret]"
_PASSWORD = re.compile(r"password\s*=\s*(?:'([^']*)'|(\S+))", re.IGNORECASE)
_known: frozenset[str] = frozenset()


def remember(secret: str) -> None:
    """From now on `hidden` takes it out, whole and in the parts of it that are secret when it is an address."""
    _add({secret, *_parts(secret)})


def remember_parts(address: str) -> None:
    """For an address that may be shown but for the password in it, and may have none."""
    _add(set(_parts(address)))


def hidden(text: str) -> str:
    """The text with `[secret]` in place of every secret that was looked up so far."""
    found = [secret for secret in _known if secret in text]
    for secret in sorted(found, key=len, reverse=True):
        text = text.replace(secret, _HIDDEN)
    return text


def _add(texts: set[str]) -> None:
    global _known
    fresh = {text for text in texts if len(text) >= _LEAST}
    if not fresh <= _known:
        _known = _known | fresh


def _parts(secret: str) -> Iterator[str]:
    for quoted, plain in _PASSWORD.findall(secret):
        yield quoted or plain
    before, _, rest = secret.partition("://")
    if not rest or not before.replace("+", "").isalnum():
        return
    # Also of an address that is not well formed: drivers then tell of the part that they choked on.
    login = rest.rpartition("@")[0]
    password = login.partition(":")[2]
    yield from (password, _decoded(password))
    path, _, query = rest.partition("#")[0].partition("?")
    for pair in query.split("&"):
        name, _, value = pair.partition("=")
        if re.search(r"key|token|secret|passw|pwd|sig|auth", name, re.IGNORECASE):
            yield from (value, _decoded(value))
    folder = path.partition("/")[2]
    if before in ("http", "https") and len(folder) > 2 * _LEAST:
        yield folder  # the address of a hook is a secret as a whole, and is asked under the number of its host


def _decoded(text: str) -> str:
    """Without %XX, as drivers show a password of an address."""
    return re.sub(
        r"(?:%[0-9a-fA-F]{2})+", lambda m: bytes.fromhex(m[0].replace("%", "")).decode(errors="replace"), text
    )

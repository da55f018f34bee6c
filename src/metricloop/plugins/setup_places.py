"""From what a person names (a file, a folder, an address) to a source: its plugin, its options, and what is secret.

A password never gets into options: an address that has one is referred to, by env:NAME or by a file that its owner
alone may read.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from metricloop.plugins.file_inspection import KNOWN, inspect
from metricloop.sdk import InvalidInput, Secret, SourceFailed

_SERVERS = {
    "postgresql": "postgres",
    "postgres": "postgres",
    "mysql": "mysql",
    "mariadb": "mysql",
    "clickhouse": "clickhouse",
    "clickhouses": "clickhouse",
}
_ADDRESS = re.compile(r"[a-z][a-z0-9+]*://", re.I)
_MOST_FILES = 200


@dataclass(frozen=True, slots=True)
class Place:
    """A source that may be asked. files: of a folder or file, table -> path. secret: the address to be kept, or ""."""

    name: str
    plugin: str
    options: Mapping[str, Any]
    files: Mapping[str, Path] = field(default_factory=dict)
    secret: str = ""


def place_of(text: str) -> Place:
    """What `text` names. Raises InvalidInput or SourceFailed with what can be named instead; opens no database."""
    if text.startswith(("env:", "file:")):
        return _server(Secret(text).value(), text)
    if _ADDRESS.match(text):
        return _server(text, "")
    path = Path(text).expanduser()
    if path.is_dir():
        found = {_table(each): each for each in sorted(path.iterdir()) if _is_table(each)}
        if not found:
            raise InvalidInput(f"{path} holds no file of a table", fix=f"put one in it that ends in {', '.join(KNOWN)}")
        return Place(_table(path.resolve()), "files", {}, dict(list(found.items())[:_MOST_FILES]))
    if not path.is_file():
        fix = "name a file, a folder, or an address such as postgresql://user@host/database"
        raise InvalidInput(f"there is no file {path}", fix=fix)
    return Place(_table(path), "files", {}, {_table(path): path})


def files_options(folder: str, table: str, path: Path) -> dict[str, Any]:
    """Options of a source `files` that reads one file of `folder` as `table`. Raises SourceFailed."""
    return {"folder": folder, "tables": {table: inspect(path).options(path.name)}}


def keep_secret(name: str, secret: str) -> str:
    """Write it to a file that its owner alone may read, outside of any project; gives back the reference to it."""
    home = os.environ.get("XDG_CONFIG_HOME") or os.environ.get("APPDATA") or str(Path.home() / ".config")
    folder = Path(home) / "metricloop" / "secrets"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = _free(folder, name, secret)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(secret + "\n")
    except OSError as error:
        problem = f"the secret cannot be kept: {error.strerror or error}"
        fix = "put the address into an environment variable, and name it: --from env:NAME"
        raise SourceFailed(problem, retryable=False, where=str(folder), fix=fix) from error
    return f"file:{path}"


def _free(folder: Path, name: str, secret: str) -> Path:
    """A file of that name that is not another's secret."""
    plain = re.sub(r"[^\w.-]+", "_", name)
    for number in range(1, 1000):
        path = folder / (plain if number == 1 else f"{plain}-{number}")
        if not path.exists() or path.read_text(encoding="utf-8").strip() == secret:
            return path
    raise OSError(f"too many files called {plain}")


def _server(address: str, reference: str) -> Place:
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        raise InvalidInput("this is not an address", fix="write special characters of the password as %XX") from None
    if parts.scheme == "sqlite":
        path = Path(unquote(address.removeprefix("sqlite://")).removeprefix("/") or ".").expanduser()
        if not path.is_file():
            raise InvalidInput(
                f"there is no file {path}", fix="write sqlite:///orders.db, or sqlite:////data/orders.db"
            )
        return Place(_table(path), "sqlite", {"path": str(path.resolve())})
    plugin = _SERVERS.get(parts.scheme)
    if plugin is None or not parts.hostname:
        fix = f"known: {', '.join(f'{scheme}://' for scheme in (*_SERVERS, 'sqlite'))}; or a file or folder"
        raise InvalidInput(f"no address of a kind that is known: {parts.scheme}://", fix=fix)
    database = unquote(parts.path.strip("/"))
    name = _plain(database or parts.hostname)
    if reference:
        return Place(name, plugin, {"url": reference})
    if parts.password or parts.query:
        return Place(name, plugin, {}, secret=address)
    given = {"host": parts.hostname, "port": port, "database": database, "user": unquote(parts.username or "")}
    return Place(name, plugin, {key: value for key, value in given.items() if value})


def _is_table(path: Path) -> bool:
    return path.is_file() and not path.name.startswith((".", "~$")) and _bare(path.name) != path.name


def _bare(name: str) -> str:
    """Without .gz and what a table's file ends in."""
    plain = name.removesuffix(".gz")
    return next((plain[: -len(ending)] for ending in KNOWN if plain.lower().endswith(ending)), name)


def _table(path: Path) -> str:
    bare = _bare(path.name)
    return _plain(bare if bare != path.name else path.stem)


def _plain(text: str) -> str:
    return re.sub(r"\W+", "_", text).strip("_").lower()[:48] or "data"

"""Where the files of the source `files` lie: a folder of this machine, or a store of objects reached by fsspec."""

from __future__ import annotations

import glob
import importlib.util
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any, Protocol

from metricloop.sdk import Secret, SourceFailed

_SIGNS = ("ETag", "etag", "md5Hash", "content_md5", "LastModified", "last_modified", "updated", "mtime", "created")
_HALF = ("~$", ".")  # what Excel and copying programs put beside a file that is open


@dataclass(frozen=True, slots=True)
class File:
    """One file as it was found. Another `stamp` under the same name means other content."""

    name: str
    stamp: str


class Place(Protocol):
    def files(self, pattern: str) -> Sequence[File]:
        """What matches, in order of names; maybe nothing. Raises SourceFailed when the place cannot be looked into."""
        ...

    def fetch(self, file: File, folder: Path) -> Path:
        """The file on this machine: itself, or a copy in `folder`. Raises SourceFailed."""
        ...

    def __str__(self) -> str:
        """As errors call it."""
        ...


class Folder:
    """A folder of this machine; nothing outside of it is read, not through links either."""

    def __init__(self, root: Path) -> None:
        self._root = root.resolve()

    def files(self, pattern: str) -> Sequence[File]:
        wanted = pattern if _is_pattern(pattern) else glob.escape(pattern)
        names = glob.glob(wanted, root_dir=self._root, recursive=True)
        found = [name for name in sorted(names) if not _is_half(name, pattern) and (self._root / name).is_file()]
        if any(not (self._root / name).resolve().is_relative_to(self._root) for name in found):
            raise SourceFailed(
                f"{pattern} leads out of the source's folder",
                retryable=False,
                where=str(self._root),
                fix="put the file into the folder",
            )
        return [File(name, _stamp(self._root / name)) for name in found]

    def fetch(self, file: File, folder: Path) -> Path:
        return self._root / file.name

    def __str__(self) -> str:
        return str(self._root)


class Objects:
    """A prefix of an object store (s3://bucket/orders). Listed at most once in `refresh_s` seconds for each pattern."""

    def __init__(
        self, url: str, storage: Mapping[str, Any], credentials: Mapping[str, Secret], refresh_s: float
    ) -> None:
        self._url = url.rstrip("/")
        self._storage = dict(storage)
        self._credentials = dict(credentials)
        self._refresh_s = refresh_s
        self._lock = threading.Lock()
        self._seen: dict[str, tuple[float, Sequence[File]]] = {}

    def files(self, pattern: str) -> Sequence[File]:
        with self._lock:
            at, seen = self._seen.get(pattern, (0.0, ()))
            if pattern not in self._seen or time.monotonic() - at >= self._refresh_s:
                seen = self._listed(pattern)
                self._seen[pattern] = (time.monotonic(), seen)
            return seen

    def fetch(self, file: File, folder: Path) -> Path:
        target = folder / PurePosixPath(file.name).name
        store, root = self._store()
        try:
            store.get_file(f"{root}/{file.name}", str(target))
        except Exception as error:  # each store raises its own kinds
            raise self._failed(f"{file.name} cannot be fetched", error) from error
        return target

    def __str__(self) -> str:
        return self._url

    def _listed(self, pattern: str) -> Sequence[File]:
        if ".." in PurePosixPath(pattern).parts:
            raise SourceFailed(
                f"{pattern} leads out of the source's folder",
                retryable=False,
                where=self._url,
                fix="name what is in it",
            )
        store, root = self._store()
        try:
            store.invalidate_cache()
            if _is_pattern(pattern):
                found = store.glob(f"{root}/{pattern}", detail=True)
            else:
                name = f"{root}/{pattern}"
                found = {name: store.info(name)} if store.exists(name) else {}
        except Exception as error:  # each store raises its own kinds
            raise self._failed("cannot be listed", error) from error
        files = [(_relative(name, root), facts) for name, facts in found.items() if facts.get("type") == "file"]
        return [
            File(name, _sign(facts))
            for name, facts in sorted(files, key=lambda one: one[0])
            if not _is_half(name, pattern)
        ]

    def _store(self) -> tuple[Any, str]:
        try:
            from fsspec.core import url_to_fs
        except ImportError as error:
            fix = 'pip install "metricloop[objects]", and the package of your store, such as s3fs'
            raise SourceFailed("fsspec is not installed", retryable=False, where=self._url, fix=fix) from error
        secrets = {name: secret.value() for name, secret in self._credentials.items()}
        try:
            store, root = url_to_fs(self._url, **{**self._storage, **secrets})
        except ImportError as error:
            fix = "install the package that it names"
            raise SourceFailed(f"{error}", retryable=False, where=self._url, fix=fix) from error
        except Exception as error:  # each store raises its own kinds
            raise self._failed("cannot be opened", error) from error
        return store, str(root).rstrip("/")

    def _failed(self, problem: str, error: Exception) -> SourceFailed:
        """Only the kind of error: its text may repeat an address with a signature in it."""
        refused = isinstance(error, PermissionError | ValueError | TypeError)
        return SourceFailed(
            f"{problem}: {type(error).__name__}",
            retryable=not refused,
            where=self._url,
            fix="check credentials, storage and that the store may be reached from here",
        )


def installed(package: str, install: str) -> Folder:
    """Where a package lies, without running any of its code."""
    found = importlib.util.find_spec(package) if package.isidentifier() else None
    places = list(found.submodule_search_locations or ()) if found else []
    if not places:
        raise SourceFailed(
            f"the Python package {package!r} is not installed",
            retryable=False,
            where=f"package {package}",
            fix=f'pip install "{install}"',
        )
    return Folder(Path(places[0]))


def _is_pattern(text: str) -> bool:
    return any(character in text for character in "*?[")


def _is_half(name: str, pattern: str) -> bool:
    return _is_pattern(pattern) and PurePosixPath(name).name.startswith(_HALF)


def _stamp(path: Path) -> str:
    found = path.stat()
    return f"{found.st_mtime_ns} {found.st_size}"


def _sign(facts: Mapping[str, Any]) -> str:
    return " ".join(str(facts[name]) for name in ("size", *_SIGNS) if facts.get(name) is not None)


def _relative(name: str, root: str) -> str:
    return name.removeprefix(root).lstrip("/")

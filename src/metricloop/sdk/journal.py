"""An append-only file of JSON lines in which each id stands once, also after a crash."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from metricloop.kernel.errors import SourceFailed


class Journal:
    """For one writing process at a time; threads are fine. A line is on disk before `add` returns.

    A line that a crash cut in half counts as never written and is removed, so that whoever did not get an answer may
    write it again.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._ids: set[str] = set()
        self._read_to = 0

    def add(self, id: str, entry: Mapping[str, Any]) -> bool:
        """False, and nothing written, when `id` is there already. Raises SourceFailed when the disk refuses."""
        line = json.dumps({"id": id, **entry}, ensure_ascii=False, sort_keys=True, default=str) + "\n"
        with self._lock:
            try:
                self._catch_up()
                if id in self._ids:
                    return False
                self._append(line.encode())
            except OSError as error:
                raise SourceFailed(
                    f"cannot write: {error.strerror or error}",
                    retryable=True,
                    where=str(self._path),
                    fix="check that the folder exists, is writable and has room",
                ) from error
            self._ids.add(id)
            return True

    def _catch_up(self) -> None:
        """Learn the ids written since the last look, and cut off a torn last line."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with self._path.open("a+b") as file:
            if file.seek(0, os.SEEK_END) < self._read_to:  # somebody began the file anew
                self._read_to = 0
            file.seek(self._read_to)
            new = file.read()
            whole = new.rfind(b"\n") + 1
            if whole < len(new):
                file.truncate(self._read_to + whole)
            self._read_to += whole
        try:
            self._ids.update(str(json.loads(line)["id"]) for line in new[:whole].splitlines())
        except (ValueError, KeyError, TypeError) as error:
            raise SourceFailed(
                "has a line that is not one of ours", retryable=False, where=str(self._path), fix="move this file away"
            ) from error

    def _append(self, line: bytes) -> None:
        with self._path.open("ab", buffering=0) as file:  # a buffer would try again when it is closed
            before = file.seek(0, os.SEEK_END)
            rest = memoryview(line)
            try:
                while rest:
                    rest = rest[file.write(rest) :]
                os.fsync(file.fileno())
            except OSError:
                os.truncate(self._path, before)
                raise
        self._read_to += len(line)

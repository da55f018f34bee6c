"""Channel `file`, channel `console` and action `file`: what needs no provider."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import Field

from metricloop.sdk import (
    ActionPlugin,
    ChannelPlugin,
    Context,
    DeliveryResult,
    DeliveryState,
    Journal,
    Options,
    Parcel,
    SourceFailed,
)


class FileOptions(Options):
    folder: str = Field("outbox", description="where the file is kept, relative to the project's folder")


class ConsoleOptions(Options):
    pass


class FileChannel:
    """One JSON line per message in `messages.jsonl`; the same id is never written twice, also after a crash."""

    def __init__(self, options: FileOptions, context: Context) -> None:
        self._journal = Journal(context.folder / options.folder / "messages.jsonl")

    def send(self, parcel: Parcel) -> DeliveryResult:
        try:
            fresh = self._journal.add(parcel.id, _line(parcel))
        except SourceFailed as error:
            return DeliveryResult(DeliveryState.FAILED, "io", str(error), retryable=error.retryable)
        return DeliveryResult(DeliveryState.DELIVERED, "written" if fresh else "already written")


class ConsoleChannel:
    """Writes to stderr; stdout carries data only."""

    def __init__(self, options: ConsoleOptions, context: Context) -> None:
        pass

    def send(self, parcel: Parcel) -> DeliveryResult:
        lines = (f"[{parcel.at.isoformat()}] to {parcel.address}: {parcel.subject}", parcel.body, parcel.link)
        try:
            sys.stderr.write("\n".join(line for line in lines if line) + "\n")
        except (OSError, ValueError) as error:
            return DeliveryResult(DeliveryState.FAILED, "io", str(error), retryable=True)
        return DeliveryResult(DeliveryState.DELIVERED, "written")


class FileAction:
    """Records the request in `effects.jsonl`, once per key: a stand-in for a system that is not connected yet."""

    def __init__(self, options: FileOptions, context: Context) -> None:
        self._path: Path = context.folder / options.folder / "effects.jsonl"
        self._journal = Journal(self._path)

    def perform(self, request: Mapping[str, Any], key: str) -> str:
        return "recorded" if self._journal.add(key, {"request": dict(request)}) else "already recorded"


def _line(parcel: Parcel) -> dict[str, Any]:
    return {
        "at": parcel.at.isoformat(),
        "to": parcel.address,
        "subject": parcel.subject,
        "body": parcel.body,
        "link": parcel.link,
        "data": parcel.data,
    }


FILE_CHANNEL = ChannelPlugin("file", FileOptions, "A line per message in a file", build=FileChannel)
CONSOLE_CHANNEL = ChannelPlugin("console", ConsoleOptions, "The terminal of the server", build=ConsoleChannel)
FILE_ACTION = ActionPlugin("file", FileOptions, "Records what would be done, in a file", build=FileAction)

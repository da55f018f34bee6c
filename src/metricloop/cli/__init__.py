"""The command line: parse, call one function of bootstrap, print. Data goes to stdout, all else to stderr.

Exit codes: 0 fine, 1 where check, doctor or audit verify found problems, 2 wrong use or bad input.
"""

from __future__ import annotations

import io
import os
import sys
from types import TracebackType

from metricloop.cli.app import app
from metricloop.cli.terminal import Terminal
from metricloop.cli.words import spoken

__all__ = ["main"]

FAILED = 2


class Guard:
    """Whatever fails inside ends the process with one clear message and exit code 2, never with a traceback."""

    def __init__(self, terminal: Terminal) -> None:
        self._terminal = terminal

    def __enter__(self) -> None:
        return

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if isinstance(error, Exception):
            self._terminal.report(error)
            raise SystemExit(FAILED) from error


def main() -> None:
    """The entry point of `metricloop` and `python -m metricloop`; always ends by SystemExit."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="replace")
    terminal = Terminal(spoken(os.environ))
    with Guard(terminal):
        app(obj=terminal)

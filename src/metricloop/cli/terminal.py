"""What goes where: data to stdout, everything for people (progress, notes, errors) to stderr."""

from __future__ import annotations

import json
import logging
import sys
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from metricloop.cli.settings import Settings, load_settings
from metricloop.cli.words import Language, words
from metricloop.kernel.errors import InvalidProject, Issue, MetricloopError
from metricloop.kernel.secrets import hidden

Tell = Callable[[datetime, datetime, datetime], None]
LOG_FORMAT = "%(asctime)s %(levelname)-7s %(name)s: %(message)s"


class CarefulFormatter(logging.Formatter):
    """Takes secrets out of every line, also out of other people's tracebacks."""

    def format(self, record: logging.LogRecord) -> str:
        return hidden(super().format(record))


class Terminal:
    """One run of a command: the global options and the two ways out."""

    def __init__(self, language: Language) -> None:
        self.language: Language = language
        self.debug = False
        self.config: Path | None = None

    def settings(self, **flags: object) -> Settings:
        """The settings in force, with this command's flags before all others; sets up the log."""
        settings = load_settings(self.config, language=self.language, **flags)
        self.log_at(settings.log_level)
        return settings

    def log_at(self, level: str) -> None:
        """Log to stderr. Other people's packages speak up only when something is wrong."""
        handler = logging.StreamHandler(sys.stderr)
        handler.setFormatter(CarefulFormatter(LOG_FORMAT))
        logging.basicConfig(handlers=[handler], level=logging.WARNING)
        logging.getLogger("metricloop").setLevel("DEBUG" if self.debug else level.upper())

    def say(self, code: str, **params: object) -> None:
        """A sentence for people."""
        self.note(words(code, self.language, **params))

    def note(self, text: str) -> None:
        print(text, file=sys.stderr, flush=True)

    def put(self, line: str) -> None:
        """A line of the result."""
        print(line, flush=True)

    def put_json(self, data: Any) -> None:
        print(json.dumps(data, ensure_ascii=False, indent=2, allow_nan=False), flush=True)

    def put_issues(self, issues: Sequence[Issue], *, as_json: bool) -> None:
        """What check and doctor found."""
        if as_json:
            self.put_json([{"where": i.where, "problem": i.problem, "fix": i.fix} for i in issues])
            return
        for issue in issues:
            self.put(str(issue))
        if issues:
            self.say("issues", count=len(issues))

    def report(self, error: Exception) -> None:
        """One clear message: where, what, how to fix it. With --debug also where in the code."""
        if self.debug:
            self.note(hidden("".join(traceback.format_exception(error))))
        if isinstance(error, InvalidProject):
            for issue in error.issues:
                self.note(str(issue))
        if not isinstance(error, MetricloopError):
            self._complain(hidden(f"{type(error).__name__}: {error}"), "bug")
            return
        self._complain(f"{error.where}: {error.problem}" if error.where else error.problem, error.code)
        if error.fix:
            self.note(f"  {words('fix', self.language)}: {error.fix}")

    def _complain(self, problem: str, code: str) -> None:
        self.note(f"{words('error', self.language)}: {problem}")
        if code == "bug" and not self.debug:
            self.note(f"  {words('bug', self.language)}")

    @contextmanager
    def progress(self, code: str) -> Iterator[Tell]:
        """A bar that is told (first, now, last); without a terminal, a line for every tenth."""
        console = Console(stderr=True)
        title = words(code, self.language)
        if not console.is_terminal:
            yield self._tenths(title)
            return
        columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.fields[day]}"))
        with Progress(*columns, TimeRemainingColumn(), console=console) as bar:
            task = bar.add_task(title, total=1.0, day="")

            def tell(first: datetime, now: datetime, last: datetime) -> None:
                bar.update(task, completed=share(first, now, last), day=f"{now:%Y-%m-%d}")

            yield tell

    def _tenths(self, title: str) -> Tell:
        began, told = time.monotonic(), 0

        def tell(first: datetime, now: datetime, last: datetime) -> None:
            nonlocal told
            tenth = int(share(first, now, last) * 10)
            if tenth > told:
                told = tenth
                self.note(f"{title} {tenth * 10:3d} %  {now:%Y-%m-%d}  {time.monotonic() - began:.0f} s")

        return tell


def share(first: datetime, now: datetime, last: datetime) -> float:
    """How much of the way from first to last is done, 0 to 1."""
    whole = (last - first).total_seconds()
    return min(max((now - first).total_seconds() / whole, 0.0), 1.0) if whole > 0 else 1.0

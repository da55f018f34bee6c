"""Start the driver, kill it, start it again."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.crash.world import World

ROOT = Path(__file__).parents[2]
AS_FAST_AS_IT_CAN = 100_000.0
_PATIENCE = 300.0


@dataclass(slots=True)
class Site:
    """One installation: a folder with the database (or beside it, for a server's), restarted as often as need be."""

    world: World
    home: Path
    url: str | None = None
    speed: float = AS_FAST_AS_IT_CAN
    environment: dict[str, str] = field(default_factory=dict)

    @property
    def database(self) -> str:
        return self.url or str(self.outside / "state.db")

    @property
    def outside(self) -> Path:
        """Where channels and actions write."""
        return self.home / ".metricloop"

    def start(self, die_at: str = "") -> subprocess.Popen[bytes]:
        self.outside.mkdir(parents=True, exist_ok=True)
        world = self.world
        spans = [moment.isoformat() for moment in (world.since, world.start, world.end)]
        command = [sys.executable, "-m", "tests.crash.driver", str(world.project), self.database, *spans]
        paths = os.pathsep.join([str(ROOT), *sys.path])
        with self._said.open("a") as said, self._log.open("a") as log:
            return subprocess.Popen(
                [*command, world.dataset, str(self.speed)],
                cwd=self.home,
                env={**os.environ, "PYTHONPATH": paths, "METRICLOOP_DIE": die_at, **self.environment},
                stdout=said,
                stderr=log,
            )

    def finish(self, process: subprocess.Popen[bytes]) -> int:
        """Wait for the end, by itself or by its own hand; the exit code."""
        try:
            return process.wait(timeout=_PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            raise

    def live(self) -> None:
        """From wherever it stands to the end, undisturbed."""
        code = self.finish(self.start())
        assert code == 0, self.log()

    def die(self, at: str) -> bool:
        """Live until that moment and die there; False when the end came first."""
        code = self.finish(self.start(at))
        assert code in (0, -signal.SIGKILL), self.log()
        return code != 0

    def killed_after(self, seconds: float) -> bool:
        """Live for so long and be killed from outside; False when the end came first."""
        process = self.start()
        deadline = time.monotonic() + seconds
        while process.poll() is None and time.monotonic() < deadline:
            time.sleep(0.01)
        process.kill()
        code = self.finish(process)
        assert code in (0, -signal.SIGKILL), self.log()
        return code != 0

    @property
    def _log(self) -> Path:
        return self.home / "log.txt"

    @property
    def _said(self) -> Path:
        return self.home / "said.jsonl"

    @property
    def said(self) -> list[Mapping[str, Any]]:
        """What the driver has told so far; a line that a kill cut in half is none."""
        return [json.loads(line) for line in self._said.read_text().splitlines(keepends=True) if line.endswith("\n")]

    @property
    def moments(self) -> Mapping[str, int]:
        """How many of each moment the last whole life had."""
        found: Mapping[str, int] = next(said["moments"] for said in reversed(self.said) if "moments" in said)
        return found

    @property
    def troubles(self) -> list[Mapping[str, Any]]:
        return [said for said in self.said if "trouble" in said]

    def log(self) -> str:
        return self._log.read_text(errors="replace")[-4000:]

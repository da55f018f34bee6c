"""The running system of a world in a process of its own: `python -m tests.browser.serve PROJECT DATABASE PORT NOW END`.

As the demo runs it, but for the clock, which stands still until somebody sets its speed on the page.
"""

from __future__ import annotations

import signal
import sys
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from metricloop.api.server import build_server, listen
from metricloop.bootstrap.serving import RunningSystem
from metricloop.jobs.clocks import DemoClock
from metricloop.store.database import open_store
from metricloop.web import build_site


@dataclass(frozen=True, slots=True)
class Settings:
    project: Path
    database: str
    base_url: str
    speed: float = 0


def main(project: str, database: str, port: str, now: str, end: str) -> None:
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    door = listen("127.0.0.1", int(port))
    clock = DemoClock(datetime.fromisoformat(now), speed=0, end=datetime.fromisoformat(end))
    settings = Settings(Path(project), database, f"http://127.0.0.1:{port}")
    system = RunningSystem(open_store(database), settings, clock)
    try:
        system.start()
        build_server(build_site(system)).run(sockets=[door])
    except KeyboardInterrupt:
        pass
    finally:
        system.stop()


if __name__ == "__main__":
    main(*sys.argv[1:])

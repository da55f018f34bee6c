"""A server that can be started, stopped and started again, and a visitor's browser in front of it."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
from playwright.sync_api import Locator, Page, expect

from metricloop.bootstrap.operations import make_link
from tests.browser.world import DATA_ENDS, NOW, PASSWORD, World

ROOT = Path(__file__).resolve().parents[2]
_START_S = 60


class Server:
    """One server over a world of its own, on a port that stays the same when it is started again."""

    def __init__(self, world: World) -> None:
        self.world = world
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self._port = str(probe.getsockname()[1])
        self.url = f"http://127.0.0.1:{self._port}"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        world = self.world
        command = [sys.executable, "-m", "tests.browser.serve", str(world.project), str(world.database), self._port]
        with (world.project / "server.log").open("ab") as log:
            self._process = subprocess.Popen(
                [*command, NOW.isoformat(), DATA_ENDS.isoformat()], cwd=ROOT, stdout=log, stderr=log
            )
        give_up = time.monotonic() + _START_S
        while not self._answers():
            if self._process.poll() is not None or time.monotonic() > give_up:
                raise AssertionError(f"the server did not start:\n{self.log}")
            time.sleep(0.05)

    def stop(self) -> None:
        if self._process is not None:
            self._process.terminate()
            self._process.wait(timeout=30)
            self._process = None

    @property
    def log(self) -> str:
        return (self.world.project / "server.log").read_text(encoding="utf-8")

    def link(self, person: str) -> str:
        """An address that logs the person in once."""
        return make_link(str(self.world.database), person, url=self.url)

    @contextmanager
    def as_(self, person: str) -> Iterator[httpx.Client]:
        """Another session of a person, that talks to the API."""
        with httpx.Client(base_url=f"{self.url}/api/v1", headers={"X-Metricloop": "1"}, timeout=30) as client:
            client.post("/session", json={"username": person, "password": PASSWORD}).raise_for_status()
            yield client

    def _answers(self) -> bool:
        try:
            return httpx.get(f"{self.url}/healthz", timeout=5).status_code == 200
        except httpx.TransportError:
            return False


@contextmanager
def serving(template: World, folder: Path, *, without_source: bool = False) -> Iterator[Server]:
    """A server over a copy of the world; `without_source`: its file of deliveries is gone."""
    world = World(folder / "project", folder / "state.db")
    shutil.copytree(template.project, world.project)
    shutil.copy(template.database, world.database)
    if without_source:
        (world.project / "deliveries.db").unlink()
    server = Server(world)
    server.start()
    try:
        yield server
    finally:
        server.stop()


class Visitor:
    """A person at the browser: knows the pages by what is written for tests on them (data-testid)."""

    def __init__(self, page: Page, server: Server) -> None:
        self.page = page
        self.server = server

    def enter(self, person: str) -> None:
        """Log in by a link that works once."""
        self.page.goto(self.server.link(person))
        expect(self.part("user-menu")).to_be_visible()

    def go(self, path: str) -> None:
        self.page.goto(f"{self.server.url}{path}")
        expect(self.part("user-menu")).to_be_visible()

    def part(self, name: str) -> Locator:
        return self.page.get_by_test_id(name)

    def click(self, name: str) -> None:
        self.part(name).first.click()

    def sees_state(self, name: str, state: str, *, within_s: float = 30) -> None:
        expect(self.part(name).first).to_have_attribute("data-state", re.compile(state), timeout=within_s * 1000)

    def set_speed(self, choice: str, shown: str) -> None:
        """Choose how fast the demo's clock runs; `shown` is then beside its time."""
        self.click("demo-clock")
        self.page.get_by_text(choice, exact=True).click()
        expect(self.part("demo-clock")).to_contain_text(shown)
        self.page.keyboard.press("Escape")


def chromium() -> str | None:
    """The browser to drive: METRICLOOP_TEST_CHROMIUM, one on PATH, or None for Playwright's own."""
    named = os.environ.get("METRICLOOP_TEST_CHROMIUM")
    return named or shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


def launch_options() -> dict[str, Any]:
    return {"executable_path": chromium(), "args": ["--no-sandbox"]}

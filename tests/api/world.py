"""A running system over the shop, and a browser that talks to it without a network."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
from fastapi import FastAPI
from sqlalchemy import make_url

from metricloop.access import use_cases as access
from metricloop.access.model import Role
from metricloop.api.ports import Listener, Trouble
from metricloop.bootstrap.setup import Setup
from metricloop.collect.query import Askable
from metricloop.define.project import Project
from metricloop.define.use_cases import apply_documents, current_project
from metricloop.jobs.clocks import SystemClock
from metricloop.kernel.clock import SimulatedClock
from metricloop.kernel.errors import Conflict
from metricloop.kernel.events import Event
from metricloop.loop.loop import Loop
from metricloop.loop.ports import OpenUnit
from metricloop.loop.site import Site
from metricloop.plugins.landed_push import Pushes
from metricloop.plugins.registry import load_registry
from metricloop.sdk import Context
from metricloop.store.database import Store, open_store
from metricloop.store.passwords import Argon2Passwords, RandomSecrets
from metricloop.store.project import read_folder
from tests.api import shop

URL = "http://127.0.0.1:8321"
PASSWORD = "correct horse battery"
PEOPLE = {
    Role.OWNER: "li_hua",
    Role.RESPONDER: "ann",
    Role.VIEWER: "vera",
    Role.STEWARD: "stu",
    Role.ADMINISTRATOR: "ada",
    Role.AUDITOR: "otto",
}


class Changes:
    """Told of each event after its commit, it tells who listens."""

    def __init__(self) -> None:
        self._listeners: list[Listener] = []
        self._lock = threading.Lock()

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        with self._lock:
            self._listeners.append(listener)

        def end() -> None:
            with self._lock:
                if listener in self._listeners:
                    self._listeners.remove(listener)

        return end

    @property
    def count(self) -> int:
        return len(self._listeners)

    def tell(self, kind: str, id: str) -> None:
        with self._lock:
            listeners = list(self._listeners)
        for listener in listeners:
            listener(kind, id)


class World:
    """Satisfies `api.ports.System`: a real store, the real loop, a clock that stands still until it is moved."""

    def __init__(self, store: Store, *, now: datetime, url: str = URL) -> None:
        self.store = store
        self.clock = SimulatedClock(now)
        self.wall_clock = SimulatedClock(SystemClock().now())
        self.passwords = Argon2Passwords(passes=1, memory_kib=8, lanes=1)
        self.secrets = RandomSecrets()
        self.changes = Changes()
        self.url = url
        self.outside = shop.Outside()
        self.standing_still: Trouble | None = None
        warehouse = shop.Warehouse()
        self.sources: Askable = warehouse
        self.pushes = Pushes(load_registry(), Context(Path(), self.wall_clock), store.unit)
        site = Site(store.unit, self._read_project(), warehouse, warehouse, self.outside, self.outside, url)
        self.loop = Loop(site, self.clock, current_project, since=shop.HISTORY_FROM, changed=self._changed)

    @property
    def setup(self) -> Setup:
        """Uploads go beside the database."""
        return Setup(load_registry(), Path(make_url(self.store.url).database or "").parent)

    @property
    def workshop(self) -> shop.Workshop:
        return shop.Workshop()

    @property
    def open_unit(self) -> OpenUnit:
        return self.store.unit

    def trouble(self) -> Trouble | None:
        return self.standing_still

    def stamp(self) -> tuple[datetime, str, float]:
        return self.clock.now(), "live", 1.0

    def set_speed(self, speed: float) -> None:
        raise Conflict("the clock is live", fix="only the demo's clock has a speed")

    def project(self) -> Project:
        return self.loop.site.project

    def pump(self) -> None:
        self.loop.pump()

    def run(self, span: timedelta) -> None:
        """Let so much of the system's time go by, with everything that falls due."""
        self.loop.run_until(self.clock.now() + span)
        self.clock.reach(self.clock.now() + span)

    def _read_project(self) -> Project:
        with self.store.unit(write=False) as unit:
            return current_project(unit)

    def _changed(self, event: Event) -> None:
        self.changes.tell(event.kind.partition(".")[0], event.subject)


def make_history(path: Path) -> None:
    """A database in which the shop has run up to the morning after its bad day, with one open incident."""
    store = open_store(path, scratch=True)
    store.migrate()
    folder = path.parent / "project"
    folder.mkdir()
    (folder / "shop.yml").write_text(shop.PROJECT, encoding="utf-8")
    files = read_folder(folder)
    apply_documents(store.unit, files.documents, by="test", at=shop.HISTORY_FROM, issues=files.issues)
    world = World(store, now=shop.LIVE_FROM)
    with store.unit() as unit:
        for person in world.project().people.values():
            unit.people.put(person)
            access.create_account(
                unit, person.id, PASSWORD, passwords=world.passwords, by="test", at=world.wall_clock.now()
            )
    world.run(shop.NOW - shop.LIVE_FROM)
    store.close()


class Browser:
    """Sends requests to an application, keeps cookies, marks changes as the page does."""

    def __init__(self, app: FastAPI, *, address: str = "127.0.0.1", url: str = URL) -> None:
        self._app = app
        self._address = address
        self._url = url
        self.cookies = httpx.Cookies()
        self.headers: dict[str, str] = {"X-Metricloop": "1"}

    def send(self, method: str, path: str, **given: Any) -> httpx.Response:
        return asyncio.run(self._send(method, path, given))

    async def _send(self, method: str, path: str, given: dict[str, Any]) -> httpx.Response:
        transport = httpx.ASGITransport(self._app, raise_app_exceptions=False, client=(self._address, 50000))
        headers = {**self.headers, **given.pop("headers", {})}
        async with httpx.AsyncClient(transport=transport, base_url=self._url, cookies=self.cookies) as client:
            answer = await client.request(method, path, headers=headers, **given)
            self.cookies = client.cookies
        return answer

    def get(self, path: str, **given: Any) -> httpx.Response:
        return self.send("GET", path, **given)

    def post(self, path: str, json: object = None, **given: Any) -> httpx.Response:
        return self.send("POST", path, json={} if json is None else json, **given)

    def log_in(self, person: str, password: str = PASSWORD) -> httpx.Response:
        return self.post("/api/v1/session", {"username": person, "password": password})

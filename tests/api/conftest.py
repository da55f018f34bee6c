from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI

from metricloop.api.app import build_app
from metricloop.store.database import open_store
from tests.api import shop
from tests.api.world import Browser, World, make_history


@pytest.fixture(scope="session")
def history(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shop's database, made once; every test works on a copy."""
    path = tmp_path_factory.mktemp("history") / "shop.db"
    make_history(path)
    return path


@pytest.fixture
def world(history: Path, tmp_path: Path) -> Iterator[World]:
    for file in history.parent.glob("shop.db*"):
        shutil.copy(file, tmp_path / file.name)
    store = open_store(tmp_path / "shop.db", scratch=True)
    yield World(store, now=shop.NOW)
    store.close()


@pytest.fixture
def app(world: World) -> FastAPI:
    return build_app(world)


@pytest.fixture
def visitor(app: FastAPI) -> Browser:
    """Nobody is logged in here."""
    return Browser(app)


@pytest.fixture
def logged_in(app: FastAPI) -> Callable[[str], Browser]:
    """A browser in which this person is logged in."""

    def enter(person: str) -> Browser:
        browser = Browser(app)
        assert browser.log_in(person).status_code == 200
        return browser

    return enter

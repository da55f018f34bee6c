from __future__ import annotations

import copy
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from metricloop.store import Store, open_store
from tests.loop.desk import Desk, open_desk
from tests.loop.world import AFTERNOON, BEFORE, Outside, Shop, make_shop

MakeShop = Callable[..., Shop]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A shop of the test's own, whose source it may change."""
    return make_shop(tmp_path / "shop")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = open_store(tmp_path / "state.db", scratch=True)
    made.migrate()
    yield made
    made.close()


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with open_desk(tmp_path) as opened:
        yield opened


@pytest.fixture(scope="session")
def shop_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shop's project with its source. Nobody writes there."""
    return make_shop(tmp_path_factory.mktemp("shop"))


@pytest.fixture
def new_shop(shop_folder: Path, tmp_path: Path) -> Iterator[MakeShop]:
    """Makes a shop on a store of its own, or on one of an earlier shop (`beside`), as a second process would."""
    opened: list[Shop] = []

    def make(beside: Shop | None = None, folder: Path = shop_folder, **options: Any) -> Shop:
        if beside is None:
            store = open_store(tmp_path / f"shop-{len(opened)}.db", scratch=True)
            store.migrate()
        else:
            store = beside.store
            options = {"outside": beside.outside, **options}
        shop = Shop(store, folder, beside.now if beside else BEFORE, **options)
        opened.append(shop)
        return shop

    yield make
    for shop in opened:
        shop.close()
    for store in {id(shop.store): shop.store for shop in opened}.values():
        store.close()


@pytest.fixture
def shop(new_shop: MakeShop) -> Shop:
    """The shop on the evening before the bad day."""
    return new_shop()


@pytest.fixture(scope="session")
def afternoon(shop_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Outside]:
    """The state on the afternoon of the bad day, and what had reached people by then; made once, to be copied."""
    path = tmp_path_factory.mktemp("afternoon") / "shop.db"
    store = open_store(path, scratch=True)
    store.migrate()
    shop = Shop(store, shop_folder, BEFORE)
    shop.run_until(AFTERNOON)
    shop.close()
    store.close()
    return path, shop.outside


@pytest.fixture
def trouble(afternoon: tuple[Path, Outside], shop_folder: Path, tmp_path: Path) -> Iterator[Shop]:
    """The shop on the afternoon of the bad day, with one open incident."""
    path, outside = afternoon
    store = open_store(shutil.copy(path, tmp_path / "trouble.db"), scratch=True)
    shop = Shop(store, shop_folder, AFTERNOON, outside=copy.deepcopy(outside))
    yield shop
    shop.close()
    store.close()

"""Records sent by other systems: kept once, refused with the reason, by tokens that may do nothing else."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from metricloop.api.guard import LARGEST_BODY
from metricloop.api.schemas.points import MOST_ITEMS
from metricloop.collect.landing import set_aside
from metricloop.define.use_cases import apply_documents
from metricloop.store.project import read_folder
from tests.api import shop
from tests.api.test_tokens import script
from tests.api.world import Browser, World

POINTS, TOKENS = "/api/v1/points", "/api/v1/tokens"
Enter = Callable[[str], Browser]
DESK = """
sources:
  - name: desk
    plugin: push
    options:
      tables:
        tickets:
          columns: {id: integer, opened_at: timestamp, queue: text}
          key: [id]
          time: opened_at
      points:
        waiting: {dimensions: [queue]}
  - {name: other, plugin: push, options: {points: {p: {}}}}
"""


@pytest.fixture
def desk(world: World, tmp_path: Path) -> World:
    folder = tmp_path / "with_desk"
    folder.mkdir()
    (folder / "shop.yml").write_text(shop.PROJECT, encoding="utf-8")
    (folder / "desk.yml").write_text(DESK, encoding="utf-8")
    files = read_folder(folder)
    apply_documents(world.store.unit, files.documents, by="test", at=shop.NOW, issues=files.issues)
    world.loop.pump()
    return world


def ticket(id: Any, **more: Any) -> dict[str, Any]:
    return {"id": id, "opened_at": "2026-03-02T10:00:00Z", "queue": "returns", **more}


def bodies(world: World, table: str = "tickets by id") -> list[str]:
    with world.store.unit(write=False) as unit:
        return [row.body for row in unit.landed.rows("desk", table, 100)]


def push(browser: Browser, *items: dict[str, Any], table: str = "tickets", source: str = "desk") -> httpx.Response:
    return browser.post(POINTS, {"source": source, "table": table, "items": list(items)})


def test_a_batch_is_kept_and_sent_again_it_is_the_same(desk: World, logged_in: Enter) -> None:
    stu = logged_in("stu")
    for _ in range(2):
        answer = push(stu, ticket(1), ticket(2))
        assert (answer.status_code, answer.json()) == (200, {"accepted": 2, "refused": []})
    assert len(bodies(desk)) == 2


def test_a_part_that_cannot_be_kept_is_named_with_the_reason(desk: World, logged_in: Enter) -> None:
    answer = push(logged_in("stu"), ticket(1), ticket("one"), ticket(3, opened_at=None))
    assert answer.status_code == 207
    assert answer.json()["accepted"] == 1
    assert [(one["index"], one["reason"].partition(":")[0]) for one in answer.json()["refused"]] == [
        (1, "column id"),
        (2, "column opened_at"),
    ]
    assert len(bodies(desk)) == 1


def test_a_batch_of_which_nothing_can_be_kept_is_refused(desk: World, logged_in: Enter) -> None:
    answer = push(logged_in("stu"), ticket("one"))
    assert answer.status_code == 422
    assert answer.json()["issues"][0]["where"] == "items.0" and bodies(desk) == []


def test_a_point_is_known_by_its_time_and_dimensions(desk: World, logged_in: Enter) -> None:
    stu = logged_in("stu")
    at = "2026-03-02T10:00:00Z"
    points = [{"at": at, "value": 3, "dimensions": {"queue": "returns"}}, {"at": at, "value": 1}]
    assert push(stu, *points, table="waiting").status_code == 200
    assert push(stu, {**points[0], "value": 4}, table="waiting").status_code == 200
    found = sorted(bodies(desk, "waiting by at, queue"))
    assert len(found) == 2 and '"value":4.0' in "".join(found) and '"queue":null' in "".join(found)


def test_a_dimension_that_is_not_declared_is_refused(desk: World, logged_in: Enter) -> None:
    answer = push(logged_in("stu"), {"at": "2026-03-02", "value": 1, "dimensions": {"colour": "red"}}, table="waiting")
    assert answer.status_code == 422 and "colour" in answer.json()["issues"][0]["problem"]


@pytest.mark.parametrize(
    ("source", "table", "status"), [("nobody", "t", 404), ("warehouse", "t", 422), ("desk", "t", 422)]
)
def test_a_source_or_table_that_is_not_there_is_told(
    desk: World, logged_in: Enter, source: str, table: str, status: int
) -> None:
    answer = push(logged_in("stu"), ticket(1), source=source, table=table)
    assert answer.status_code == status and answer.json()["fix"]


def test_too_much_at_once_is_413(desk: World, logged_in: Enter) -> None:
    stu = logged_in("stu")
    assert push(stu, *[{}] * (MOST_ITEMS + 1)).status_code == 413
    assert push(stu, ticket(1, queue="x" * LARGEST_BODY)).status_code == 413
    assert bodies(desk) == []


def test_a_token_for_a_source_pushes_to_it_and_does_nothing_else(desk: World, app: FastAPI, logged_in: Enter) -> None:
    made = logged_in("stu").post(TOKENS, {"name": "desk", "roles": ["steward"], "sources": ["desk"]})
    assert made.status_code == 201 and made.json()["sources"] == ["desk"]
    till = script(app, made.json()["secret"])
    assert push(till, ticket(1)).status_code == 200
    assert push(till, {"at": "2026-03-02", "value": 1}, source="other", table="p").status_code == 403
    refused = [till.get("/api/v1/loop"), till.get("/api/v1/metrics"), till.get(TOKENS), till.post("/api/v1/tokens")]
    assert {answer.status_code for answer in refused} == {403}


def test_a_token_to_push_needs_a_role_that_may(desk: World, logged_in: Enter) -> None:
    answer = logged_in("ann").post(TOKENS, {"name": "desk", "roles": ["responder"], "sources": ["desk"]})
    assert answer.status_code == 422 and "push" in answer.json()["detail"]


def test_messages_that_were_set_aside_are_shown_with_the_reason(desk: World, logged_in: Enter) -> None:
    with desk.store.unit() as unit:
        unit.landed.set_aside([set_aside("desk", "tickets", "{", "it is not JSON", shop.NOW)])
    answer = logged_in("vera").get("/api/v1/sources/desk/set-aside").json()
    assert answer["total"] == 1 and answer["messages"][0]["reason"] == "it is not JSON"
    assert answer["messages"][0]["body"] == "{"
    assert logged_in("vera").get("/api/v1/sources/nobody/set-aside").status_code == 404

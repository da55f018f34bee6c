"""From new data to a live metric over HTTP: upload or connect, look, preview, publish."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from metricloop.api.guard import LARGEST_FILE
from tests.api.world import Browser

API = "/api/v1"
FIRST = datetime(2026, 3, 1, tzinfo=UTC)
CSV = "date,region,amount\n" + "".join(
    f"{FIRST + timedelta(days=i // 3):%Y/%m/%d},{('East', 'West')[i % 2]},{i}\n" for i in range(120)
)


@pytest.fixture
def steward(logged_in: Callable[[str], Browser]) -> Browser:
    return logged_in("stu")


def upload(browser: Browser, content: bytes, name: str = "My sales 2026.csv") -> httpx.Response:
    headers = {"Content-Type": "application/octet-stream"}
    return browser.send("POST", f"{API}/setup/uploads?name={name}", content=content, headers=headers)


def suggested(browser: Browser, source: Any, table: str, **more: Any) -> Any:
    answer = browser.send("POST", f"{API}/setup/suggest", json={"source": source, "table": table, **more})
    assert answer.status_code == 200, answer.text
    return answer.json()


def edits(found: Any) -> dict[str, Any]:
    bodies = [("source", found["source"]), ("dataset", found["dataset"])]
    bodies += [("metric", one) for one in found["metrics"]] + [("monitor", one) for one in found["monitors"]]
    return {"edits": [{"kind": kind, "body": body} for kind, body in bodies]}


def test_an_uploaded_file_becomes_a_live_metric(steward: Browser, tmp_path: Path) -> None:
    kept = upload(steward, CSV.encode("utf-8")).json()
    assert kept["tables"] == ["my_sales_2026"]
    [file] = (tmp_path / "uploads").iterdir()
    assert file.read_text() == CSV
    found = suggested(steward, kept["source"], "my_sales_2026", timezone="UTC", currency="CNY")
    assert (found["dataset"]["time_column"], found["dataset"]["grain"]) == ("date", "day")
    assert found["columns"][0] == {"name": "date", "type": "DATE"}
    assert found["sample"][0] == ["2026-03-01", "East", 0]
    assert found["metrics"][1]["governance"]["unit"] == "CNY"
    shown = steward.send("POST", f"{API}/setup/preview", json=edits(found)).json()
    assert shown["issues"] == []
    assert [row["value"] for row in shown["numbers"]["amount"]["rows"]][-2:] == [345, 354]
    published = steward.send("POST", f"{API}/definitions/publish", json=edits(found))
    assert published.status_code == 200, published.text
    assert steward.get(f"{API}/metrics/amount").status_code == 200


def test_names_that_are_taken_get_a_number(steward: Browser) -> None:
    kept = upload(steward, CSV.encode(), "orders.csv").json()
    found = suggested(steward, kept["source"], "orders")
    assert found["dataset"]["name"] != "orders", "the shop has one"
    assert steward.post(f"{API}/definitions/publish", edits(found)).status_code == 200


def test_the_content_says_what_a_file_is_and_not_its_name(steward: Browser) -> None:
    for content, told in ((b"", "empty"), (b"\xd0\xcf\x11\xe0", ".xls"), (b"\x89PNG\x00\x00", "neither")):
        answer = upload(steward, content, "orders.csv")
        assert answer.status_code >= 400
        assert told in answer.json()["detail"], answer.text
    assert (
        upload(steward, CSV.encode("utf-16"), "a.exe").json()["source"]["options"]["tables"]["a"]["encoding"]
        == "utf-16"
    )


@pytest.mark.parametrize("name", ["../../etc/passwd", "..", "a/b.csv", "x%00y.csv", "%2e%2e%2fz.csv"])
def test_no_name_leads_out_of_the_uploads(steward: Browser, tmp_path: Path, name: str) -> None:
    upload(steward, CSV.encode(), name)
    outside = [path for path in tmp_path.rglob("*") if path.is_file() and "shop.db" not in path.name]
    assert all(path.parent == tmp_path / "uploads" for path in outside)


def test_a_file_that_is_too_large_is_refused_before_it_is_kept(steward: Browser, tmp_path: Path) -> None:
    headers = {"Content-Type": "application/octet-stream", "Content-Length": str(LARGEST_FILE + 1)}
    answer = steward.send("POST", f"{API}/setup/uploads?name=a.csv", content=b"x", headers=headers)
    assert answer.status_code == 413
    assert not (tmp_path / "uploads").exists()


def test_a_file_goes_nowhere_else_than_to_the_uploads(steward: Browser) -> None:
    headers = {"Content-Type": "application/octet-stream"}
    assert steward.send("POST", f"{API}/setup/suggest", content=b"{}", headers=headers).status_code == 415


def test_a_table_without_a_time_says_so(steward: Browser) -> None:
    kept = upload(steward, b"region,sales\nEast,1\nWest,2\n").json()
    found = suggested(steward, kept["source"], kept["tables"][0])
    assert found["dataset"] is None
    assert [one["code"] for one in found["reasons"]] == ["starter.no_time"]


def test_a_database_is_tried_and_its_table_looked_at(steward: Browser, tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "orders.sqlite") as connection:
        connection.execute("CREATE TABLE orders (created_at TEXT, amount REAL)")
        rows = [(f"{FIRST + timedelta(minutes=37 * i):%Y-%m-%d %H:%M:%S}", i) for i in range(200)]
        connection.executemany("INSERT INTO orders VALUES (?, ?)", rows)
    connection.close()
    body = {"name": "shop_db", "plugin": "sqlite", "options": {"path": "orders.sqlite"}}
    tried = steward.send("POST", f"{API}/setup/sources", json=body).json()
    assert (tried["ok"], tried["tables"]) == (True, ["orders"])
    found = suggested(steward, tried["source"], "orders", timezone="Asia/Shanghai")
    assert (found["dataset"]["time_column"], found["dataset"]["grain"]) == ("created_at", "hour")
    assert [one["name"] for one in found["metrics"]] == ["orders_count", "amount"]


def test_a_typed_password_is_kept_outside_and_never_shown(
    steward: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "home"))
    options = {"host": "127.0.0.1", "port": 1, "database": "x", "user": "u"}
    body = {"name": "db", "plugin": "postgres", "options": options, "secrets": {"password": "hush-hush-word"}}
    answer = steward.send("POST", f"{API}/setup/sources", json=body)
    assert answer.json()["ok"] is False
    assert "hush-hush-word" not in answer.text
    reference = answer.json()["source"]["options"]["password"]
    assert Path(reference.removeprefix("file:")).read_text().strip() == "hush-hush-word"


def test_the_forms_say_which_fields_are_secret(steward: Browser) -> None:
    forms = {one["plugin"]: one for one in steward.get(f"{API}/setup/forms").json()}
    kinds = {one["name"]: one["kind"] for one in forms["postgres"]["fields"]}
    assert (kinds["host"], kinds["port"], kinds["password"]) == ("text", "number", "secret")
    assert "files" not in forms, "files are uploaded"


def test_a_preview_of_wrong_definitions_tells_the_issues_and_asks_nothing(steward: Browser) -> None:
    kept = upload(steward, CSV.encode()).json()
    found = suggested(steward, kept["source"], kept["tables"][0])
    found["metrics"][0]["governance"]["owner"] = "nobody"
    shown = steward.send("POST", f"{API}/setup/preview", json=edits(found)).json()
    assert shown["numbers"] == {}
    assert shown["issues"][0]["path"] == "governance.owner"

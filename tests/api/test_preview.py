"""The numbers of a definition before it is published."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.api.world import Browser

API = "/api/v1"
Enter = Callable[[str], Browser]

PAID: dict[str, Any] = {
    "name": "paid_orders",
    "type": "simple",
    "dataset": "orders",
    "measure": "paid",
    "grains": ["day"],
    "label": {"zh": "支付单数", "en": "Paid orders"},
    "governance": {"owner": "li_hua", "level": "L2", "unit": "count", "good_direction": "up"},
}


@pytest.fixture
def steward(logged_in: Enter) -> Browser:
    return logged_in("stu")


def preview(browser: Browser, body: dict[str, Any], metric: str = "paid_orders", status: int = 200) -> dict[str, Any]:
    sent = {"edits": [{"kind": "metric", "body": body}], "metric": metric}
    answer = browser.post(f"{API}/definitions/preview", json=sent)
    assert answer.status_code == status, answer.text
    found: dict[str, Any] = answer.json()
    return found


def test_a_metric_that_is_not_published_has_numbers_already(steward: Browser) -> None:
    found = preview(steward, PAID)
    assert found["issues"] == []
    assert len(found["numbers"]["rows"]) == 14
    assert all(row["value"] > 0 for row in found["numbers"]["rows"])
    assert "public" in found["sql"][0]
    assert steward.get(f"{API}/metrics/paid_orders").status_code == 404, "nothing was kept"


def test_a_definition_with_a_mistake_has_issues_and_no_numbers(steward: Browser) -> None:
    found = preview(steward, PAID | {"measure": "payed"})
    assert found["numbers"] is None
    assert found["issues"][0]["path"] == "measure"


def test_who_may_not_publish_it_does_not_see_its_numbers(logged_in: Enter) -> None:
    preview(logged_in("vera"), PAID, status=403)


def test_an_owner_previews_no_data_that_are_not_theirs(logged_in: Enter) -> None:
    other = PAID | {"name": "others", "governance": PAID["governance"] | {"owner": "ann"}}
    found = preview(logged_in("li_hua"), other, "others", status=403)
    assert "steward" in found["detail"] + (found["fix"] or "")


def test_what_is_sent_as_yaml_comes_back_as_a_body_and_the_other_way_round(steward: Browser) -> None:
    by_body = steward.post(f"{API}/definitions/check", json={"edits": [{"kind": "metric", "body": PAID}]}).json()
    [row] = by_body["definitions"]
    assert by_body["issues"] == []
    sent = {"edits": [{"kind": "metric", "yaml": row["yaml"]}]}
    again = steward.post(f"{API}/definitions/check", json=sent).json()
    assert again["definitions"] == [row]
    assert row["body"] == PAID

from __future__ import annotations

import base64
import json
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from metricloop.notify.model import DeliveryState
from metricloop.plugins.addresses import public_address
from metricloop.plugins.webhook import (
    WebhookAction,
    WebhookActionOptions,
    WebhookChannel,
    WebhookOptions,
    retry_after,
    signature,
)
from metricloop.sdk import SourceFailed
from metricloop.sdk.conformance import check_action, check_channel
from tests.collect.engines import closed_port
from tests.plugins.context import NOW, context, parcel
from tests.plugins.receiver import Receiver, receiving

SECRET = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
REFUSED = (301, 307, 400, 401, 404, 410)
BUSY = (408, 429, 500, 502, 503, 504)
NOT_PUBLIC = (
    "http://127.0.0.1/",
    "http://localhost/",
    "http://10.0.0.1/",
    "http://192.168.1.1/",
    "http://100.64.0.1/",
    "http://169.254.169.254/latest",
    "http://0.0.0.0/",
    "http://[::1]/",
    "http://[::ffff:127.0.0.1]/",
)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as opened:
        yield opened


def channel(url: str, **options: Any) -> WebhookChannel:
    given = {"url": url, "allow_private": True, **options}
    return WebhookChannel(WebhookOptions.model_validate(given), context(Path(".")))


def action(url: str) -> WebhookAction:
    options = WebhookActionOptions.model_validate({"url": url, "allow_private": True})
    return WebhookAction(options, context(Path(".")))


def test_the_signature_is_the_one_of_the_reference_library() -> None:
    body = b'{"type":"alert.created"}'
    assert signature(SECRET, "msg_test1", 1700000000, body) == "v1,l79jZspG6DPZuYKtJVOOfcdn6EYIPToPtJ7Z1PSrFqU="


@pytest.mark.parametrize("secret", ["", "short", "not base64 at all!", "A" * 200])
def test_a_secret_of_the_wrong_form_is_refused_without_being_shown(secret: str) -> None:
    with pytest.raises(SourceFailed) as caught:
        signature(f"whsec_{secret}", "id", 1, b"")
    assert f"whsec_{secret or 'x'}" not in str(caught.value)
    assert caught.value.fix


def test_what_goes_out_is_signed_over_the_very_bytes(receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOOK_SECRET", SECRET)
    assert channel(receiver.url, secret="env:HOOK_SECRET").send(parcel()).outcome is DeliveryState.ACCEPTED
    (got,) = receiver.got
    assert got.headers["webhook-id"] == "m1"
    assert got.headers["webhook-timestamp"] == str(int(NOW.timestamp()))
    assert got.headers["webhook-signature"] == signature(SECRET, "m1", int(NOW.timestamp()), got.body)
    assert got.headers["content-type"] == "application/json"
    assert got.headers["host"].startswith("localhost:")
    said = json.loads(got.body)
    assert sorted(said) == ["data", "timestamp", "type"]
    assert said["data"]["body"] == "AA 38 % 准点率"


def test_a_retry_carries_the_same_id(receiver: Receiver) -> None:
    receiver.status = 503
    assert channel(receiver.url).send(parcel()).retryable
    receiver.status = 200
    assert channel(receiver.url).send(parcel()).outcome is DeliveryState.ACCEPTED
    assert [got.headers["webhook-id"] for got in receiver.got] == ["m1", "m1"]


@pytest.mark.parametrize(
    ("status", "retryable"),
    [*((status, False) for status in REFUSED), *((status, True) for status in BUSY)],
)
def test_everything_but_2xx_is_a_failure(receiver: Receiver, status: int, retryable: bool) -> None:
    receiver.status, receiver.answer = status, "because"
    receiver.headers = {"location": receiver.url}
    result = channel(receiver.url).send(parcel())
    assert (result.outcome, result.provider_code) == (DeliveryState.FAILED, str(status))
    assert result.provider_message == "because"
    assert result.retryable is retryable
    assert len(receiver.got) == 1, "a redirect is never followed"


def test_the_receivers_wish_to_wait_is_passed_on(receiver: Receiver) -> None:
    receiver.status, receiver.headers = 429, {"retry-after": "120"}
    assert channel(receiver.url).send(parcel()).retry_after_s == 120


def test_both_forms_of_retry_after_are_read() -> None:
    assert retry_after("90", NOW) == 90
    assert retry_after("Tue, 14 Nov 2023 22:15:20 GMT", NOW) == 120
    assert retry_after("Tue, 14 Nov 2023 22:15:20 GMT", NOW + timedelta(days=1)) == 0
    assert [retry_after(text, NOW) for text in (None, "", "soon", "-5")] == [None, None, None, None]


def test_only_the_beginning_of_a_long_answer_is_read(receiver: Receiver) -> None:
    receiver.status, receiver.answer = 500, "x" * 5_000_000
    assert len(channel(receiver.url).send(parcel()).provider_message) <= 300


def test_no_receiver_is_a_failure_that_may_pass() -> None:
    result = channel(f"http://127.0.0.1:{closed_port()}/").send(parcel())
    assert (result.outcome, result.retryable) == (DeliveryState.FAILED, True)
    assert "no answer" in result.provider_message


def test_a_receiver_that_never_answers_is_given_up(receiver: Receiver) -> None:
    receiver.wait = threading.Event()
    result = channel(receiver.url, timeout_s=0.3).send(parcel())
    assert (result.outcome, result.retryable) == (DeliveryState.FAILED, True)


@pytest.mark.parametrize("url", NOT_PUBLIC)
def test_addresses_that_are_not_public_are_reached_only_when_that_is_meant(url: str) -> None:
    result = channel(url, allow_private=False).send(parcel())
    assert (result.outcome, result.retryable) == (DeliveryState.FAILED, False)
    assert "allow_private" in result.provider_message
    assert public_address(url, allow_private=True).host


def test_the_address_that_was_checked_is_the_one_that_is_reached() -> None:
    address = public_address("https://8.8.8.8:8443/a?b=c#d", allow_private=False)
    assert (address.url, address.host) == ("https://8.8.8.8:8443/a?b=c", "8.8.8.8")


@pytest.mark.parametrize("url", ["ftp://example.org", "example.org", "", "javascript:alert(1)"])
def test_other_addresses_are_refused_when_they_are_written(url: str) -> None:
    with pytest.raises(ValueError, match="must begin with"):
        WebhookOptions.model_validate({"url": url})


def test_a_body_that_is_too_big_is_refused_before_it_is_sent(receiver: Receiver) -> None:
    result = channel(receiver.url).send(parcel(body="长" * 20_000))
    assert (result.outcome, result.retryable) == (DeliveryState.FAILED, False)
    assert receiver.got == []


def test_a_secret_in_the_environment_that_is_missing_is_said_by_name(receiver: Receiver) -> None:
    result = channel(receiver.url, secret="env:METRICLOOP_NO_SUCH_SECRET").send(parcel())
    assert "METRICLOOP_NO_SUCH_SECRET" in result.provider_message
    assert receiver.got == []


def test_an_action_carries_its_key_for_the_receiver_to_recognise(receiver: Receiver) -> None:
    assert action(receiver.url).perform({"reorder": 5}, "run1:fix") == "200 ok"
    (got,) = receiver.got
    assert got.headers["idempotency-key"] == got.headers["webhook-id"] == "run1:fix"
    assert json.loads(got.body)["data"] == {"reorder": 5}


@pytest.mark.parametrize(("status", "retryable"), [(410, False), (302, False), (503, True)])
def test_an_action_that_is_refused_raises(receiver: Receiver, status: int, retryable: bool) -> None:
    receiver.status = status
    with pytest.raises(SourceFailed, match=str(status)) as caught:
        action(receiver.url).perform({}, "k")
    assert caught.value.retryable is retryable


def test_the_webhooks_keep_what_the_kit_promises(receiver: Receiver) -> None:
    broken = channel(f"http://127.0.0.1:{closed_port()}/")
    assert check_channel(lambda: channel(receiver.url), arrived=receiver.ids, broken=broken) == []
    receiver.got.clear()
    assert check_action(lambda: action(receiver.url), request={"a": 1}, done=receiver.ids) == []


def test_the_secret_of_the_vector_is_32_bytes() -> None:
    assert base64.b64decode(SECRET.removeprefix("whsec_")) == bytes(range(32))

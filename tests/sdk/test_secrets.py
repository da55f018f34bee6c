from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from metricloop.sdk import Options, Secret, SourceFailed


class Some(Options):
    password: Secret


def test_a_secret_is_looked_up_by_its_reference(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "password").write_text("from a file\n")
    monkeypatch.setenv("SOME_PASSWORD", "from the environment")
    assert Some(password=Secret(f"file:{tmp_path}/password")).password.value() == "from a file"
    assert Some.model_validate({"password": "env:SOME_PASSWORD"}).password.value() == "from the environment"


def test_only_the_reference_is_shown_and_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOME_PASSWORD", "hunter2")
    some = Some.model_validate({"password": "env:SOME_PASSWORD"})
    for shown in (repr(some), str(some), some.model_dump_json(), str(some.model_dump())):
        assert "hunter2" not in shown
        assert "env:SOME_PASSWORD" in shown
    assert Some.model_validate_json(some.model_dump_json()) == some
    assert hash(some.password) == hash(Secret("env:SOME_PASSWORD"))


def test_a_changed_secret_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    secret = Secret("env:SOME_PASSWORD")
    for value in ("one", "two"):
        monkeypatch.setenv("SOME_PASSWORD", value)
        assert secret.value() == value


@pytest.mark.parametrize("text", ["hunter2", "env:", "file:", "vault:x", ""])
def test_plain_text_is_refused(text: str) -> None:
    with pytest.raises(ValidationError, match="never in plain text"):
        Some.model_validate({"password": text})


@pytest.mark.parametrize("reference", ["env:METRICLOOP_NO_SUCH", "file:no/such/file"])
def test_a_missing_secret_says_where_to_put_it(reference: str) -> None:
    with pytest.raises(SourceFailed, match="missing or empty") as caught:
        Secret(reference).value()
    assert caught.value.fix


def test_the_form_shows_a_text_field() -> None:
    assert Some.model_json_schema()["properties"]["password"]["type"] == "string"

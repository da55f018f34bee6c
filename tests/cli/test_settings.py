from __future__ import annotations

from pathlib import Path

import pytest

from metricloop.cli.settings import load_settings, refuse_misspelt
from metricloop.kernel.errors import InvalidInput


@pytest.fixture(autouse=True)
def bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder and no settings in the environment."""
    for name in ("PORT", "HOST", "DATABASE", "LANGUAGE", "URL"):
        monkeypatch.delenv(f"METRICLOOP_{name}", raising=False)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_without_anything_the_defaults_hold() -> None:
    settings = load_settings()
    assert (settings.host, settings.port, settings.database) == ("127.0.0.1", 8321, ".metricloop/state.db")


def test_the_file_goes_before_the_defaults(bare: Path) -> None:
    (bare / "metricloop.toml").write_text("port = 1001\n")
    assert load_settings().port == 1001


def test_the_environment_goes_before_the_file(bare: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (bare / "metricloop.toml").write_text("port = 1001\nhost = 'here'\n")
    monkeypatch.setenv("METRICLOOP_PORT", "1002")
    assert (load_settings().port, load_settings().host) == (1002, "here")


def test_a_flag_goes_before_all(bare: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (bare / "metricloop.toml").write_text("port = 1001\n")
    monkeypatch.setenv("METRICLOOP_PORT", "1002")
    assert load_settings(port=1003).port == 1003
    assert load_settings(port=None).port == 1002


def test_another_file_may_be_named(bare: Path) -> None:
    (bare / "metricloop.toml").write_text("port = 1001\n")
    (bare / "other.toml").write_text("port = 1004\n")
    assert load_settings(Path("other.toml")).port == 1004


def test_a_named_file_that_is_not_there_is_refused() -> None:
    with pytest.raises(InvalidInput, match=r"there is no file gone\.toml"):
        load_settings(Path("gone.toml"))


def test_an_unknown_key_is_refused_and_the_right_one_offered(bare: Path) -> None:
    (bare / "metricloop.toml").write_text("prot = 1001\n")
    with pytest.raises(InvalidInput, match=r"metricloop\.toml: unknown setting 'prot'\. Fix: did you mean port\?"):
        load_settings()


def test_a_file_that_is_not_toml_is_refused(bare: Path) -> None:
    (bare / "metricloop.toml").write_text("port: 1001\n")
    with pytest.raises(InvalidInput, match=r"metricloop\.toml: not TOML"):
        load_settings()


def test_a_bad_value_is_refused_where_it_stands(bare: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (bare / "metricloop.toml").write_text("port = 'many'\n")
    with pytest.raises(InvalidInput, match=r"metricloop\.toml: port: 'many'"):
        load_settings()
    monkeypatch.setenv("METRICLOOP_PORT", "0")
    with pytest.raises(InvalidInput, match="METRICLOOP_PORT: '0'"):
        load_settings()
    with pytest.raises(InvalidInput, match="--port: 70000"):
        load_settings(port=70_000)


def test_a_variable_that_is_nearly_a_setting_is_refused() -> None:
    with pytest.raises(InvalidInput, match=r"METRICLOOP_DATABSE.*did you mean METRICLOOP_DATABASE"):
        refuse_misspelt({"METRICLOOP_DATABSE": "x"})


def test_variables_of_the_project_are_left_alone() -> None:
    refuse_misspelt({"METRICLOOP_WEBHOOK_URL": "x", "METRICLOOP_WEBHOOK_SECRET": "x", "METRICLOOP_PORT": "1"})


@pytest.mark.parametrize(
    ("given", "url"),
    [
        ({"host": "127.0.0.1"}, "http://127.0.0.1:8321"),
        ({"host": "::1"}, "http://[::1]:8321"),
        ({"url": "https://loop.example.com"}, "https://loop.example.com"),
    ],
)
def test_the_base_address_follows_from_host_and_port_unless_given(given: dict[str, str], url: str) -> None:
    assert load_settings(None, **given).base_url == url

"""From what a person names to a source; passwords stay outside of its options."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from metricloop.plugins.setup_places import keep_secret, place_of
from metricloop.sdk import InvalidInput


def test_an_address_without_a_password_is_written_out() -> None:
    place = place_of("postgresql://reader@db.example.org:5433/shop")
    assert (place.name, place.plugin, place.secret) == ("shop", "postgres", "")
    assert place.options == {"host": "db.example.org", "port": 5433, "database": "shop", "user": "reader"}


@pytest.mark.parametrize("scheme", ["postgresql", "mysql", "mariadb", "clickhouse"])
def test_an_address_with_a_password_is_a_secret_and_no_option(scheme: str) -> None:
    place = place_of(f"{scheme}://reader:hush-hush@db.example.org/shop")
    assert place.secret.endswith("hush-hush@db.example.org/shop")
    assert "hush" not in str(place.options)


def test_an_address_by_reference_stays_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHOP_URL", "mysql://reader:hush-hush@db.example.org/shop")
    place = place_of("env:SHOP_URL")
    assert (place.plugin, dict(place.options), place.secret) == ("mysql", {"url": "env:SHOP_URL"}, "")


def test_a_folder_offers_its_files_as_tables(tmp_path: Path) -> None:
    for name in ("Orders 2024.csv", "stock.csv.gz", "~$open.xlsx", "notes.md"):
        (tmp_path / name).write_text("a\n1\n")
    assert sorted(place_of(str(tmp_path)).files) == ["orders_2024", "stock"]


@pytest.mark.parametrize(
    "text", ["oracle://db/x", "no/such/file.csv", "postgresql://h:bad-port/x", "sqlite:///none.db"]
)
def test_what_is_no_place_is_refused_with_what_would_be_one(text: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        place_of(text)
    assert refused.value.fix


def test_a_kept_secret_is_for_its_owner_alone_and_never_written_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    first, again, other = (keep_secret("shop.url", secret) for secret in ("one-secret", "one-secret", "another"))
    assert first == again != other
    path = Path(first.removeprefix("file:"))
    assert path.read_text() == "one-secret\n"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600

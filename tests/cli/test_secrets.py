"""A secret in the environment of a project that fails is in nothing that the commands say or keep."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.shell import metricloop
from tests.collect.engines import closed_port

CANARY = "canary-0815-hunter"
SOURCES = """
sources:
- {name: crm, plugin: postgres, options: {url: "env:CANARY"}}
- {name: till, plugin: mysql, options: {url: "env:CANARY_TOO"}}
datasets:
- {name: sales, source: crm, table: sales, time_column: made, lateness: 1h, measures: [{name: n, agg: count}]}
- {name: tills, source: till, table: tills, time_column: made, lateness: 1h, measures: [{name: n, agg: count}]}
channels:
- {name: hook, plugin: webhook, options: {url: "env:CANARY", secret: "env:CANARY_TOO"}}
"""


@pytest.mark.parametrize("debug", [(), ("--debug",)])
def test_no_command_says_or_keeps_a_secret(debug: tuple[str, ...], project: Path) -> None:
    (project / "secret.yml").write_text(SOURCES, encoding="utf-8")
    env = {
        "CANARY": f"postgresql://reader:{CANARY}@127.0.0.1:{closed_port()}/shop",
        "CANARY_TOO": f"mysql://reader:{CANARY}@127.0.0.1:{closed_port()}/shop",
    }
    said = []
    for command in (
        ("check", "."),
        ("plan", "."),
        ("apply", "."),
        ("doctor",),
        ("doctor", "--json"),
        ("export", "out"),
    ):
        outcome = metricloop(*debug, *command, folder=project, env=env)
        said.append(outcome.out + outcome.err)
    assert "127.0.0.1" in said[3], "doctor did not try to reach the sources"
    assert CANARY not in "".join(said)
    kept = [path for path in project.rglob("*") if path.is_file()]
    assert any(path.suffix == ".db" for path in kept)
    assert [path for path in kept if CANARY.encode() in path.read_bytes()] == []


@pytest.mark.parametrize("debug", [(), ("--debug",)])
def test_the_password_of_the_state_database_is_not_shown(debug: tuple[str, ...], project: Path) -> None:
    for address in (f"postgresql://u:{CANARY}@127.0.0.1:{closed_port()}/d", f"postgresql://u:{CANARY}@h:port/d"):
        for command in (("apply", "."), ("doctor",)):
            outcome = metricloop(*debug, *command, "--database", address, folder=project)
            assert outcome.code != 0
            assert CANARY not in outcome.out + outcome.err


@pytest.mark.parametrize(
    "options",
    [
        "{password: hunter2}",
        "{password: 12345678}",
        "{url: 'https://ana:hunter2@example.org'}",
        "{tables: [{url: 'https://example.org/x?api_key=hunter2'}]}",
        "{headers: {Authorization: Bearer hunter2}}",
        "{access_key: hunter2}",
    ],
)
def test_a_secret_in_a_file_is_refused_and_not_repeated(options: str, project: Path) -> None:
    text = f"sources:\n- {{name: shop, plugin: postgres, options: {options}}}\n"
    (project / "secret.yml").write_text(text, encoding="utf-8")
    outcome = metricloop("apply", ".", folder=project)
    assert outcome.code == 2
    assert "env:NAME" in outcome.out + outcome.err
    assert "hunter2" not in outcome.out + outcome.err and "12345678" not in outcome.out + outcome.err

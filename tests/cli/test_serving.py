from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.shell import process, refused


@pytest.fixture
def taken() -> Iterator[int]:
    """A port that another program serves."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        yield other.getsockname()[1]


@pytest.mark.parametrize("command", ["serve", "demo"])
def test_a_port_in_use_is_one_error_with_its_fix_before_anything_is_done(
    project: Path, command: str, taken: int
) -> None:
    outcome = process(command, "--port", str(taken), folder=project)
    refused(outcome, f"port {taken}", "in use", f"--port {taken + 1}")
    assert list((project / ".metricloop").iterdir()) == []


def test_an_address_of_another_computer_is_refused(project: Path) -> None:
    refused(process("serve", "--host", "192.0.2.1", folder=project), "192.0.2.1", "address of this computer")


def test_a_worker_beside_a_file_is_refused(project: Path) -> None:
    refused(process("worker", folder=project), "state.db", "postgresql://")

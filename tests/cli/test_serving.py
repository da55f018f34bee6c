from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.cli.shell import environment, metricloop, process, refused
from tests.jobs.databases import postgres_database


@pytest.fixture
def taken() -> Iterator[int]:
    """A port that another program serves."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        yield other.getsockname()[1]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def browser(port: int) -> httpx.Client:
    """Patient while the server comes up; sends the header by which the API knows its own pages."""
    transport = httpx.HTTPTransport(retries=20)
    headers = {"X-Metricloop": "1"}
    return httpx.Client(base_url=f"http://127.0.0.1:{port}", transport=transport, headers=headers, timeout=30)


class Running:
    """A command that runs until it is stopped; `err` holds what it has said so far."""

    def __init__(self, *arguments: str, folder: Path) -> None:
        self._log = folder / "stderr.txt"
        self._file = self._log.open("wb")
        command = [sys.executable, "-m", "metricloop", *arguments]
        self.process = subprocess.Popen(
            command, cwd=folder, env=environment(), stdout=subprocess.PIPE, stderr=self._file
        )

    @property
    def err(self) -> str:
        return self._log.read_text(encoding="utf-8")

    def until_it_says(self, text: str) -> None:
        for _ in range(600):
            if text in self.err:
                return
            assert self.process.poll() is None, self.err
            time.sleep(0.05)
        raise AssertionError(self.err)

    def stop(self, how: int) -> int:
        os.kill(self.process.pid, how)
        out, _ = self.process.communicate(timeout=30)
        assert out == b""
        return self.process.returncode

    def end(self) -> None:
        self.process.kill()
        self.process.communicate()
        self._file.close()


@pytest.fixture
def running() -> Iterator[list[Running]]:
    started: list[Running] = []
    yield started
    for command in started:
        command.end()


@pytest.mark.parametrize("command", ["serve", "demo"])
def test_a_port_in_use_is_one_error_with_its_fix_before_anything_is_done(
    project: Path, command: str, taken: int
) -> None:
    outcome = process(command, "--port", str(taken), folder=project)
    refused(outcome, f"port {taken}", "in use", f"--port {taken + 1}")
    assert list((project / ".metricloop").iterdir()) == []


def test_an_address_of_another_computer_is_refused(project: Path) -> None:
    refused(metricloop("serve", "--host", "192.0.2.1", folder=project), "192.0.2.1", "address of this computer")


def test_a_demo_that_nobody_knows_is_refused(project: Path) -> None:
    refused(metricloop("demo", "trains", "--port", str(free_port()), folder=project), "trains", "flights")


def test_a_worker_beside_a_file_is_refused(project: Path) -> None:
    refused(metricloop("worker", folder=project), "state.db", "postgresql://")


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_the_server_answers_and_ends_well(project: Path, running: list[Running], how: int) -> None:
    port = free_port()
    running.append(server := Running("serve", "--port", str(port), folder=project))
    server.until_it_says(f"http://127.0.0.1:{port}")
    with browser(port) as client:
        assert client.get("/healthz").json()["status"] == "ok"
        assert client.get("/api/v1/incidents").status_code == 401
    assert server.stop(how) == 0
    assert "Traceback" not in server.err


def test_a_link_logs_in_while_the_server_runs(project: Path, running: list[Running]) -> None:
    port = free_port()
    running.append(server := Running("serve", "--port", str(port), folder=project))
    server.until_it_says("user link")
    link = metricloop("user", "link", "you", "--url", f"http://127.0.0.1:{port}", folder=project).out.strip()
    secret = re.split(r"[=/#]", link)[-1]
    with browser(port) as client:
        first = client.post("/api/v1/session/link", json={"link": secret})
        assert first.status_code == 200, first.text
        assert client.post("/api/v1/session/link", json={"link": secret}).status_code == 401


def test_a_worker_runs_beside_a_server_s_postgresql_and_ends_well(project: Path, running: list[Running]) -> None:
    with postgres_database() as url:
        assert metricloop("apply", ".", "--database", url, folder=project).code == 0
        running.append(worker := Running("worker", "--database", url, folder=project))
        worker.until_it_says("The worker runs")
        assert worker.stop(signal.SIGTERM) == 0
        assert "Traceback" not in worker.err

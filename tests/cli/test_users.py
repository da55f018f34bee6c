from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.shell import Outcome, metricloop, refused

PASSWORD = "a horse and a battery\n"


@pytest.fixture
def applied(project: Path) -> Path:
    assert metricloop("apply", ".", folder=project).code == 0
    return project


def with_password(*arguments: str, folder: Path, password: str = PASSWORD) -> Outcome:
    return metricloop("user", *arguments, "--stdin", folder=folder, stdin=password)


def test_a_person_of_the_project_gets_a_password(applied: Path) -> None:
    assert with_password("add", "you", folder=applied).code == 0
    outcome = metricloop("user", "list", "--json", folder=applied)
    assert outcome.data == [
        {"id": "you", "name": "Your name", "roles": ["administrator"], "log_in": True, "scripted": False}
    ]


def test_a_stranger_gets_none(applied: Path) -> None:
    refused(with_password("add", "stranger", folder=applied), "stranger")


def test_a_weak_password_is_refused(applied: Path) -> None:
    refused(with_password("add", "you", folder=applied, password="short\n"), "5 characters")


def test_a_password_is_changed_only_where_there_is_one(applied: Path) -> None:
    refused(with_password("password", "you", folder=applied), "no account")
    with_password("add", "you", folder=applied)
    assert with_password("password", "you", folder=applied, password="another horse, another day\n").code == 0


def test_a_password_is_never_asked_where_nobody_can_answer(applied: Path) -> None:
    refused(metricloop("user", "add", "you", folder=applied), "--stdin")


def test_a_link_is_the_only_thing_on_stdout(applied: Path) -> None:
    outcome = metricloop("user", "link", "you", "--url", "https://loop.example.com", folder=applied)
    assert outcome.code == 0
    (line,) = outcome.out.splitlines()
    assert line.startswith("https://loop.example.com/login")


def test_people_read_a_list(applied: Path) -> None:
    outcome = metricloop("user", "list", folder=applied)
    assert outcome.out.split() == ["you", "-", "administrator", "Your", "name"]

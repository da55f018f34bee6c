"""What holds for all commands: exit codes, what goes to which stream, the language."""

from __future__ import annotations

import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest

from metricloop.cli.words import WORDS, spoken
from tests.cli.shell import environment, metricloop, process, refused


@pytest.mark.parametrize("argument", ["--version", "version"])
def test_the_version_is_data(tmp_path: Path, argument: str) -> None:
    outcome = process(argument, folder=tmp_path)
    assert (outcome.code, outcome.out, outcome.err) == (0, f"{version('metricloop')}\n", "")


@pytest.mark.parametrize(
    "arguments",
    [["nonsense"], ["check", "--nonsense"], ["replay"], ["replay", "--from", "yesterday", "--to", "2013-01-01"]],
)
def test_wrong_use_is_exit_code_2_and_silent_on_stdout(tmp_path: Path, arguments: list[str]) -> None:
    outcome = metricloop(*arguments, folder=tmp_path)
    assert (outcome.code, outcome.out) == (2, "")
    assert "Traceback" not in outcome.err


def test_an_error_is_one_message_with_its_fix(tmp_path: Path) -> None:
    refused(process("check", "gone", folder=tmp_path), "gone is not a folder")


def test_debug_shows_where_in_the_code(tmp_path: Path) -> None:
    outcome = metricloop("--debug", "check", "gone", folder=tmp_path)
    assert outcome.code == 2
    assert "Traceback" in outcome.err


@pytest.mark.parametrize("how", [{"LANG": "zh_CN.UTF-8"}, {"LC_ALL": "zh_TW.UTF-8", "LANG": "en_US.UTF-8"}])
def test_chinese_readers_are_told_in_chinese(tmp_path: Path, how: dict[str, str]) -> None:
    assert "错误" in metricloop("check", "gone", folder=tmp_path, env=how).err


def test_the_language_option_goes_before_the_environment(tmp_path: Path) -> None:
    assert "错误" in metricloop("--language", "zh", "check", "gone", folder=tmp_path).err
    chinese = {"LANG": "zh_CN.UTF-8"}
    assert "error" in metricloop("--language", "en", "check", "gone", folder=tmp_path, env=chinese).err
    assert metricloop("--language", "fr", "check", "gone", folder=tmp_path).code == 2


def test_every_sentence_is_there_in_both_languages_with_the_same_parameters() -> None:
    def parameters(sentence: str) -> set[str]:
        return {part.split("}")[0].split(":")[0] for part in sentence.split("{")[1:]}

    for code, both in WORDS.items():
        assert set(both) == {"en", "zh"}, code
        assert parameters(both["en"]) == parameters(both["zh"]), code


def test_the_language_is_that_of_the_first_variable_that_says_one() -> None:
    assert spoken({}) == "en"
    assert spoken({"LANG": "zh_CN.UTF-8"}) == "zh"
    assert spoken({"LANG": "zh_CN.UTF-8", "LC_ALL": "C"}) == "en"


def test_a_reader_that_goes_away_is_no_error(project: Path) -> None:
    command = [sys.executable, "-m", "metricloop", "plan", ".", "--json"]
    reading = subprocess.Popen(
        command, cwd=project, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert reading.stdout
    reading.stdout.close()
    assert reading.stderr
    assert "Traceback" not in reading.stderr.read()
    assert reading.wait() == 1


def test_settings_that_cannot_be_read_stop_every_command(tmp_path: Path) -> None:
    (tmp_path / "metricloop.toml").write_text("prot = 1\n")
    refused(metricloop("check", ".", folder=tmp_path), "metricloop.toml: unknown setting 'prot'", "did you mean port?")

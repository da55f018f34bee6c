"""Every message code is documented, and has a sentence wherever it may be read."""

from __future__ import annotations

import json
import re
from functools import cache

import pytest

from metricloop.kernel.message import Message
from metricloop.notify.words import codes, sentence
from tests.docs.messages import Said, collect
from tests.docs.pages import page, rows, words
from tests.project.tree import ROOT

# Recorded for those who run the system; no page shows it.
NOT_IN_THE_BROWSER = {"loop.event_failed"}
PLURAL_OR_DIRECTION = re.compile(r"(_up|_down)?(_one|_other)?$")


@cache
def said() -> dict[str, Said]:
    return collect()[0]


@cache
def documented() -> dict[str, set[str]]:
    """Code -> its parameters, as the page has them."""
    return {code: words(cells[0]) for code, cells in rows(page("reference/messages.md")).items()}


def test_every_code_can_be_told_from_the_source() -> None:
    assert collect()[1] == [], "say the code as a text, or add its family to tests/docs/messages.py"


def test_every_code_is_documented() -> None:
    lacking = {code: sorted(found.places) for code, found in said().items() if code not in documented()}
    assert lacking == {}, "docs/reference/messages.md lacks these"
    assert sorted(set(documented()) - set(said())) == [], "nobody says these any more"


def test_every_parameter_is_documented() -> None:
    lacking = {code: found.params - documented()[code] for code, found in said().items() if code in documented()}
    assert {code: names for code, names in lacking.items() if names} == {}, "docs/reference/messages.md lacks these"


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_browser_has_a_sentence_for_every_code(language: str) -> None:
    texts = browser_texts(language)
    lacking = [
        code for code in sorted(set(said()) - NOT_IN_THE_BROWSER) if code not in texts and f"{code}_other" not in texts
    ]
    assert lacking == [], f"ui/src/i18n/{language}/messages.json lacks these"


@pytest.mark.parametrize("language", ["en", "zh"])
def test_no_sentence_of_the_browser_waits_for_a_parameter_that_nobody_gives(language: str) -> None:
    empty = {}
    for key, text in browser_texts(language).items():
        given = documented().get(PLURAL_OR_DIRECTION.sub("", key), documented().get(key))
        blanks = set(re.findall(r"{{(\w+)}}", text))
        if given is not None and blanks - given - derived():
            empty[key] = sorted(blanks - given - derived())
    assert empty == {}, f"ui/src/i18n/{language}/messages.json"


def test_no_notification_waits_for_a_parameter_that_nobody_gives() -> None:
    for code in codes():
        params = dict.fromkeys(documented()[code], "x")
        for language in ("en", "zh"):
            assert "—" not in sentence(Message(code, params), language), f"notify/words.py, {code}, {language}"


@cache
def derived() -> set[str]:
    """What the browser makes of the parameters itself."""
    code = (ROOT / "ui/src/i18n/message.ts").read_text(encoding="utf-8")
    return set(re.findall(r"\bwords\.(\w+) (?:\?\?)?= ", code)) | {"count"}


def browser_texts(language: str) -> dict[str, str]:
    found: dict[str, str] = json.loads((ROOT / f"ui/src/i18n/{language}/messages.json").read_text(encoding="utf-8"))
    return found

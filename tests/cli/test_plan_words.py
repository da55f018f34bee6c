"""Every code that a plan, a refusal or a notice can say has its sentence here, with the parameters it is given."""

from __future__ import annotations

import re

from metricloop.cli.plan_words import SENTENCES, in_words
from metricloop.kernel.message import Message
from tests.docs.messages import collect

FAMILIES = ("plan.", "publish.", "notice.")


def test_every_code_has_a_sentence_in_both_languages() -> None:
    said = {code for code in collect()[0] if code.startswith(FAMILIES)}
    assert set(SENTENCES) == said
    assert all(set(each) == {"en", "zh"} for each in SENTENCES.values())


def test_no_sentence_waits_for_what_nobody_gives() -> None:
    for code, found in collect()[0].items():
        for text in SENTENCES.get(code, {}).values():
            assert set(re.findall(r"{(\w+)}", text)) <= found.params, code


def test_lists_are_read_as_lists() -> None:
    said = Message("plan.monitors_relearn", {"monitors": ["a", "b"]})
    assert in_words(said, "en").endswith("meanwhile: a, b.")
    assert in_words(said, "zh").endswith("a、b。")
    nobody = Message("plan.deprecated", {"successor": "", "monitors": []})
    assert "Successor: —" in in_words(nobody, "en")

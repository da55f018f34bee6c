"""Sentences in Chinese and English for every code; never an error."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metricloop.kernel.message import Message, Param
from metricloop.notify.words import codes, sentence

CHINESE = re.compile(r"[\u4e00-\u9fff]")
params = st.dictionaries(
    st.sampled_from(["metric", "slice", "actual", "expected", "number", "severity", "due", "title", "text", "monitor"]),
    st.text()
    | st.integers()
    | st.floats()
    | st.booleans()
    | st.none()
    | st.lists(st.text())
    | st.dictionaries(st.text(), st.text()),
)


@pytest.mark.parametrize("code", sorted(codes() - {"notify.step"}))
def test_every_code_has_a_sentence_in_both_languages(code: str) -> None:
    told = Message(code, {"metric": "on_time_rate", "slice": {"carrier": "AA"}, "number": 7, "severity": "S2"})
    zh, en = sentence(told, "zh"), sentence(told, "en")
    assert CHINESE.search(zh)
    assert not CHINESE.search(en)
    assert code not in zh + en


def test_a_step_says_what_the_playbook_says() -> None:
    assert sentence(Message("notify.step", {"text": "通知机组"}), "en") == "通知机组"


def test_slices_read_like_words() -> None:
    told = Message("headline.none", {"metric": "on_time_rate", "slice": {"origin": "JFK", "carrier": "AA"}})
    assert sentence(told, "en").startswith("on_time_rate carrier=AA × origin=JFK left its band")
    whole = Message("headline.none", {"metric": "on_time_rate", "slice": {}})
    assert "in total" in sentence(whole, "en")
    assert "整体" in sentence(whole, "zh")


def test_a_parameter_that_is_missing_is_a_dash() -> None:
    assert (
        sentence(Message("notify.assigned", {"number": 7}), "en")
        == "Incident #7 is yours (—). Please acknowledge by —."
    )


def test_an_unknown_language_reads_english() -> None:
    told = Message("notify.verified", {"number": 7})
    assert sentence(told, "fr") == sentence(told, "en")


def test_an_unknown_code_tells_itself_and_its_parameters() -> None:
    assert sentence(Message("brand.new", {"b": 2, "a": "x"}), "zh") == "brand.new a=x, b=2"
    assert sentence(Message("brand.new"), "en") == "brand.new"


@given(st.sampled_from(sorted(codes())) | st.text(), params, st.sampled_from(["zh", "en", ""]))
def test_no_message_ever_fails(code: str, given_: dict[str, Param], language: str) -> None:
    assert isinstance(sentence(Message(code, given_), language), str)


def test_braces_in_a_persons_words_are_only_words() -> None:
    assert sentence(Message("notify.task", {"title": "see {number} {0!r}"}), "en").endswith("see {number} {0!r}")

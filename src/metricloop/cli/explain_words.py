"""What an explanation says, in two sentences for people."""

from __future__ import annotations

from collections.abc import Mapping

from metricloop.attribute.explain import Explanation
from metricloop.attribute.model import Cause, VerdictKind
from metricloop.cli.words import Language

_SURE = 0.6

_VERDICT: Mapping[VerdictKind, Mapping[Language, str]] = {
    VerdictKind.LOCAL: {"en": "The total moved by {total}.", "zh": "总量变化 {total}。"},
    VerdictKind.MIX: {
        "en": "The total moved by {total}, because volumes shifted between slices.",
        "zh": "总量变化 {total}，原因是各切片之间的体量构成发生了变化。",
    },
    VerdictKind.GLOBAL: {
        "en": "The total moved by {total}; everything moved alike, and no slice explains it.",
        "zh": "总量变化 {total}；各切片变化一致，没有切片能够解释。",
    },
    VerdictKind.NONE: {
        "en": "The total moved by {total}, which is within its noise, or cannot be told from it.",
        "zh": "总量变化 {total}，处于噪声范围内或无法与噪声区分。",
    },
}
_FROM: Mapping[Language, str] = {"en": "Of this, {parts}.", "zh": "其中，{parts}。"}
_PART: Mapping[Language, str] = {"en": "{value}{share} is from {slice}", "zh": "{value}{share} 来自 {slice}"}
_SHARE: Mapping[Language, str] = {"en": " ({share:.0%})", "zh": "（{share:.0%}）"}
_UNSURE: Mapping[Language, str] = {"en": "No single cause is certain.", "zh": "没有可以确定的单一原因。"}
_JOIN: Mapping[Language, tuple[str, str, str]] = {"en": (" and ", "; ", " "), "zh": (" 且 ", "；", "")}
_MOST = 3


def sentences(found: Explanation, language: Language) -> str:
    """The change, and the three largest of its causes. Below a confidence of 0.6 it says that no cause is certain."""
    both, between, gap = _JOIN[language]
    said = [_VERDICT[found.verdict][language].format(total=_number(found.total))]
    if found.causes:
        parts = between.join(_part(cause, language, both) for cause in found.causes[:_MOST])
        said.append(_FROM[language].format(parts=parts))
        if max(cause.confidence for cause in found.causes) < _SURE:
            said.append(_UNSURE[language])
    return gap.join(said)


def _part(cause: Cause, language: Language, both: str) -> str:
    share = "" if cause.share is None else _SHARE[language].format(share=cause.share)
    where = both.join(f"{dimension}={value}" for dimension, value in cause.slice.pairs)
    return _PART[language].format(value=_number(cause.contribution), share=share, slice=where)


def _number(value: float) -> str:
    return f"{value:+.4g}"

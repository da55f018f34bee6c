"""Sentences for messages, in Chinese and English, for channels that carry plain text.

The browser has its own catalogue; both are checked against the list of codes in `docs/reference/messages.md`.
"""

from __future__ import annotations

from collections.abc import Mapping

from metricloop.kernel.message import Message, Param, Text

_TOTAL = {"en": "in total", "zh": "整体"}

_SENTENCES: Mapping[str, Mapping[str, str]] = {
    "headline.local": {
        "en": "{metric}: {slice} explains it ({actual} instead of {expected})",
        "zh": "{metric}：主要来自 {slice}（{actual}，预期 {expected}）",
    },
    "headline.mix": {
        "en": "{metric}: volumes moved, {slice} most ({actual} instead of {expected})",
        "zh": "{metric}：结构变化，{slice} 最明显（{actual}，预期 {expected}）",
    },
    "headline.global": {
        "en": "{metric} moved everywhere alike: {actual} instead of {expected}; no slice explains it",
        "zh": "{metric} 各处同向变动：{actual}，预期 {expected}；无法归到某个切片",
    },
    "headline.none": {
        "en": "{metric} {slice} left its band; the cause cannot be told from the data",
        "zh": "{metric} {slice} 超出预期区间；数据不足以判断原因",
    },
    "headline.unexplained": {"en": "An incident without explanation yet", "zh": "尚无归因的事件单"},
    "quality.silence": {
        "en": "{dataset}: no rows since {newest_at}, about {missed} are missing",
        "zh": "数据集 {dataset} 自 {newest_at} 起没有新数据，约缺 {missed} 行",
    },
    "quality.staleness": {
        "en": "{dataset}: the newest row is of {newest_at}",
        "zh": "数据集 {dataset} 最新数据停在 {newest_at}",
    },
    "quality.nulls": {
        "en": "{dataset}: the column {column} is suddenly empty",
        "zh": "数据集 {dataset} 的列 {column} 突然为空",
    },
    "quality.duplicates": {
        "en": "{dataset}: rows repeat the key {column}",
        "zh": "数据集 {dataset} 的主键 {column} 出现重复",
    },
    "quality.column_gone": {
        "en": "{dataset}: the column {column} is gone",
        "zh": "数据集 {dataset} 的列 {column} 不见了",
    },
    "quality.column_changed": {
        "en": "{dataset}: the column {column} changed its type from {before} to {after}",
        "zh": "数据集 {dataset} 的列 {column} 类型由 {before} 变为 {after}",
    },
    "notify.assigned": {
        "en": "Incident #{number} is yours ({severity}). Please acknowledge by {due}.",
        "zh": "事件单 #{number} 由你负责（{severity}）。请在 {due} 前确认。",
    },
    "notify.escalated": {
        "en": "Incident #{number} ({severity}) has not been acknowledged; you are next.",
        "zh": "事件单 #{number}（{severity}）无人确认，已升级给你。",
    },
    "notify.task": {"en": "A task waits for you: {title}", "zh": "有任务等你处理：{title}"},
    "notify.approval": {"en": "Your decision is needed: {title}", "zh": "需要你审批：{title}"},
    "notify.reopened": {
        "en": "Incident #{number} is open again: the data disagrees.",
        "zh": "事件单 #{number} 已重新打开：数据显示尚未恢复。",
    },
    "notify.verified": {
        "en": "Incident #{number}: the metric is back in its band.",
        "zh": "事件单 #{number}：指标已回到预期区间。",
    },
    "notify.data_verified": {
        "en": "Incident #{number}: the data are ready again.",
        "zh": "事件单 #{number}：数据已就绪。",
    },
    "notify.proposal": {"en": "A better rule is proposed for {monitor}.", "zh": "监控规则 {monitor} 有一条优化建议。"},
    "notify.step": {"en": "{text}", "zh": "{text}"},
}


def codes() -> frozenset[str]:
    """Every code that has a sentence here."""
    return frozenset(_SENTENCES)


def sentence(message: Message, language: str) -> str:
    """The message in `language` ("zh" or "en"). An unknown code gives the code and its parameters, never an error."""
    found = _SENTENCES.get(message.code)
    shown = {name: _shown(value, language) for name, value in message.params.items()}
    if found is None:
        return f"{message.code} {', '.join(f'{k}={v}' for k, v in sorted(shown.items()))}".strip()
    return found[language if language in found else "en"].format_map(_Lenient(shown))


class _Lenient(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return "—"


def _shown(value: Param, language: str) -> str:
    if isinstance(value, dict) and value and set(value) <= {"zh", "en"}:
        return Text(**value).best(language)
    if isinstance(value, dict):
        return " × ".join(f"{d}={v}" for d, v in sorted(value.items())) or _TOTAL.get(language, _TOTAL["en"])
    if isinstance(value, float):
        return f"{value:.4g}"
    if isinstance(value, list):
        return ", ".join(value)
    return "—" if value is None else str(value)

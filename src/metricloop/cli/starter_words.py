"""Sentences of `metricloop init --from`: what was found in a table, and what is asked. The browser has its own."""

from __future__ import annotations

from collections.abc import Mapping

from metricloop.cli.words import Language
from metricloop.kernel.message import Message

_GRAINS: Mapping[str, Mapping[Language, str]] = {
    "hour": {"en": "hour", "zh": "小时"},
    "day": {"en": "day", "zh": "天"},
    "week": {"en": "week", "zh": "周"},
    "month": {"en": "month", "zh": "月"},
}
_WORDS: Mapping[str, Mapping[Language, str]] = {
    "starter.average": {
        "en": "metric {name}: the average of {column}, a state of which a sum would say nothing",
        "zh": "指标 {name}：{column} 的平均值（状态值，求和没有意义）",
    },
    "starter.count": {"en": "metric {name}: how many rows there are", "zh": "指标 {name}：行数"},
    "starter.day_or_month": {
        "en": "look closely: day and month of {column} could change places in every value",
        "zh": "请核对：{column} 的每个值里日和月都可以互换",
    },
    "starter.dimension": {
        "en": "dimension {column}: few values ({values}) that repeat",
        "zh": "维度 {column}：取值不多（{values} 个）且会重复",
    },
    "starter.distinct": {
        "en": "metric {name}: how many different {column}, for it says who",
        "zh": "指标 {name}：{column} 去重数量，因为它表示是谁",
    },
    "starter.grain": {"en": "step: {grain}, by the times in the sample", "zh": "粒度：{grain}（按样本中的时间）"},
    "starter.monitor": {
        "en": "monitor {name}: the total of {metric}, {grain} by {grain}",
        "zh": "监控规则 {name}：{metric} 的总体，按{grain}",
    },
    "starter.no_monitor": {
        "en": "no monitor: they watch hours and days, and here the step is a {grain}",
        "zh": "没有监控规则：它支持小时和天，而这里的粒度是{grain}",
    },
    "starter.no_time": {
        "en": "no column tells a time, so there is nothing to watch over time; columns: {columns}",
        "zh": "没有表示时间的列，无法按时间监控；现有列：{columns}",
    },
    "starter.not_a_time": {
        "en": "{column} is no column that tells a time; columns: {columns}",
        "zh": "{column} 不是表示时间的列；现有列：{columns}",
    },
    "starter.one_row_a_step": {
        "en": "rows come regularly: they are not counted, for that would say nothing",
        "zh": "数据是按固定间隔记录的，因此不计行数",
    },
    "starter.share": {
        "en": "metric {name}: the share of rows for which {column} is yes",
        "zh": "指标 {name}：{column} 为“是”的占比",
    },
    "starter.stray": {
        "en": "{column}: the value '{text}' does not fit the others",
        "zh": "{column}：值“{text}”与其他值不一致",
    },
    "starter.sum": {"en": "metric {name}: the sum of {column}", "zh": "指标 {name}：{column} 求和"},
    "starter.time": {
        "en": "time: {column} ({type}) tells when each row happened",
        "zh": "时间：{column}（{type}）是每一行发生的时间",
    },
    "starter.zone": {
        "en": "zone: the times carry none; they are taken as times of {zone}",
        "zh": "时区：时间不带时区，按 {zone} 理解",
    },
    "ask.table": {"en": "Table", "zh": "表"},
    "ask.time": {"en": "Time column", "zh": "时间列"},
    "ask.zone": {"en": "Time zone of the times and of your days", "zh": "时间所在的时区，也是按日统计的时区"},
    "ask.owner": {"en": "Your name", "zh": "姓名"},
    "ask.currency": {
        "en": "Currency of {columns}, such as CNY or USD (none if it is no money)",
        "zh": "{columns} 的币种，如 CNY、USD（不是金额则填 none）",
    },
    "ask.all": {"en": "Take all of it", "zh": "全部采用"},
    "ask.one": {"en": "Take {name}", "zh": "采用 {name}"},
    "found": {"en": "What was found in {table}:", "zh": "在 {table} 中发现："},
    "preview": {"en": "The last numbers, as they will be collected:", "zh": "最近的数值（与今后采集的算法一致）："},
    "no_numbers": {"en": "no numbers", "zh": "没有数值"},
    "secret": {
        "en": "The address with its password is kept in {path} (mode 600), outside of the project, which refers to it.",
        "zh": "带密码的地址保存在 {path}（权限 600），不在项目中；项目只引用它。",
    },
    "done": {
        "en": "A project is in {folder}. Next: metricloop replay --project {folder} --from {start} --to {end}",
        "zh": "项目已建在 {folder}。下一步：metricloop replay --project {folder} --from {start} --to {end}",
    },
    "then": {
        "en": "Then: cd {folder}, metricloop apply, metricloop user add {person}, metricloop serve",
        "zh": "然后：cd {folder}，metricloop apply，metricloop user add {person}，metricloop serve",
    },
}


def starter_words(code: str, language: Language, **params: object) -> str:
    """The sentence of this code in the reader's language."""
    grain = params.get("grain")
    shown = {**params, "grain": _GRAINS[str(grain)][language]} if grain in _GRAINS else params
    return _WORDS[code][language].format(**shown)


def reason_words(reason: Message, language: Language) -> str:
    return starter_words(reason.code, language, **reason.params)

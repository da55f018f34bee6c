"""What the name of a column hints at, in English and Chinese. Hints, never knowledge."""

from __future__ import annotations

import re

_BAD = re.compile(
    r"cancel|refund|return|complain|delay|late(?!st)|fail|error|defect|churn|loss|cost|退|投诉|取消|延误|失败|损|成本|超时|差评",
    re.I,
)
_GOOD = re.compile(
    r"sale|revenue|amount|gmv|order|profit|income|visit|user|buyer|paid|success|transaction"
    r"|销|收入|金额|订单|利润|用户|访客|成交|完成|准时",
    re.I,
)
_LEVEL = re.compile(
    r"price|rate|ratio|temp|duration|minutes|seconds|hours|score|rating|speed|level|discount|avg|mean|wind|humid|pressure"
    r"|glucose|voltage|flow|age$|percent|margin|/|%|单价|率|均|时长|温|湿|压力|评分|折扣|水位|流量|年龄",
    re.I,
)
_ENTITY = re.compile(r"(user|customer|buyer|member|visitor|client|会员|用户|客户|买家|顾客)", re.I)
_MONEY = re.compile(
    r"sales|revenue|amount|gmv|profit|income|price|cost|fee|payment|金额|销售额|收入|利润|价|费|成本|货款|营收", re.I
)
_CLOCK = re.compile(
    r"^(created_?at|order_?(date|time)|date(_?time)?|time(stamp)?|ts|day|dt|日期|时间|下单(时间|日期)|创建时间|订单日期)$",
    re.I,
)


def direction(name: str) -> str:
    """Whether more of it is good: up, down, or none where the name does not tell."""
    return "down" if _BAD.search(name) else "up" if _GOOD.search(name) else "none"


def is_level(name: str) -> bool:
    """Whether it is a state (a price, a temperature), of which a sum would say nothing."""
    return bool(_LEVEL.search(name))


def is_entity(name: str) -> bool:
    """Whether it names who did something, so that different ones are worth counting."""
    return bool(_ENTITY.search(name))


def is_money(name: str) -> bool:
    return bool(_MONEY.search(name)) and not re.search(r"rate|ratio|count|率|数$", name, re.I)


def is_clock(name: str) -> bool:
    """Whether it is the usual name of the time at which a row happened."""
    return bool(_CLOCK.match(name))


def label(name: str, english: str = "{}", chinese: str = "{}") -> dict[str, str]:
    """A metric's label around a column's name: in the language that the name is in."""
    if re.search(r"[\u4e00-\u9fff]", name):
        return {"zh": chinese.format(name)}
    words = re.sub(r"[_\s]+", " ", name).strip()
    text = english.format(words)
    return {"en": text[:1].upper() + text[1:]}

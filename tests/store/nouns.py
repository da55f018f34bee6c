"""Nouns for tests: plausible ones by hand, and any at all by hypothesis."""

from __future__ import annotations

import dataclasses
import types
import typing
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta, timezone
from enum import Enum
from typing import Any, Union
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from metricloop.act.model import Run, RunStatus, StepRun, StepState, Task, TaskKind, TaskState
from metricloop.attribute.model import Attribution, Cause, Part, VerdictKind
from metricloop.define.playbooks import Field, Mode, Playbook, StepDefinition, StepKind
from metricloop.detect.model import Anomaly, AnomalyState, Verdict
from metricloop.kernel.grain import Grain
from metricloop.kernel.message import Message, Text
from metricloop.kernel.slices import Slice
from metricloop.notify.model import DeliveryState, Notification
from metricloop.triage.model import Incident, IncidentState
from metricloop.tune.model import Backtest, Occurrence, Proposal, Side

AT = datetime(2013, 4, 16, 17, tzinfo=UTC)
HOUR = timedelta(hours=1)
AA = Slice.of({"carrier": "AA"})


def incident(number: int = 1, **changes: Any) -> Incident:
    made = Incident(
        number=number,
        key=f"key-{number}",
        metric="on_time_rate",
        metrics=("on_time_rate", "cancellations"),
        slice=AA,
        grain=Grain.HOUR,
        severity="S2",
        state=IncidentState.OPEN,
        monitor="on_time_hourly",
        monitor_version=3,
        metric_version=1,
        anomalies=(f"a{number}",),
        started_at=AT,
        opened_at=AT + 9 * HOUR,
        last_anomalous_at=AT + 2 * HOUR,
        ended_at=None,
        impact=-412.5,
        headline=Message("headline.slices", {"slices": ["AA", "MQ"], "share": 0.81}),
    )
    return dataclasses.replace(made, **changes)


def anomaly(id: str = "a1", **changes: Any) -> Anomaly:
    made = Anomaly(
        id=id,
        monitor="on_time_hourly",
        monitor_version=3,
        metric="on_time_rate",
        slice=AA,
        grain=Grain.HOUR,
        started_at=AT,
        ended_at=AT + 3 * HOUR,
        state=AnomalyState.OPEN,
        points=3,
        impact=-41.25,
        peak_score=0.93,
    )
    return dataclasses.replace(made, **changes)


def playbook() -> Playbook:
    decide = StepDefinition(
        "decide",
        StepKind.TASK,
        Text("是否需要处置?", "Is anything to be done?"),
        within=timedelta(minutes=90),
        form=(Field("answer", Text("结论", "Answer"), "choice", True, ("yes", "no")),),
        stop_on=("answer", "no"),
    )
    fix = StepDefinition("fix", StepKind.WEBHOOK, Text(en="Fix"), action="webhook", options={"url": "env:HOOK", "n": 1})
    return Playbook("delays", Text("延误", "Delays"), Mode.ASSISTED, ("on_time_rate",), (decide, fix))


def run(id: str = "r1", incident: int = 1, **changes: Any) -> Run:
    steps = (StepRun("decide", StepState.DONE, AT, AT + HOUR, "ann", Message("step.done"), "t1", 1), StepRun("fix"))
    made = Run(id, incident, playbook(), 2, Mode.ASSISTED, RunStatus.RUNNING, steps, 1, AT)
    return dataclasses.replace(made, **changes)


def task(id: str = "t1", **changes: Any) -> Task:
    made = Task(id, TaskKind.TASK, Text("看一看", "Look"), "ann", AT, AT + 4 * HOUR, TaskState.OPEN)
    return dataclasses.replace(made, **changes)


def notification(id: str = "n1", **changes: Any) -> Notification:
    message = Message("incident.opened", {"number": 1})
    made = Notification(id, None, "ann", "console", "ann@example.org", message, AT, DeliveryState.PENDING)
    return dataclasses.replace(made, **changes)


def attribution(incident: int = 1, made_at: datetime = AT) -> Attribution:
    parts = (Part(AA, -0.1, -0.09, -0.01, 0.8, 0.38), Part(None, -0.02))
    return Attribution(
        incident, "on_time_rate", made_at, AT, AT + 3 * HOUR, 0.81, 0.69, -0.12, VerdictKind.LOCAL, True,
        (Cause(AA, -0.1, 0.83, 0.97, 0.8, 0.38),), parts, {"carrier": parts, "dest": ()},
    )  # fmt: skip


def proposal(id: str = "p1", **changes: Any) -> Proposal:
    span = Occurrence(AT, AT + HOUR, AA, Verdict.FALSE_ALARM, True, False, 1)
    backtest = Backtest(AT, AT + 999 * HOUR, Side(9, 1.5, 2, 7, 0), Side(3, 0.5, 2, 1, 0), (span,))
    made = Proposal(
        id, "on_time_hourly", 3, AT, Message("proposal.gate"), (Message("why.labels", {"n": 7}),),
        {"gates": {"minimum_impact": 5}}, {"gates": {"minimum_impact": 12.5}}, backtest, ("l1", "l2"),
    )  # fmt: skip
    return dataclasses.replace(made, **changes)


# PostgreSQL cannot hold U+0000 in a text, and no database can hold half a surrogate pair.
WORDS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=12)
NUMBERS = st.integers(-(2**62), 2**62)
REALS = st.floats(allow_nan=False)
ZONES = st.sampled_from([UTC, timezone(timedelta(hours=8)), timezone(timedelta(hours=-4, minutes=-30))])
FIRST, LAST = (datetime(year, 6, 1, tzinfo=UTC).replace(tzinfo=None) for year in (1000, 9999))  # as hypothesis wants
TIMES = st.datetimes(FIRST, LAST, timezones=ZONES)
JSON: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | NUMBERS | st.floats(allow_nan=False, allow_infinity=False) | WORDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=3),
    max_leaves=5,
)
_PLAIN: dict[Any, st.SearchStrategy[Any]] = {
    str: WORDS,
    bool: st.booleans(),
    int: NUMBERS,
    float: REALS,
    datetime: TIMES,
    timedelta: st.timedeltas(),
    ZoneInfo: st.sampled_from([ZoneInfo("Asia/Shanghai"), ZoneInfo("America/New_York")]),
    Slice: st.dictionaries(WORDS, WORDS, max_size=3).map(Slice.of),
    Any: JSON,
    types.NoneType: st.none(),
}


def anything(kind: Any) -> st.SearchStrategy[Any]:
    """Any value of a field's type."""
    if kind in _PLAIN:
        return _PLAIN[kind]
    origin, inner = typing.get_origin(kind), typing.get_args(kind)
    if origin in (Union, types.UnionType):
        # JSON has no infinite numbers; where the type does not say "float", the word would come back as a text.
        return st.one_of([anything(each).filter(_finite) if len(inner) > 2 else anything(each) for each in inner])
    if origin is tuple and inner[-1] is Ellipsis:
        return st.lists(anything(inner[0]), max_size=3).map(tuple)
    if origin is tuple:
        return st.tuples(*(anything(each) for each in inner))
    if origin is list:
        return st.lists(anything(inner[0]), max_size=3)
    if origin in (dict, Mapping):
        return st.dictionaries(anything(inner[0]), anything(inner[1]), max_size=3)
    if isinstance(kind, type) and issubclass(kind, Enum):
        return st.sampled_from(list(kind))
    return any_noun(kind)


def any_noun(noun: Callable[..., Any]) -> st.SearchStrategy[Any]:
    hints = typing.get_type_hints(noun)
    return st.builds(
        noun, **{field.name: anything(hints[field.name]) for field in dataclasses.fields(typing.cast(Any, noun))}
    )


def _finite(value: object) -> bool:
    return not isinstance(value, float) or abs(value) != float("inf")

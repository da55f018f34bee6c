"""Playbooks for tests: one step of each kind, by hand."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from metricloop.define.playbooks import Field, Grade, Mode, Playbook, StepDefinition, StepKind
from metricloop.kernel.message import Text

AT = datetime(2013, 4, 16, 17, tzinfo=UTC)
HOUR = timedelta(hours=1)

LOOK = StepDefinition("look", StepKind.CHECK, Text(en="Look"))
TELL = StepDefinition("tell", StepKind.NOTIFY, Text(en="Tell the crew"), to="wei_lan")
DECIDE = StepDefinition(
    "decide",
    StepKind.TASK,
    Text(en="Decide"),
    form=(
        Field("decision", Text(en="What now"), "choice", required=True, options=("act", "nothing_to_do")),
        Field("cause", Text(en="What happened")),
        Field("share", Text(en="Share"), "number"),
        Field("told", Text(en="Told the crew"), "boolean"),
    ),
    stop_on=("decision", "nothing_to_do"),
)
CALL = StepDefinition("call", StepKind.WEBHOOK, Text(en="Call"), action="file", options={"channel": "x", "order": "y"})
FIX = StepDefinition("fix", StepKind.APPROVAL, Text(en="Fix"), Grade.CRITICAL, to="wei_lan", action="file")
SIGN = StepDefinition("sign", StepKind.APPROVAL, Text(en="Sign"), to="wei_lan")
VERIFY = StepDefinition("verify", StepKind.VERIFY, Text(en="See"))


def playbook(*steps: StepDefinition, name: str = "delay", **changes: Any) -> Playbook:
    given: dict[str, Any] = {"label": Text(en=name), "mode": Mode.ASSISTED, "metrics": (), "steps": steps}
    return Playbook(name=name, **{**given, **changes})

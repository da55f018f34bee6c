"""Meaning of playbooks: steps can be followed, and whatever needs a person's yes asks for it."""

from __future__ import annotations

from collections.abc import Iterator

from metricloop.define.draft import Draft, check_name, check_plugin, issue, repeated
from metricloop.define.model import Document, Kind
from metricloop.define.playbooks import Grade, StepKind
from metricloop.define.shapes import PlaybookShape, StepShape
from metricloop.define.suggest import did_you_mean
from metricloop.kernel.errors import Issue

_ACTING = frozenset({StepKind.WEBHOOK, StepKind.APPROVAL, StepKind.CHECK})  # an approval acts once it is given


def check_playbooks(draft: Draft) -> Iterator[Issue]:
    for document, playbook in draft.all(PlaybookShape):
        for at, metric in enumerate(playbook.metrics):
            yield from check_name(draft, document, f"metrics.{at}", Kind.METRIC, metric)
        for at, name in repeated([step.id for step in playbook.steps]):
            yield issue(document, f"steps.{at}.id", f"two steps have the id {name}", "give each step its own id")
        for at, step in enumerate(playbook.steps):
            yield from _check_step(draft, document, f"steps.{at}", step)


def _check_step(draft: Draft, document: Document, path: str, step: StepShape) -> Iterator[Issue]:
    if step.to != "owner":
        yield from check_name(draft, document, f"{path}.to", Kind.PERSON, step.to)
    if step.kind is StepKind.APPROVAL and step.grade is not Grade.CRITICAL:
        yield issue(document, path, f"the approval {step.id} is not critical", "add grade: critical")
    if step.kind is StepKind.WEBHOOK and step.action is None:
        yield issue(document, path, f"step {step.id} names no action", "add action: an action plugin, such as webhook")
    if step.action is not None:
        yield from _check_action(draft, document, path, step, step.action)
    yield from _check_form(document, path, step)


def _check_action(draft: Draft, document: Document, path: str, step: StepShape, action: str) -> Iterator[Issue]:
    if step.kind in _ACTING:
        yield from check_plugin(draft, document, f"{path}.action", "actions", action)
    else:
        fix = "remove action, or make it a step of kind webhook or approval"
        yield issue(document, f"{path}.action", f"a step of kind {step.kind} does no action", fix)


def _check_form(document: Document, path: str, step: StepShape) -> Iterator[Issue]:
    if (step.form or step.stop_on) and step.kind is not StepKind.TASK:
        problem = f"step {step.id} has a form, but only a task is filled in by a person"
        yield issue(document, f"{path}.form", problem, "remove form and stop_on, or write kind: task")
        return
    for at, name in repeated([one.name for one in step.form]):
        yield issue(document, f"{path}.form.{at}.name", f"two fields are called {name}", "give each its own name")
    for at, one in enumerate(step.form):
        if one.type == "choice" and len(one.options) < 2:
            yield issue(document, f"{path}.form.{at}", f"the choice {one.name} has nothing to choose", "add options")
        elif one.type != "choice" and one.options:
            yield issue(document, f"{path}.form.{at}", f"{one.name} has options but is no choice", "write type: choice")
    yield from _check_stop(document, path, step)


def _check_stop(document: Document, path: str, step: StepShape) -> Iterator[Issue]:
    fields = {one.name: one for one in step.form}
    for name, value in step.stop_on.items():
        where = f"{path}.stop_on"
        if name not in fields:
            problem = f"stop_on names the field {name}, which is not in the form"
            yield issue(document, where, problem, did_you_mean(name, fields, "fields"))
        elif fields[name].type == "choice" and value not in fields[name].options:
            problem = f"stop_on waits for {value!r}, which {name} does not offer"
            yield issue(document, where, problem, did_you_mean(str(value), fields[name].options, "options"))

"""Each list of the reference is held to the code that it describes. A failure names the line that is missing or old."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from dataclasses import fields
from typing import Any, get_args

import typer.main
from pydantic import BaseModel

from metricloop.access.model import Permission, Role
from metricloop.access.rules import GRANTS
from metricloop.api.app import permissions
from metricloop.api.problems import HTTP_PROBLEMS, STATUS
from metricloop.cli.app import app
from metricloop.cli.settings import PREFIX, Settings
from metricloop.define.shapes import SHAPES
from metricloop.define.written import Shape
from metricloop.detect.profile import Memory
from metricloop.detect.seasonal import SeasonalConfig
from metricloop.kernel.errors import MetricloopError
from metricloop.plugins.registry import load_registry
from metricloop.sdk import conformance, specs
from metricloop.triage.model import IncidentState
from metricloop.triage.rules import TRANSITIONS
from tests.docs.pages import page, rows, sections, words


def commands(command: Any, name: str = "metricloop") -> Iterator[tuple[str, Any]]:
    """Every command of the tree with its whole name."""
    yield name, command
    for part, inner in getattr(command, "commands", {}).items():
        yield from commands(inner, f"{name} {part}")


def test_every_command_and_option_is_documented() -> None:
    described = sections(page("reference/command-line.md"))
    tree = dict(commands(typer.main.get_command(app)))
    groups = {name for name, command in tree.items() if getattr(command, "commands", None) and name != "metricloop"}
    missing = []
    for name, command in tree.items():
        if name in groups:
            continue
        if name not in described:
            missing.append(f"a section ## `{name}`")
            continue
        known = rows(described[name])
        shown = {option for row in known for option in row.split(", ")}
        for parameter in command.params:
            named = [*parameter.opts, *parameter.secondary_opts] if parameter.param_type_name == "option" else []
            missing += [f"{option} under ## `{name}`" for option in named if option not in shown]
            if parameter.param_type_name == "argument" and (parameter.name or "").upper() not in shown:
                missing.append(f"{(parameter.name or '').upper()} under ## `{name}`")
    assert missing == [], "docs/reference/command-line.md lacks these"
    assert [head for head in described if head.startswith("metricloop") and head not in tree] == [], "old sections"


def test_every_setting_is_documented_with_its_variable() -> None:
    described = rows(page("reference/settings.md"))
    assert set(described) == set(Settings.model_fields), "docs/reference/settings.md: one row for each setting"
    for name, (variable, *_) in described.items():
        assert words(variable) == {f"{PREFIX}{name.upper()}"}


def families(family: type[MetricloopError] = MetricloopError) -> Iterator[type[MetricloopError]]:
    yield family
    for inner in family.__subclasses__():
        if inner.__module__.startswith("metricloop."):
            yield from families(inner)


def test_every_error_code_is_documented_with_its_status() -> None:
    text = sections(page("reference/errors.md"))
    described = rows(text["Errors of metricloop"])
    wrong = []
    for family in families():
        status = next(number for known, number, _ in STATUS if issubclass(family, known))
        row = described.get(family.code)
        if row is None or row[1] != str(status):
            wrong.append(f"{family.code} ({family.__name__}), HTTP {status}")
    assert wrong == [], "docs/reference/errors.md lacks these, or has another status"
    assert set(described) == {family.code for family in families()}, "old rows"
    http = rows(text["Problems of HTTP itself"])
    assert set(http) == {str(status) for status in HTTP_PROBLEMS}
    assert all(words(http[str(status)][0]) == {code} for status, (code, _) in HTTP_PROBLEMS.items())


def test_every_route_is_documented_with_its_permission() -> None:
    described = rows(page("reference/http-api.md"))
    found = {
        f"{method} {path}": permission.value if permission else "none" for method, path, permission in permissions()
    }
    shown = {route: next(iter(words(cells[0])), cells[0]) for route, cells in described.items()}
    assert {r: p for r, p in found.items() if shown.get(r) != p} == {}, "docs/reference/http-api.md lacks these"
    assert set(shown) - set(found) == set(), "these routes are gone"


def parts_of(shape: type[BaseModel]) -> Iterator[type[BaseModel]]:
    """The shape and the shapes inside it."""
    yield shape
    for field in shape.model_fields.values():
        for inner in (field.annotation, *get_args(field.annotation)):
            if isinstance(inner, type) and issubclass(inner, Shape):
                yield from parts_of(inner)


def test_every_key_of_every_definition_is_documented() -> None:
    described = sections(page("reference/definitions.md"))
    shapes = {part.__name__.removesuffix("Shape").lower(): part for top in SHAPES.values() for part in parts_of(top)}
    assert set(shapes) <= set(described), "docs/reference/definitions.md: a section for each"
    for name, shape in shapes.items():
        assert set(rows(described[name])) == set(shape.model_fields), f"the keys under ## `{name}`"


def test_every_option_of_the_detector_is_documented() -> None:
    described = sections(page("reference/detectors.md"))
    assert set(rows(described["Options of seasonal"])) == {field.name for field in fields(SeasonalConfig)}
    assert set(rows(described["Memories"])) == {field.name for field in fields(Memory)}


def test_every_role_is_documented_with_its_permissions() -> None:
    described = rows(page("reference/roles.md"))
    order = list(Role)
    assert set(described) == {permission.value for permission in Permission}, "docs/reference/roles.md: one row each"
    for permission in Permission:
        marks = described[permission.value][: len(order)]
        assert [mark == "yes" for mark in marks] == [permission in GRANTS[role] for role in order], permission.value


def test_every_transition_is_documented() -> None:
    described = rows(page("reference/states.md"))
    for state in IncidentState:
        allowed = {trigger.value: after.value for (before, trigger), after in TRANSITIONS.items() if before is state}
        cell = described[state.value][0]
        shown = dict(part.strip().strip("`").split("` → `") for part in cell.split(",")) if words(cell) else {}
        assert shown == allowed, f"docs/reference/states.md, row {state.value}"


def test_every_plugin_protocol_is_documented_with_its_methods() -> None:
    described = sections(page("reference/plugins.md"))
    for name, protocol in inspect.getmembers(specs, inspect.isclass):
        if getattr(protocol, "_is_protocol", False) and protocol.__module__ == specs.__name__:
            methods = {part for part in vars(protocol) if not part.startswith("_")}
            assert name in described, f"docs/reference/plugins.md: a section ## `{name}`"
            assert methods <= set(rows(described[name])), f"the methods under ## `{name}`"
    checks = {name for name, _ in inspect.getmembers(conformance, inspect.isfunction) if name.startswith("check_")}
    assert checks <= words(page("reference/plugins.md")), "docs/reference/plugins.md: the conformance kit"


def test_every_bundled_plugin_is_documented_with_its_options() -> None:
    described = sections(page("reference/bundled-plugins.md"))
    registry = load_registry()
    kinds = {
        "source": registry.sources,
        "channel": registry.channels,
        "action": registry.actions,
        "detector": registry.detectors,
    }
    for kind, plugins in kinds.items():
        for name, plugin in plugins.items():
            if not plugin.config.__module__.startswith("metricloop."):
                continue  # an outside author's, installed here
            head = f"{kind} {name}"
            assert head in described, f"docs/reference/bundled-plugins.md: a section ## {head}"
            assert set(plugin.config.model_fields) <= set(rows(described[head])), f"the options under ## {head}"

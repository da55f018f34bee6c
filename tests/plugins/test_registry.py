from __future__ import annotations

from importlib.metadata import EntryPoint
from pathlib import Path

import pytest

from metricloop.kernel.errors import InvalidInput
from metricloop.plugins.registry import Registry, checked_options, load_registry, options_issues

GOOD = EntryPoint("files", "metricloop.plugins.files:PLUGIN", "metricloop.sources")
STRANGER = """
from metricloop.sdk import ActionPlugin, Options, SourcePlugin

class Bare:
    pass

OLD = SourcePlugin("old", Options, build=lambda options, context: None, api=0)
NO_OPTIONS = SourcePlugin("bare", Bare, build=lambda options, context: None)
SECOND = SourcePlugin("files", Options, build=lambda options, context: None)
ACTION = ActionPlugin("fix", Options, build=lambda options, context: None)
"""


@pytest.fixture
def stranger(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """An outside package with every fault a plugin can have."""
    name = f"stranger_{tmp_path.name.replace('-', '_')}"
    (tmp_path / f"{name}.py").write_text(STRANGER)
    (tmp_path / f"{name}_broken.py").write_text("import no_such_library")
    (tmp_path / f"{name}_loud.py").write_text("raise SystemError('boom')")
    monkeypatch.syspath_prepend(str(tmp_path))
    return name


def test_the_bundled_plugins_are_installed_and_sound() -> None:
    registry = load_registry()
    assert registry.issues == ()
    assert {"files", "sqlite", "postgres"} <= set(registry.sources)
    assert {"file", "console", "webhook"} <= set(registry.channels)
    assert {"file", "webhook"} <= set(registry.actions)
    kinds = (registry.sources, registry.channels, registry.actions)
    assert all(plugin.summary and plugin.config.model_json_schema() for kind in kinds for plugin in kind.values())


@pytest.mark.parametrize(
    ("place", "problem"),
    [
        ("{}_broken:PLUGIN", "cannot be imported: ModuleNotFoundError: No module named 'no_such_library'"),
        ("{}_loud:PLUGIN", "cannot be imported: SystemError: boom"),
        ("{}:NOT_THERE", "cannot be imported: AttributeError"),
        ("{}:ACTION", "is ActionPlugin, not SourcePlugin"),
        ("{}:Bare", "is type, not SourcePlugin"),
        ("{}:OLD", "was written for plugin api 0"),
        ("{}:NO_OPTIONS", "its config is not a pydantic model"),
        ("{}:SECOND", "a second plugin is called 'files'"),
    ],
)
def test_a_broken_plugin_is_an_issue_and_the_others_work(stranger: str, place: str, problem: str) -> None:
    broken = EntryPoint("stranger", place.format(stranger), "metricloop.sources")
    registry = load_registry([broken, GOOD])
    (issue,) = registry.issues
    assert issue.problem.startswith(problem)
    assert "stranger" in issue.where and issue.fix
    assert list(registry.sources) == ["files"]
    with pytest.raises(InvalidInput, match="is broken"):
        registry.source("stranger")


def test_an_unknown_plugin_says_which_are_known() -> None:
    with pytest.raises(InvalidInput, match=r"no source plugin 'oracle'.*known: files"):
        load_registry([GOOD]).source("oracle")
    with pytest.raises(InvalidInput, match="known: none"):
        Registry().channel("file")


def test_wrong_options_are_told_all_at_once_without_their_values() -> None:
    plugin = load_registry([GOOD]).source("files")
    options = {"folder": "a", "tables": {"t": {"path": 3}}, "pasword": "hunter2"}
    with pytest.raises(InvalidInput) as caught:
        checked_options(plugin, options, "source shop, options")
    assert caught.value.where == "source shop, options"
    assert "tables.t.path" in caught.value.problem and "pasword" in caught.value.problem
    assert "hunter2" not in str(caught.value)
    assert "tables" in caught.value.fix


def test_options_can_be_checked_without_opening_anything() -> None:
    plugin = load_registry([GOOD]).source("files")
    assert options_issues(plugin, {"folder": "nowhere", "tables": {"t": "t.csv"}}, "source shop") == []
    (issue,) = options_issues(plugin, {"tables": {"t": "t.csv"}}, "source shop")
    assert issue.problem == "options: name either a folder or a package"

"""Finds installed plugins by their entry points. A broken one is an issue to report, never a reason to stop."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from importlib.metadata import EntryPoint, entry_points
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from metricloop.sdk import (
    API,
    ActionPlugin,
    ChannelPlugin,
    DetectorPlugin,
    InvalidInput,
    Issue,
    Plugin,
    SourceFailed,
    SourcePlugin,
)

_TYPES: Mapping[str, type[Plugin]] = {
    kind.group: kind for kind in (SourcePlugin, DetectorPlugin, ChannelPlugin, ActionPlugin)
}
P = TypeVar("P")


@dataclass(frozen=True, slots=True)
class Registry:
    """Usable plugins by name, and what is wrong with the others."""

    sources: Mapping[str, SourcePlugin[Any]] = field(default_factory=dict)
    detectors: Mapping[str, DetectorPlugin[Any]] = field(default_factory=dict)
    channels: Mapping[str, ChannelPlugin[Any]] = field(default_factory=dict)
    actions: Mapping[str, ActionPlugin[Any]] = field(default_factory=dict)
    issues: tuple[Issue, ...] = ()

    def source(self, name: str) -> SourcePlugin[Any]:
        return _named(self.sources, name, "source", self.issues)

    def detector(self, name: str) -> DetectorPlugin[Any]:
        return _named(self.detectors, name, "detector", self.issues)

    def channel(self, name: str) -> ChannelPlugin[Any]:
        return _named(self.channels, name, "channel", self.issues)

    def action(self, name: str) -> ActionPlugin[Any]:
        return _named(self.actions, name, "action", self.issues)


def load_registry(found: Iterable[EntryPoint] | None = None) -> Registry:
    """All plugins of this environment (or of `found`). Importing one runs its code; its failure becomes an issue."""
    every = [e for group in _TYPES for e in entry_points(group=group)] if found is None else found
    kept: dict[str, dict[str, Plugin]] = {group: {} for group in _TYPES}
    issues: list[Issue] = []
    for entry in sorted(every, key=lambda e: (e.group, e.name, e.value)):
        try:
            plugin = _load(entry)
            if plugin.name in kept[entry.group]:
                raise InvalidInput(f"a second plugin is called {plugin.name!r}", fix="uninstall one of them")
        except (InvalidInput, SourceFailed) as error:
            issues.append(Issue(f"plugin {entry.name} ({entry.group}, {entry.value})", error.problem, error.fix))
        else:
            kept[entry.group][plugin.name] = plugin
    return _registry(kept, issues)


def checked_options(plugin: Plugin, options: Mapping[str, Any], where: str) -> BaseModel:
    """The plugin's own config made of plain options. Raises InvalidInput that lists every problem; no values in it."""
    try:
        checked: BaseModel = plugin.config.model_validate(dict(options))
    except ValidationError as error:
        problems = "; ".join(
            f"{'.'.join(str(part) for part in one['loc']) or 'options'}: {one['msg'].removeprefix('Value error, ')}"
            for one in error.errors(include_input=False, include_url=False)
        )
        known = ", ".join(plugin.config.model_fields) or "none"
        raise InvalidInput(problems, where=where, fix=f"options of {plugin.name}: {known}") from error
    return checked


def options_issues(plugin: Plugin, options: Mapping[str, Any], where: str) -> list[Issue]:
    """What is wrong with options, for checking a project without opening anything."""
    try:
        checked_options(plugin, options, where)
    except InvalidInput as error:
        return [Issue(where, error.problem, error.fix)]
    return []


def plugin_failed(where: str, plugin: str, error: Exception) -> SourceFailed:
    """What a stranger's plugin raised out of turn, as an error of ours."""
    return SourceFailed(
        f"plugin {plugin} failed: {type(error).__name__}: {error}",
        retryable=False,
        fix="report it to the plugin's author",
        where=where,
    )


def _load(entry: EntryPoint) -> Plugin:
    kind = _TYPES.get(entry.group)
    if kind is None:
        raise InvalidInput(f"no group {entry.group!r}", fix=f"register under one of {', '.join(_TYPES)}")
    try:
        plugin = entry.load()
    except Exception as error:  # a stranger's module may raise anything while it is imported
        raise SourceFailed(
            f"cannot be imported: {type(error).__name__}: {error}", retryable=False, fix="reinstall or remove it"
        ) from error
    if not isinstance(plugin, kind):
        raise InvalidInput(f"is {type(plugin).__name__}, not {kind.__name__}", fix="point it at a plugin spec")
    if plugin.api != API:
        raise InvalidInput(f"was written for plugin api {plugin.api}", fix=f"install a version for api {API}")
    if not (isinstance(plugin.config, type) and issubclass(plugin.config, BaseModel)):
        raise InvalidInput("its config is not a pydantic model", fix="derive the config from metricloop.sdk.Options")
    return plugin


def _registry(kept: Mapping[str, Mapping[str, Plugin]], issues: list[Issue]) -> Registry:
    every = [plugin for plugins in kept.values() for plugin in plugins.values()]
    return Registry(
        {p.name: p for p in every if isinstance(p, SourcePlugin)},
        {p.name: p for p in every if isinstance(p, DetectorPlugin)},
        {p.name: p for p in every if isinstance(p, ChannelPlugin)},
        {p.name: p for p in every if isinstance(p, ActionPlugin)},
        tuple(issues),
    )


def _named(plugins: Mapping[str, P], name: str, kind: str, issues: tuple[Issue, ...]) -> P:
    if name in plugins:
        return plugins[name]
    broken = next((issue for issue in issues if issue.where.startswith(f"plugin {name} ")), None)
    if broken:
        raise InvalidInput(f"the {kind} plugin {name!r} is broken: {broken.problem}", fix=broken.fix)
    known = ", ".join(sorted(plugins)) or "none"
    raise InvalidInput(f"no {kind} plugin {name!r}", fix=f"known: {known}; or install the package that has it")

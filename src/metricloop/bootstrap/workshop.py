"""What an editor of definitions asks of this installation: its plugins, and what a source has to read from."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

from metricloop.bootstrap.projects import option_issues, plugin_names
from metricloop.define.model import Document, Source
from metricloop.jobs.clocks import SystemClock
from metricloop.kernel.errors import Issue
from metricloop.plugins.registry import Registry
from metricloop.plugins.sources import Sources
from metricloop.sdk import Context


class Workshop:
    """Satisfies `api.ports.Workshop`. `sources` are those of the running system, which stay open."""

    def __init__(self, registry: Registry, sources: Sources, folder: Path) -> None:
        self._registry = registry
        self._sources = sources
        self._folder = folder

    def plugins(self) -> Mapping[str, Collection[str]]:
        return plugin_names(self._registry)

    def option_issues(self, documents: Sequence[Document], told: Sequence[Issue]) -> Sequence[Issue]:
        return option_issues(documents, told)

    def tables(self, source: Source) -> Sequence[str]:
        return self._sources.tables(source)

    def columns(self, source: Source, table: str) -> Mapping[str, str]:
        return self._sources.columns(source, table)

    def try_out(self, source: Source) -> Sequence[str]:
        """Open it apart from the running ones, so that a trial does not disturb what is open under the name."""
        apart = Sources(self._registry, Context(self._folder, SystemClock()))
        try:
            return apart.tables(source)
        finally:
            apart.close()

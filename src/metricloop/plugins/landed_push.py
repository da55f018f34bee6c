"""Records that other systems send to us."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from metricloop.plugins.landed_rows import OpenLanding, built, place_of
from metricloop.plugins.registry import Registry
from metricloop.sdk import Batch, Context, InvalidInput, PushSource, Record
from metricloop.sdk.host import Source, sound


@dataclass(frozen=True, slots=True)
class Pushed:
    """How many records were kept, and which items were not: position and reason."""

    accepted: int
    refused: Sequence[tuple[int, str]]


class Pushes:
    """Takes batches for the sources of a project that are pushed. Nothing of what was refused is kept: the sender is
    told, and sends it again when it is mended."""

    def __init__(self, registry: Registry, context: Context, open_unit: OpenLanding) -> None:
        self._registry = registry
        self._context = context
        self._open_unit = open_unit

    def push(self, source: Source, table: str, items: Sequence[Mapping[str, Any]]) -> Pushed:
        """Keep what can be understood. Raises InvalidInput when the source is not pushed or has no such table."""
        made = built(self._registry, self._context, source)
        if not isinstance(made, PushSource):
            raise InvalidInput(
                f"records cannot be sent to the source {source.name!r}", fix="send them to one whose plugin is push"
            )
        records: list[Record] = []
        refused: list[tuple[int, str]] = []
        for place, item in enumerate(items):
            taken = made.accept(table, item)
            records.extend(taken.records)
            refused.extend((place, one.reason) for one in taken.refused)
        if records:
            place_of(source, made, self._open_unit).keep(Batch(records), self._context.clock.now(), sound)
        return Pushed(len(records), refused)

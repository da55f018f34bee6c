"""Collects findings while an import runs; keys that nobody knows are told once for each name, not once for each use."""

from __future__ import annotations

from metricloop.define.imports.model import Effect, Finding, Unmapped

_ORDER = list(Effect)


class Report:
    def __init__(self) -> None:
        self._found: dict[Finding, None] = {}
        self._unknown: dict[str, list[str]] = {}
        self._often: dict[tuple[Effect, str, str, str], list[str]] = {}

    def left_out(self, where: str, about: str, reason: Unmapped) -> None:
        self._add(Effect.LEFT_OUT, where, about, reason.problem, reason.fix)

    def changed(self, where: str, about: str, problem: str, fix: str = "") -> None:
        self._add(Effect.CHANGED, where, about, problem, fix)

    def assumed(self, where: str, about: str, problem: str, fix: str = "") -> None:
        self._add(Effect.ASSUMED, where, about, problem, fix)

    def assumed_often(self, where: str, about: str, problem: str, fix: str) -> None:
        """Like `assumed`, told once however often it happens."""
        self._often.setdefault((Effect.ASSUMED, about, problem, fix), []).append(where)

    def changed_often(self, where: str, about: str, problem: str, fix: str) -> None:
        """Like `changed`, told once however often it happens."""
        self._often.setdefault((Effect.CHANGED, about, problem, fix), []).append(where)

    def ignored(self, where: str, about: str, problem: str, fix: str = "") -> None:
        self._add(Effect.IGNORED, where, about, problem, fix)

    def unknown_key(self, where: str, kind: str, key: str) -> None:
        """A key with no meaning here: `kind` is what it stands in, such as measure."""
        self._unknown.setdefault(f"{kind}.{key}", []).append(where)

    def findings(self) -> tuple[Finding, ...]:
        """The gravest first, then in the order in which they were found."""
        often = [
            Finding(effect, places[0], about, problem + _times(len(places)), fix)
            for (effect, about, problem, fix), places in self._often.items()
        ]
        keys = [
            Finding(Effect.IGNORED, places[0], key, "this key has no meaning here" + _times(len(places)), "")
            for key, places in sorted(self._unknown.items())
        ]
        return tuple(sorted([*self._found, *often, *keys], key=lambda finding: _ORDER.index(finding.effect)))

    def _add(self, effect: Effect, where: str, about: str, problem: str, fix: str) -> None:
        self._found[Finding(effect, where, about, problem, fix)] = None


def _times(count: int) -> str:
    return f" ({count} times, here first)" if count > 1 else ""

"""What an import takes and gives: foreign files, definitions in our words, and what was found on the way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from metricloop.define.model import Document


class Format(StrEnum):
    """Where definitions come from. dbt: the JSON that dbt compiles, not its YAML."""

    DBT = "dbt"
    CUBE = "cube"
    OSSIE = "ossie"
    LIGHTDASH = "lightdash"


class Effect(StrEnum):
    """What a finding means for the result.

    left_out: it is not in the result. changed: it is, but its numbers may differ. assumed: something that we need and
    the file does not say was filled in. ignored: it has no meaning here and changes no number.
    """

    LEFT_OUT = "left_out"
    CHANGED = "changed"
    ASSUMED = "assumed"
    IGNORED = "ignored"


@dataclass(frozen=True, slots=True)
class ForeignFile:
    """One file as plain values. places: path in it (`cubes.0.name`) -> where that stands (`orders.yml:3`)."""

    name: str
    content: Any
    places: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that did not come over as it was: where, what about (`metric rate`), what happened, what to do."""

    effect: Effect
    where: str
    about: str
    problem: str
    fix: str

    def __str__(self) -> str:
        where = f"{self.where}: " if self.where else ""
        head = f"{self.effect.value:8} {where}{self.about}: {self.problem}"
        return f"{head}. Fix: {self.fix}" if self.fix else head


@dataclass(frozen=True, slots=True)
class Imported:
    """Datasets and metrics in our words, by kind and in the order of the file, and the findings, the gravest first."""

    documents: tuple[Document, ...]
    findings: tuple[Finding, ...]


class Unmapped(Exception):
    """Something has no counterpart here; `fix` says what the reader can do. Never leaves this package."""

    def __init__(self, problem: str, fix: str = "") -> None:
        super().__init__(problem)
        self.problem = problem
        self.fix = fix

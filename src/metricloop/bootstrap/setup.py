"""First steps at a running server: forms of databases, uploaded files, a look at a table, numbers before publishing."""

from __future__ import annotations

import hashlib
import re
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, Protocol, get_args

from pydantic.fields import FieldInfo

from metricloop.bootstrap.first_steps import look_at_table, try_numbers
from metricloop.collect.evaluate import Answer
from metricloop.collect.first_look import Table
from metricloop.define.model import Source
from metricloop.define.project import Project
from metricloop.define.starter_columns import name_of
from metricloop.jobs.clocks import SystemClock
from metricloop.kernel.errors import InvalidInput
from metricloop.kernel.message import Text
from metricloop.plugins.file_inspection import inspect
from metricloop.plugins.registry import Registry
from metricloop.plugins.setup_places import keep_secret
from metricloop.plugins.sources import Sources
from metricloop.sdk import Context, Secret

UPLOADS = "uploads"
MOST_UPLOADS = 1000
_OFFERED = ("postgres", "mysql", "clickhouse", "sqlite", "warehouse")

Kind = Literal["text", "number", "yes_no", "choice", "secret"]


class Content(Protocol):
    def read(self, size: int = -1, /) -> bytes: ...


@dataclass(frozen=True, slots=True)
class Field:
    """One plain option of a plugin, as a form shows it."""

    name: str
    kind: Kind
    required: bool
    default: str | float | bool | None
    choices: tuple[str, ...]
    description: str


class Setup:
    """Satisfies `api.ports.Setup`. Nothing that runs is used or disturbed."""

    def __init__(self, registry: Registry, folder: Path) -> None:
        self._registry = registry
        self._folder = folder

    def forms(self) -> Mapping[str, tuple[str, Sequence[Field]]]:
        plugins = {name: self._registry.sources[name] for name in _OFFERED if name in self._registry.sources}
        return {
            name: (one.summary, [f for f in map(_field, *zip(*one.config.model_fields.items(), strict=True)) if f])
            for name, one in plugins.items()
        }

    def keep_upload(self, name: str, content: Content) -> Source:
        folder = self._folder / UPLOADS
        table = name_of(Path(name).name.partition(".")[0])
        new = folder / f".{table}.new"
        try:
            folder.mkdir(parents=True, exist_ok=True)
            if sum(1 for _ in folder.iterdir()) >= MOST_UPLOADS:
                fix = f"remove what is not needed from {folder}"
                raise InvalidInput(f"there are {MOST_UPLOADS} uploaded files already", fix=fix)
            with new.open("wb") as file:
                shutil.copyfileobj(content, file)
            found = inspect(new)
            with new.open("rb") as file:
                mark = hashlib.file_digest(file, "sha256").hexdigest()[:16]
            kept = new.replace(folder / f"{table}-{mark}{found.ending}")
        except OSError as error:
            problem = f"the file cannot be kept: {error.strerror or error}"
            raise InvalidInput(problem, where=str(folder), fix="let the server write to this folder") from error
        finally:
            new.unlink(missing_ok=True)
        return Source(table, "files", Text(), {"folder": UPLOADS, "tables": {table: found.options(kept.name)}})

    def keep_secret(self, name: str, secret: str) -> str:
        return keep_secret(f"{re.sub(r'[^A-Za-z0-9_.-]+', '_', self._folder.resolve().name)}.{name}", secret)

    def tables(self, source: Source) -> Sequence[str]:
        apart = Sources(self._registry, Context(self._folder, SystemClock()))
        try:
            return apart.tables(source)
        finally:
            apart.close()

    def look(self, source: Source, table: str) -> tuple[Source, Table]:
        return look_at_table(self._registry, self._folder, source, table)

    def numbers(self, project: Project, names: Sequence[str]) -> Mapping[str, Answer | None]:
        return try_numbers(self._registry, self._folder, project, names)


def _field(name: str, info: FieldInfo) -> Field | None:
    """None for an option that no single input can hold: those are written in YAML."""
    kinds = [kind for kind in (get_args(info.annotation) or (info.annotation,)) if kind is not type(None)]
    choices: tuple[str, ...] = ()
    kind: Kind
    if Secret in kinds:
        kind = "secret"
    elif kinds and all(isinstance(one, str) for one in kinds):
        kind, choices = "choice", tuple(str(one) for one in kinds)
    elif bool in kinds:
        kind = "yes_no"
    elif int in kinds or float in kinds:
        kind = "number"
    elif str in kinds:
        kind = "text"
    else:
        return None
    default: Any = None if info.is_required() else info.get_default(call_default_factory=False)
    plain = default if isinstance(default, str | int | float | bool) else None
    return Field(name, kind, info.is_required(), plain, choices, info.description or "")

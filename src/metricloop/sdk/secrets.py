"""Secrets by reference: `env:NAME` or `file:PATH`. What is kept and shown is the reference, never the secret."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from pydantic import GetCoreSchemaHandler
from pydantic_core import CoreSchema, core_schema

from metricloop.kernel.errors import SourceFailed
from metricloop.kernel.secrets import remember


class Secret:
    """A field type for plugin configs. `value()` looks the secret up each time, so that a changed one is seen.

    A plain text is refused, so that no secret gets into a definition, its versions or a log. One that was looked up is
    taken out of errors and logs (kernel.secrets).
    """

    def __init__(self, reference: str) -> None:
        kind, _, name = reference.partition(":")
        if kind not in ("env", "file") or not name:
            raise ValueError("a secret is written as env:NAME or file:PATH, never in plain text")
        self.reference = reference

    def value(self) -> str:
        """The secret, without surrounding white space. Raises SourceFailed when the reference leads nowhere."""
        kind, _, name = self.reference.partition(":")
        found = os.environ.get(name, "") if kind == "env" else _read(name)
        if not found.strip():
            what = f"the environment variable {name}" if kind == "env" else f"the file {name}"
            raise SourceFailed(
                f"{what} is missing or empty", retryable=False, where=self.reference, fix=f"put the secret into {what}"
            )
        remember(found.strip())
        return found.strip()

    def __repr__(self) -> str:
        return f"Secret({self.reference!r})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other.reference == self.reference

    def __hash__(self) -> int:
        return hash(self.reference)

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        from_text = core_schema.no_info_after_validator_function(cls, core_schema.str_schema())
        return core_schema.json_or_python_schema(
            json_schema=from_text,
            python_schema=core_schema.union_schema([core_schema.is_instance_schema(cls), from_text]),
            serialization=core_schema.plain_serializer_function_ser_schema(lambda secret: secret.reference),
        )


def _read(path: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8")
    except OSError:
        return ""

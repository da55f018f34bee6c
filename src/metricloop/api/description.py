"""Completes the OpenAPI 3.1 description that FastAPI makes: problems as error answers, log-in, permissions."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from fastapi import FastAPI
from pydantic.json_schema import models_json_schema

from metricloop.api.problems import MEDIA_TYPE, Problem

_REF = "#/components/schemas/{model}"
_PROBLEM = {
    "description": "A problem (RFC 9457)",
    "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
}
_METHODS = ("get", "post", "put", "delete")


def describe(app: FastAPI, demanded: dict[tuple[str, str], str | None]) -> dict[str, Any]:
    """The app's description. `demanded`: (METHOD, path) -> permission, or None where nobody need be logged in."""
    found = deepcopy(app.openapi())
    schemas = found["components"]["schemas"]
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    _, problem = models_json_schema([(Problem, "serialization")], ref_template=_REF)
    schemas.update(problem["$defs"])
    found["components"]["securitySchemes"] = {
        "session": {"type": "apiKey", "in": "cookie", "name": "metricloop_session"},
        "token": {"type": "http", "scheme": "bearer"},
    }
    for path, operations in found["paths"].items():
        for method in _METHODS:
            if method in operations:
                _complete(operations[method], demanded.get((method.upper(), path)))
    return found


def _complete(operation: dict[str, Any], permission: str | None) -> None:
    operation["responses"].pop("422", None)
    operation["responses"]["default"] = _PROBLEM
    operation["security"] = [{"session": []}, {"token": []}] if permission else []
    if permission:
        operation["x-permission"] = permission

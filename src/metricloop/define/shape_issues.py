"""From a body that does not fit its shape to issues that say where, what and how to fix it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from metricloop.define.model import Document
from metricloop.define.shapes import SHAPES
from metricloop.define.suggest import nearest
from metricloop.define.written import Shape
from metricloop.kernel.errors import Issue

_TYPES = {
    "string_type": "a text",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "bool_type": "true or false",
    "list_type": "a list, such as [a, b]",
    "dict_type": "a block of key: value",
    "model_type": "a block of key: value",
    "model_attributes_type": "a block of key: value",
}


def shape(document: Document) -> tuple[Shape | None, list[Issue]]:
    """The document's body in its shape, or every issue with it."""
    try:
        return SHAPES[document.kind].model_validate(dict(document.body)), []
    except ValidationError as error:
        return None, [_issue(document, one) for one in error.errors(include_url=False)]


def _issue(document: Document, error: ErrorDetails) -> Issue:
    path = ".".join(str(part) for part in error["loc"] if part != "[key]")
    problem, fix = _words(document, error)
    return Issue(document.at(path), f"{_subject(document)}: {problem}", fix)


def _subject(document: Document) -> str:
    return f"{document.kind} {document.name}"


def _words(document: Document, error: ErrorDetails) -> tuple[str, str]:
    kind, context = error["type"], error.get("ctx", {})
    inside, key = _owner(SHAPES[document.kind], error["loc"])
    name = ".".join(str(part) for part in error["loc"])
    if kind == "issue":
        return f"{name}: {context['problem']}", str(context["fix"])
    if kind == "missing":
        field = inside.model_fields.get(key) if inside else None
        return f"{name} is missing", f"add {(field and field.description) or key + ': ...'}"
    if kind == "extra_forbidden":
        known = list(inside.model_fields) if inside else []
        near = nearest(key, known)
        return f"{name} is not a known key", (f"did you mean {near}? " if near else "") + f"known: {', '.join(known)}"
    if kind in ("enum", "literal_error"):
        return _word_of(name, error["input"], str(context["expected"]))
    if kind in _TYPES:
        return f"{name} is {_shown(error['input'])}", f"write {_TYPES[kind]}"
    return f"{name}: {error['msg'][:1].lower()}{error['msg'][1:]}", _example(inside, key)


def _word_of(name: str, given: object, expected: str) -> tuple[str, str]:
    choices = [word.strip(" '") for word in expected.replace(" or ", ",").split(",")]
    near = nearest(str(given), choices)
    hint = f"did you mean {near}? " if near else ""
    return f"{name} is {_shown(given)}", f"{hint}write one of: {', '.join(choices)}"


def _example(inside: type[BaseModel] | None, key: str) -> str:
    field = inside.model_fields.get(key) if inside else None
    return f"write {field.description}" if field and field.description else "see the reference of this key"


def _shown(value: object) -> str:
    if value is None:
        return "empty"
    if isinstance(value, Mapping):
        return "a block"
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."


def _owner(shape_type: type[Shape], path: tuple[int | str, ...]) -> tuple[type[BaseModel] | None, str]:
    """The shape that holds the last key of `path`, and that key."""
    inside: type[BaseModel] | None = shape_type
    for part in path[:-1]:
        field = inside.model_fields.get(str(part)) if inside else None
        if field is not None:
            inside = _shape_in(field.annotation)
        elif isinstance(part, str):
            inside = None
    return inside, str(path[-1]) if path else ""


def _shape_in(annotation: Any) -> type[BaseModel] | None:
    """The shape that an annotation such as `list[StepShape] | None` holds."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    inner = get_args(annotation)[:1] if get_origin(annotation) is Annotated else get_args(annotation)
    return next((found for one in inner if (found := _shape_in(one))), None)

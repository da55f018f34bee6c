"""Every message code that the code can say, with the parameters it gives: read from the syntax trees of src."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from metricloop.notify.words import codes
from metricloop.triage.model import Trigger
from tests.project.tree import PACKAGE

# Codes that end in a word of the code's own (`f"timeline.{trigger.value}"`): what stands before it -> the words.
FAMILIES: Mapping[str, tuple[str, ...]] = {
    "timeline.": tuple(trigger.value for trigger in Trigger),
}


@dataclass
class Said:
    """One code: where it is said (file:line), and every parameter name that can be told without running the code."""

    places: set[str] = field(default_factory=set)
    params: set[str] = field(default_factory=set)


def collect() -> tuple[dict[str, Said], list[str]]:
    """Code -> Said, and the calls whose code cannot be told."""
    found: dict[str, Said] = {code: Said() for code in codes()}
    unclear: list[str] = []
    for path in sorted(PACKAGE.rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for scope, call in _calls(tree):
            place = f"{path.relative_to(PACKAGE).as_posix()}:{call.lineno}"
            said = _codes(call, scope)
            if not said and not _is_view(path):
                unclear.append(place)
            for code in said:
                found.setdefault(code, Said()).places.add(place)
                found[code].params |= _params(call, scope, tree)
    return found, unclear


def _is_view(path: Path) -> bool:
    """`api/views/words.py` copies any message; `kernel/message.py` defines what one is."""
    return path.name == "words.py" and path.parent.name == "views"


def _calls(tree: ast.Module) -> Iterator[tuple[ast.AST, ast.Call]]:
    """Each call of Message, with the function (or module) around it."""
    scopes = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    inner: dict[ast.Call, ast.AST] = {}
    for scope in [tree, *scopes]:  # outer functions come before those inside them
        for node in ast.walk(scope):
            if isinstance(node, ast.Call) and _is_message(node.func):
                inner[node] = scope
    yield from ((scope, call) for call, scope in inner.items())


def _is_message(function: ast.expr) -> bool:
    return isinstance(function, ast.Name) and function.id == "Message"


def _codes(call: ast.Call, scope: ast.AST) -> set[str]:
    first = call.args[0] if call.args else ast.Constant("")
    texts = {text for value in _meant(first, scope) for text in _texts(value)}
    if isinstance(first, ast.JoinedStr):
        texts = set(_joined(first, scope))
    return {text for text in texts if re.fullmatch(r"[a-z_]+(\.[a-z_]+)+", text)}


def _meant(node: ast.expr, scope: ast.AST) -> list[ast.AST]:
    """The expressions that a first argument may stand for: itself, either side of an `if`, what a name was given."""
    if isinstance(node, ast.IfExp):
        return [*_meant(node.body, scope), *_meant(node.orelse, scope)]
    return _values(node.id, scope) if isinstance(node, ast.Name) else [node]


def _joined(written: ast.JoinedStr, scope: ast.AST) -> Iterator[str]:
    """All texts that f"PREFIX{word}SUFFIX" may be."""
    texts = [""]
    for part in written.values:
        if isinstance(part, ast.Constant):
            texts = [text + str(part.value) for text in texts]
        elif isinstance(part, ast.FormattedValue):
            words = FAMILIES.get(texts[0]) or [t for v in _meant(part.value, scope) for t in _texts(v)]
            texts = [text + word for text in texts for word in words]
    yield from texts


def _texts(node: ast.AST) -> Iterator[str]:
    for each in ast.walk(node):
        if isinstance(each, ast.Constant) and isinstance(each.value, str):
            yield each.value


def _values(name: str, scope: ast.AST) -> list[ast.AST]:
    """What is assigned to the name inside the scope; for a loop's variable what it runs over."""
    found: list[ast.AST] = []
    for node in ast.walk(scope):
        if isinstance(node, ast.Assign | ast.AugAssign | ast.AnnAssign) and node.value is not None:
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            if any(isinstance(target, ast.Name) and target.id == name for target in targets):
                found.append(node.value)
        elif isinstance(node, ast.comprehension | ast.For):
            inside = any(isinstance(each, ast.Name) and each.id == name for each in ast.walk(node.target))
            if inside and isinstance(node.iter, ast.Name):
                found += _values(node.iter.id, scope)
    return found


def _params(call: ast.Call, scope: ast.AST, tree: ast.Module) -> set[str]:
    return _keys(call.args[1], scope, tree) if len(call.args) > 1 else set()


def _keys(node: ast.AST, scope: ast.AST, tree: ast.Module) -> set[str]:
    """Keys of a mapping as far as the syntax tells: literals, names, `a | b`, and functions of the same module."""
    if isinstance(node, ast.Dict):
        named = {str(key.value) for key in node.keys if isinstance(key, ast.Constant)}
        spread = [v for key, v in zip(node.keys, node.values, strict=True) if key is None]
        return named.union(*(_keys(each, scope, tree) for each in spread))
    if isinstance(node, ast.Name):
        return set().union(*(_keys(value, scope, tree) for value in _values(node.id, scope)))
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        name = node.func.id
        made = [f for f in tree.body if isinstance(f, ast.FunctionDef) and f.name == name]
        answers = [r.value for f in made for r in ast.walk(f) if isinstance(r, ast.Return) and r.value is not None]
        inner = set().union(*(_keys(answer, made[0], tree) for answer in answers)) if made else set()
        return inner.union(*(_keys(each, scope, tree) for each in node.args if name == "dict"))
    return set()

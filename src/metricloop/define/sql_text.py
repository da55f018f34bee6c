"""The gate for every text that a person writes as SQL: from text to one syntax tree of bounded size, or a refusal.

What the tree may hold is decided by whoever asked for it (sql_expressions, sql_select). What is sent to a source is
rendered from that tree, never pasted from the text; so comments, odd spaces and the like cannot reach an engine. A
role that may only read is the wall behind this gate.
"""

from __future__ import annotations

import logging
import re
import unicodedata
from collections.abc import Iterator, Mapping
from typing import Literal

import sqlglot
from sqlglot import exp
from sqlglot.errors import ErrorLevel, SqlglotError
from sqlglot.tokenizer_core import Token, TokenType

# The parser takes about 23 frames of Python's stack (1000) for each bracket; a web server's own frames come before.
MOST_NESTED = 20
_MOST_DEPTH = 100  # of the tree, where a chain of AND, OR, + or the like counts once
_SHOWN = 60

logging.getLogger("sqlglot").setLevel(logging.ERROR)  # what it warns of is refused here, with the reason

Form = Literal["expression", "query"]
_FIXES: Mapping[Form, str] = {"expression": "write it as in a WHERE", "query": "write it as the source takes it"}

_OPENS = {TokenType.L_PAREN: "(", TokenType.L_BRACKET: "[", TokenType.CASE: "case"}
_CLOSES = {TokenType.R_PAREN: "(", TokenType.R_BRACKET: "[", TokenType.END: "case"}
_BRACES = frozenset({TokenType.L_BRACE, TokenType.R_BRACE, TokenType.BLOCK_START, TokenType.BLOCK_END})
_PREFIXES = frozenset({TokenType.NOT, TokenType.DASH, TokenType.PLUS, TokenType.TILDE, TokenType.INTERVAL})
_NOT_TEXT = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})  # controls, invisible and direction marks, halves, line marks
_SPACES = "\t\n\r"
_JOINERS = "\u200c\u200d"  # needed to write some languages, and emoji
_CHAINS = (exp.Connector, exp.Add, exp.Sub, exp.Mul, exp.SetOperation)


class Refused(Exception):
    """Why a text may not go into a query (`problem`), and what to write instead (`fix`)."""

    def __init__(self, problem: str, fix: str) -> None:
        super().__init__(problem)
        self.problem = problem
        self.fix = fix


def one_tree(text: str, *, most_characters: int, form: Form = "expression", dialect: str | None = None) -> exp.Expr:
    """The tree of the only statement or expression in `text`, without its comments.

    Ordinary comments may stand in a query; executable ones and hints nowhere. Raises Refused, also for nesting that
    would exhaust the stack; raises nothing else, whatever the text.
    """
    if not text.strip():
        raise Refused("the text is empty", "write something such as status = 'paid', or leave the key out")
    if len(text) > most_characters:
        raise Refused(f"the text has {len(text)} characters", f"write at most {most_characters}")
    check_characters(text)
    try:
        _check_tokens(sqlglot.tokenize(text, read=dialect), comments=form == "query")
        trees = [tree for tree in sqlglot.parse(text, read=dialect) if tree is not None]
    except SqlglotError as error:
        raise Refused(f"{_short(text)} is not a SQL {form} ({_first_line(error)})", _FIXES[form]) from error
    except RecursionError as error:
        raise _too_deep() from error
    if len(trees) != 1:
        raise Refused(f"{_short(text)} is {len(trees)} statements", "write exactly one, without ;")
    _check_depth(trees[0])
    for node in trees[0].walk():
        node.comments = None
    return trees[0]


def check_characters(text: str) -> None:
    """Raises Refused on characters that a reader does not see or that end a line or a text for some engine."""
    for character in text:
        if unicodedata.category(character) in _NOT_TEXT and character not in _SPACES and character not in _JOINERS:
            raise Refused(f"the text holds the invisible character U+{ord(character):04X}", "delete it")


def shown(node: exp.Expr) -> str:
    """A node as SQL, short enough for a message."""
    try:
        return _short(node.sql(unsupported_level=ErrorLevel.IGNORE))
    except (SqlglotError, RecursionError, ValueError):
        return f"this {node.key}"


def _check_tokens(tokens: list[Token], *, comments: bool) -> None:
    """Comments and nesting, before the parser, which recurses, sees the text."""
    open_now = dict.fromkeys(_OPENS.values(), 0)
    prefixes = 0
    for token in tokens:
        _check_comments(token, comments)
        if token.token_type in _BRACES:
            raise Refused("the text holds braces", "write plain SQL, without templates, structs or escapes")
        if token.token_type in _OPENS:
            open_now[_OPENS[token.token_type]] += 1
        elif token.token_type in _CLOSES:  # a column may be called "end": it closes nothing
            kind = _CLOSES[token.token_type]
            open_now[kind] = max(0, open_now[kind] - 1)
        prefixes = prefixes + 1 if token.token_type in _PREFIXES else 0
        if sum(open_now.values()) > MOST_NESTED or prefixes > MOST_NESTED // 4:
            raise _too_deep()


def _check_comments(token: Token, allowed: bool) -> None:
    if token.token_type is TokenType.HINT or any(one.lstrip().startswith(("!", "+", "M!")) for one in token.comments):
        raise Refused("the text holds a hint or a comment that some engines execute", "delete it")
    if token.comments and not allowed:
        raise Refused("the text holds a SQL comment", "write the comment in YAML, after #")


def _check_depth(tree: exp.Expr) -> None:
    """Walks without recursion, so that whatever later recurses over the tree has stack enough."""
    todo = [(tree, 1)]
    while todo:
        node, depth = todo.pop()
        if depth > _MOST_DEPTH:
            raise _too_deep()
        for child in _children(node):
            in_chain = isinstance(node, _CHAINS) and type(child) is type(node)
            todo.append((child, depth if in_chain else depth + 1))


def _children(node: exp.Expr) -> Iterator[exp.Expr]:
    for value in node.args.values():
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, exp.Expr):
                yield child


def _too_deep() -> Refused:
    return Refused(f"the text is nested more than {MOST_NESTED} deep", "simplify it, or use a view of the source")


def _short(text: str) -> str:
    return repr(text if len(text) <= _SHOWN else text[: _SHOWN - 3] + "...")


def _first_line(error: SqlglotError) -> str:
    line = str(error).splitlines()[0].partition("\x1b")[0]
    return re.sub(r" for <class '[^']*'>", "", line).strip().rstrip(".")

"""init: a new project, from a template or from a person's own file or database."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import typer

from metricloop.api.views.answers import MISSING
from metricloop.cli.flags import terminal_of
from metricloop.cli.starter_words import reason_words, starter_words
from metricloop.cli.template import write_template
from metricloop.cli.terminal import Terminal
from metricloop.cli.wiring import Beginning, bootstrap
from metricloop.cli.words import Language
from metricloop.collect.evaluate import Answer
from metricloop.define.model import Document, Kind
from metricloop.define.starter import Starter
from metricloop.define.starter_columns import name_of
from metricloop.kernel.errors import InvalidInput, InvalidProject

_SHOWN = 5  # numbers of each metric


@dataclass(frozen=True, slots=True)
class Choices:
    """What was said on the command line. yes: nothing is asked."""

    table: str | None
    time: str | None
    zone: str | None
    owner: str | None
    currency: str | None
    language: Language
    yes: bool


def init(
    context: typer.Context,
    folder: Annotated[Path, typer.Argument(help="A new or empty folder.")],
    origin: Annotated[
        str | None,
        typer.Option("--from", metavar="PLACE", help="Your data: a file, a folder, an address, or env:NAME of one."),
    ] = None,
    table: Annotated[str | None, typer.Option(help="Which table, where there are several.")] = None,
    time: Annotated[str | None, typer.Option(metavar="COLUMN", help="The column that tells the time.")] = None,
    timezone: Annotated[str | None, typer.Option(metavar="ZONE", help="Such as Asia/Shanghai.")] = None,
    owner: Annotated[str | None, typer.Option(metavar="NAME", help="Your name: who owns it all at first.")] = None,
    currency: Annotated[str | None, typer.Option(metavar="CODE", help="Of amounts: CNY, USD, ... or none.")] = None,
    language: Annotated[str | None, typer.Option(metavar="en|zh", help="Language of the project.")] = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Take everything that is proposed; ask nothing.")] = False,
) -> None:
    """Make a new project: from a template that runs as it is, or with --from for your own data."""
    terminal = terminal_of(context)
    if origin is None:
        write_template(folder)
        terminal.say("init.done", folder=folder)
        return
    if language not in (None, "en", "zh"):
        raise InvalidInput(f"{language} is neither en nor zh", where="--language", fix="write en or zh")
    spoken: Language = "zh" if language == "zh" else "en" if language == "en" else terminal.language
    if timezone is not None:
        known_zone(timezone)
    choices = Choices(table, time, timezone, owner, currency, spoken, yes)
    with bootstrap().begin_project(folder, origin) as beginning:
        begin(terminal, folder, beginning, choices)


def begin(terminal: Terminal, folder: Path, beginning: Beginning, choices: Choices) -> None:
    """Look, propose, ask, show the numbers, write, check."""
    table = _table(terminal, beginning.tables(), choices)
    beginning.look(table)
    choices, starter = _settled(terminal, beginning, table, choices)
    terminal.note(starter_words("found", terminal.language, table=table))
    for reason in starter.reasons:
        terminal.note(f"  {reason_words(reason, terminal.language)}")
    documents = _documents(beginning, starter, choices)
    numbers = beginning.preview(documents)
    terminal.note(starter_words("preview", terminal.language))
    put_numbers(terminal, numbers)
    documents = _documents(beginning, _chosen(terminal, starter, choices), choices)
    issues = beginning.write(documents)
    if issues:
        raise InvalidProject(issues)
    if beginning.secret:
        path = beginning.secret.removeprefix("file:")
        terminal.note(starter_words("secret", terminal.language, path=path))
    _say_next(terminal, folder, beginning, documents, numbers)


def put_numbers(terminal: Terminal, numbers: dict[str, Answer | None]) -> None:
    """A line for each metric: its name, its step, when its last bucket begins, and its last numbers."""
    wide = max((len(name) for name in numbers), default=0)
    for name, answer in numbers.items():
        if answer is None or not answer.spans:
            terminal.put(f"{name:{wide}}  {starter_words('no_numbers', terminal.language)}")
            continue
        begin = answer.spans[-1][0].astimezone(answer.zone)
        at = f"{begin:%Y-%m-%d %H:%M}" if answer.grain.value == "hour" else f"{begin:%Y-%m-%d}"
        last = "  ".join(shown(float(value)) for value in answer.values[-_SHOWN:, 0])
        terminal.put(f"{name:{wide}}  {answer.grain.value:5}  {at}  {last}")


def shown(value: float) -> str:
    """At most six digits that mean something."""
    if value != value:
        return MISSING
    return f"{value:,.0f}" if value.is_integer() or abs(value) >= 100_000 else f"{value:.6g}"


def _settled(terminal: Terminal, beginning: Beginning, table: str, choices: Choices) -> tuple[Choices, Starter]:
    """Ask what only a person knows; each question once, and only where it matters."""
    first = _proposed(beginning, table, choices)
    if choices.time is None and len(first.times) > 1:
        choices = replace(choices, time=_ask(terminal, choices, "ask.time", first.times[0], first.times))
        first = _proposed(beginning, table, choices)
    if choices.zone is None:
        zone = local_zone()
        choices = replace(choices, zone=_ask(terminal, choices, "ask.zone", zone) if first.naive else zone)
        known_zone(choices.zone or "")
    if choices.owner is None:
        choices = replace(choices, owner=_ask(terminal, choices, "ask.owner", _login()))
    if choices.currency is None and first.money:
        columns = ", ".join(first.money)
        choices = replace(choices, currency=_ask(terminal, choices, "ask.currency", "none", columns=columns))
    return choices, _proposed(beginning, table, choices)


def _proposed(beginning: Beginning, table: str, choices: Choices) -> Starter:
    """Raises InvalidInput, with every reason, where the table cannot be watched."""
    money = (choices.currency or "none").upper()
    if money != "NONE" and not (len(money) == 3 and money.isalpha() and money.isascii()):
        raise InvalidInput(f"{money} is no currency", where="--currency", fix="write three letters: CNY, USD, EUR")
    starter = beginning.propose(
        table,
        owner=name_of(choices.owner or "you"),
        zone=choices.zone or "UTC",
        time=choices.time,
        currency=None if money == "NONE" else money,
    )
    if starter.dataset is None:
        told = "; ".join(reason_words(reason, "en") for reason in starter.reasons)
        fix = "add a column with the date or time of each row; or correct the value; or name the column with --time"
        raise InvalidInput(told, where=table, fix=fix)
    return starter


def _documents(beginning: Beginning, starter: Starter, choices: Choices) -> Sequence[Document]:
    return beginning.documents(starter, choices.owner or "you", choices.zone or "UTC", choices.language)


def _chosen(terminal: Terminal, starter: Starter, choices: Choices) -> Starter:
    """The metrics that the person wants, and the monitors on these."""
    if choices.yes or _confirmed(terminal, "ask.all"):
        return starter
    metrics = tuple(one for one in starter.metrics if _confirmed(terminal, "ask.one", name=one["name"]))
    if not metrics:
        raise InvalidInput("no metric was taken, so nothing was written", fix="take at least one")
    names = {one["name"] for one in metrics}
    return replace(starter, metrics=metrics, monitors=tuple(m for m in starter.monitors if m["metric"] in names))


def _table(terminal: Terminal, tables: Sequence[str], choices: Choices) -> str:
    if choices.table is not None:
        return choices.table
    if len(tables) == 1:
        return tables[0]
    if choices.yes:
        raise InvalidInput(f"there are {len(tables)} tables", fix=f"name one with --table: {', '.join(tables[:30])}")
    return _ask(terminal, choices, "ask.table", tables[0], tables)


def _ask(
    terminal: Terminal, choices: Choices, code: str, default: str, allowed: Sequence[str] = (), **params: Any
) -> str:
    if choices.yes:
        return default
    text = starter_words(code, terminal.language, **params)
    if allowed:
        text = f"{text} ({', '.join(allowed[:20])})"
    answer = _answer(f"{text} [{default}]: ") or default
    if allowed and answer not in allowed:
        raise InvalidInput(f"{answer!r} is none of them", fix=f"write one of: {', '.join(allowed[:20])}")
    return answer


def _confirmed(terminal: Terminal, code: str, **params: Any) -> bool:
    text = starter_words(code, terminal.language, **params)
    while True:
        answer = _answer(f"{text} [Y/n]: ").lower()
        if answer in ("", "y", "yes", "是", "好"):
            return True
        if answer in ("n", "no", "否", "不"):
            return False


def _answer(question: str) -> str:
    """Asked on stderr, for stdout carries data only. Raises InvalidInput where nobody answers."""
    print(question, end="", file=sys.stderr, flush=True)
    line = sys.stdin.readline()
    if not line:
        raise InvalidInput("there is nobody to ask", fix="add --yes to take everything that is proposed")
    return line.strip()


def _say_next(
    terminal: Terminal,
    folder: Path,
    beginning: Beginning,
    documents: Sequence[Document],
    numbers: dict[str, Answer | None],
) -> None:
    ends = [answer.spans[-1][0].astimezone(answer.zone) for answer in numbers.values() if answer and answer.spans]
    start = beginning.first_day(documents)
    last = max(ends).date() if ends else start
    terminal.note(starter_words("done", terminal.language, folder=folder, start=start, end=last))
    person = next(one.name for one in documents if one.kind is Kind.PERSON)
    terminal.note(starter_words("then", terminal.language, folder=folder, person=person))


def known_zone(name: str) -> None:
    """Raises InvalidInput on what is no time zone."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        fix = "write one such as Asia/Shanghai, Europe/Berlin, UTC"
        raise InvalidInput(f"{name!r} is no time zone", where="--timezone", fix=fix) from None


def local_zone() -> str:
    """This computer's zone by its name; UTC where it does not say."""
    link = os.path.realpath("/etc/localtime")
    for name in (os.environ.get("TZ", "").lstrip(":"), link.partition("zoneinfo/")[2]):
        try:
            if name and ZoneInfo(name).key:
                return name if name not in ("Etc/UTC", "UCT", "Universal") else "UTC"
        except (ZoneInfoNotFoundError, ValueError, OSError):
            continue
    return "UTC"


def _login() -> str:
    return os.environ.get("USER") or os.environ.get("USERNAME") or "you"

"""demo, serve, worker: what runs until it is stopped."""

from __future__ import annotations

import signal
import threading
from socket import socket
from typing import Annotated

import typer

from metricloop.cli.flags import Database, Folder, Host, Port, Url, make_home, terminal_of
from metricloop.cli.terminal import Terminal
from metricloop.cli.wiring import RunningSystem, bootstrap
from metricloop.kernel.errors import InvalidInput

DEMO_DATABASE = ".metricloop/demo.db"


def demo(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="Which story: flights.")] = "flights",
    database: Database = None,
    host: Host = None,
    port: Port = None,
    url: Url = None,
    speed: Annotated[float | None, typer.Option(help="Demo seconds in one second; 720 is an hour in 5 s.")] = None,
) -> None:
    """Everything set up and running, with a story in it: a year of real flights, and three open incidents for you."""
    terminal = terminal_of(context)
    database = database or DEMO_DATABASE
    settings = terminal.settings(database=database, host=host, port=port, url=url, speed=speed)
    make_home(settings.database)
    # The port first: nobody wants to learn after the replay that it is taken.
    door = listening(settings.host, settings.port)
    interruptible()
    with terminal.progress("replay.progress") as tell:
        system, visitor = bootstrap().open_demo(name, settings, progress=tell)
    link = bootstrap().make_link(settings.database, visitor, url=settings.base_url)
    terminal.say("serve.at", url=settings.base_url)
    terminal.say("demo.link")
    terminal.note(f"  {link}")
    run(terminal, system, door)


def serve(
    context: typer.Context,
    folder: Folder = None,
    database: Database = None,
    host: Host = None,
    port: Port = None,
    url: Url = None,
) -> None:
    """The whole system in one process: loop, HTTP API and web UI."""
    terminal = terminal_of(context)
    settings = terminal.settings(project=folder, database=database, host=host, port=port, url=url)
    make_home(settings.database)
    door = listening(settings.host, settings.port)
    interruptible()
    system = bootstrap().open_system(settings)
    terminal.say("serve.at", url=settings.base_url)
    terminal.say("serve.hint")
    run(terminal, system, door)


def worker(context: typer.Context, folder: Folder = None, database: Database = None, url: Url = None) -> None:
    """One more machine that does the loop's work; needs the PostgreSQL that a server uses."""
    terminal = terminal_of(context)
    settings = terminal.settings(project=folder, database=database, url=url)
    if not settings.database.startswith("postgres"):
        raise InvalidInput(
            f"{settings.database} is a file, and its server works on it already",
            fix="give --database postgresql://...; with SQLite, metricloop serve does everything",
        )
    interruptible()
    system = bootstrap().open_system(settings)
    run(terminal, system, None)


def listening(host: str, port: int) -> socket:
    """A bound socket. Raises a clear error when the port is taken."""
    from metricloop.api.server import listen

    return listen(host, port)


def interruptible() -> None:
    """A polite end by the system (SIGTERM) is as good as Ctrl-C: both leave through the same `finally`."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)


def run(terminal: Terminal, system: RunningSystem, door: socket | None) -> None:
    """Work, and serve at the door if there is one, until somebody ends it."""
    try:
        system.start()
        if door is None:
            terminal.say("worker.runs")
            threading.Event().wait()
        else:
            from metricloop.api.server import build_server
            from metricloop.web import build_site

            build_server(build_site(system)).run(sockets=[door])
    except KeyboardInterrupt:
        terminal.say("stopping")
    finally:
        system.stop()

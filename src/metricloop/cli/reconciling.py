"""reconcile: is what is stored still what the sources say?"""

from __future__ import annotations

from typing import Annotated

import typer

from metricloop.cli.flags import AsJson, Database, terminal_of
from metricloop.cli.wiring import bootstrap


def reconcile(
    context: typer.Context,
    dataset: Annotated[str | None, typer.Argument(help="A dataset; without one, all of them.")] = None,
    days: Annotated[int, typer.Option(min=1, max=36_500, help="How far back.")] = 35,
    database: Database = None,
    as_json: AsJson = False,
) -> None:
    """Compare stored history with the sources now; what was added, changed or deleted there is put right."""
    terminal = terminal_of(context)
    found = bootstrap().reconcile(terminal.settings(database=database), dataset, days=days)
    if as_json:
        terminal.put_json(
            [
                {
                    "dataset": each.dataset,
                    "from": each.window.start.isoformat(),
                    "to": each.window.end.isoformat(),
                    "buckets": each.buckets,
                    "read_again": each.again,
                    "changed": each.changed,
                }
                for each in found
            ]
        )
        return
    for each in found:
        terminal.put(
            f"{each.dataset:24} {each.buckets:6} buckets  {each.again:6} hours read again  {each.changed:6} changed"
        )
    terminal.say("reconcile.done", count=len(found), changed=sum(each.changed for each in found))

"""One shop written in four formats and in our own words, and its rows in engines: NULLs, hours without a refund."""

from __future__ import annotations

import csv
import random
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg

from metricloop.define.imports.model import Format, Imported
from metricloop.define.imports.reading import import_files
from metricloop.define.model import Document, Kind
from metricloop.define.project import Project
from metricloop.define.rules import read_project
from metricloop.kernel.errors import InvalidProject
from metricloop.store.foreign import read_foreign_file
from metricloop.store.project import read_folder
from tests.collect.engines import POSTGRES, postgres_schema

FORMATS = Path(__file__).parent / "formats"
FILES = {
    Format.DBT: "semantic_manifest.json",
    Format.CUBE: "cube.yml",
    Format.LIGHTDASH: "lightdash.yml",
    Format.OSSIE: "ossie.yml",
}
START = datetime(2026, 3, 30, tzinfo=UTC)
DAYS = 10
ORDERS = {
    "order_id": "bigint",
    "created_at": "timestamp",
    "store_id": "bigint",
    "customer": "bigint",
    "carrier": "text",
    "status": "text",
    "qty": "bigint",
    "price": "double precision",
    "amount": "double precision",
}
STORES = {"id": "bigint", "region": "text"}
Cell = str | int | float | None
Place = tuple[str, str]  # the YAML of the source, and what stands before a table's name
_OTHERS = """\
project: shop
timezone: Europe/Berlin
sources: [SOURCE]
people:
  - {id: ann, name: Ann, contacts: [{channel: screen, address: ann}]}
  - {id: OWNER_TO_BE_NAMED, name: Nobody, contacts: [{channel: screen, address: nobody}]}
channels: [{name: screen, plugin: console}]
assignment: {fallback: ann, acknowledge_within: 1h, resolve_within: 1d}
"""


def rows() -> dict[str, list[list[Cell]]]:
    """Orders with every kind of gap; some of a store that is not there, some hours with no refund at all."""
    dice = random.Random(7)
    orders: list[list[Cell]] = []
    for number in range(1500):
        at = START + timedelta(minutes=dice.randrange(DAYS * 24 * 60))
        status = dice.choice(["fulfilled", "fulfilled", "fulfilled", "Fulfilled", "refunded", None])
        qty = dice.choice([1, 2, 11, 20, None])
        amount = None if dice.random() < 0.1 else dice.randrange(1, 400) / 4
        carrier = dice.choice(["DHL", "UPS", None])
        store = dice.choice([1, 2, 3, 9, None])
        customer = dice.choice([None, *range(1, 60)])
        orders.append([number, f"{at:%Y-%m-%d %H:%M:%S}", store, customer, carrier, status, qty, 2.5, amount])
    return {"orders": orders, "stores": [[1, "North"], [2, "South"], [3, None]]}


@contextmanager
def in_files(folder: Path) -> Iterator[Place]:
    tables = []
    for (name, lines), kinds in zip(rows().items(), (ORDERS, STORES), strict=True):
        with (folder / f"{name}.csv").open("w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows([list(kinds), *[["\\N" if c is None else c for c in line] for line in lines]])
        types = ", ".join(f"{column}: {kind.split()[0]}" for column, kind in kinds.items())
        tables.append(f'{name}: {{path: {name}.csv, null_values: ["\\\\N"], types: {{{types}}}}}')
    yield f"{{name: shop, plugin: files, options: {{folder: {folder}, tables: {{{', '.join(tables)}}}}}}}", ""


@contextmanager
def in_postgres(folder: Path) -> Iterator[Place]:
    with postgres_schema() as (connection, schema):
        for (name, lines), kinds in zip(rows().items(), (ORDERS, STORES), strict=True):
            columns = ", ".join(f"{column} {kind}" for column, kind in kinds.items())
            connection.execute(f"CREATE TABLE {schema}.{name} ({columns})".encode())
            with connection.cursor().copy(f"COPY {schema}.{name} FROM STDIN".encode()) as copy:
                for line in lines:
                    copy.write_row(line)
        address = folder / "address"
        address.write_text(psycopg.conninfo.make_conninfo(POSTGRES))
        yield f'{{name: shop, plugin: postgres, options: {{url: "file:{address}"}}}}', f"{schema}."


ENGINES: dict[str, Callable[[Path], AbstractContextManager[Place]]] = {
    "files": in_files,
    **({"postgres": in_postgres} if POSTGRES else {}),
}


def imported(form: Format, folder: Path, prefix: str = "") -> Imported:
    """What a format says of the shop, its tables with `prefix` before their names."""
    name = FILES[form]
    text = (FORMATS / name).read_text(encoding="utf-8")
    schema = prefix.rstrip(".")
    target = folder / name
    target.write_text(text.replace("SCHEMA.", prefix).replace("SCHEMA", schema), encoding="utf-8")
    return import_files(form, [read_foreign_file(target, name)], source="shop")


def content(form: Format) -> Any:
    """A format's file as plain values."""
    return read_foreign_file(FORMATS / FILES[form], FILES[form]).content


def native(folder: Path, prefix: str = "") -> tuple[Document, ...]:
    """The same in our own words."""
    text = (FORMATS / "native.yml").read_text(encoding="utf-8").replace("SCHEMA.", prefix)
    owned = "{owner: ann, level: L3, unit: number, good_direction: none}"
    return documents(text.replace("<owned>", owned), folder / "native")


def documents(text: str, folder: Path) -> tuple[Document, ...]:
    folder.mkdir(exist_ok=True)
    (folder / "all.yml").write_text(text, encoding="utf-8")
    files = read_folder(folder)
    assert files.issues == ()
    return files.documents


def project_of(definitions: Sequence[Document], source: str, folder: Path) -> Project:
    """A whole project around datasets and metrics."""
    others = documents(_OTHERS.replace("SOURCE]", f"{source}]"), folder / "others")
    try:
        return read_project([*others, *definitions])
    except InvalidProject as error:
        raise AssertionError([str(one) for one in error.issues]) from error


def bodies(found: Imported, kind: Kind) -> dict[str, dict[str, object]]:
    return {one.name: dict(one.body) for one in found.documents if one.kind is kind}

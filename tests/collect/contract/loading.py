"""The fixture in every engine: DuckDB over CSV, Parquet, JSON and Excel, SQLite, PostgreSQL, MariaDB, ClickHouse.

And in any other one that SQLAlchemy reaches: METRICLOOP_CONTRACT_URL and METRICLOOP_CONTRACT_DIALECT name it.
"""

from __future__ import annotations

import csv
import json
import os
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import psycopg
import sqlalchemy
from psycopg.conninfo import conninfo_to_dict

from metricloop.define.model import Source
from metricloop.kernel.message import Text
from tests.collect.contract.fixture import SHANGHAI, TABLES, Cell, Record, Table
from tests.collect.engines import POSTGRES, postgres_schema
from tests.missing import missing
from tests.plugins.embedded_clickhouse import fill
from tests.plugins.mariadb import database
from tests.plugins.workbook import Cell as SheetCell
from tests.plugins.workbook import write_workbook

Engine = Callable[[Path], AbstractContextManager[Source]]
_NO_ZONES = ("mysql", "sqlite", "doris", "starrocks", "hive")  # a time with a zone is kept there in UTC
_DUCKDB = {
    "int": "BIGINT",
    "text": "VARCHAR",
    "decimal": "DECIMAL(12, 2)",
    "double": "DOUBLE",
    "time": "TIMESTAMP",
    "zoned": "TIMESTAMP WITH TIME ZONE",
    "date": "DATE",
}


def source(plugin: str, options: Mapping[str, Any]) -> Source:
    return Source("shop", plugin, Text(), options)


def plain(cell: Cell) -> str | None:
    """As a CSV file has it."""
    return None if cell is None else cell.isoformat(sep=" ") if isinstance(cell, datetime) else str(cell)


@contextmanager
def in_csv(folder: Path) -> Iterator[Source]:
    tables = {table.name: _csv(folder, table) for table in TABLES}
    yield source("files", {"folder": str(folder), "tables": tables})


@contextmanager
def in_parquet(folder: Path) -> Iterator[Source]:
    tables = {}
    for table in TABLES:
        given = _csv(folder, table)
        names = ", ".join(f"'{name}': '{kind}'" for name, kind in given["types"].items())
        path = folder / f"{table.name}.parquet"
        read = f"read_csv('{folder / given['path']}', header = true, nullstr = ['\\N'], columns = {{{names}}})"
        duckdb.sql(f"COPY (FROM {read}) TO '{path}' (FORMAT parquet)")
        tables[table.name] = {"path": path.name}
    yield source("files", {"folder": str(folder), "tables": tables})


@contextmanager
def in_json(folder: Path) -> Iterator[Source]:
    tables = {}
    for table in TABLES:
        path = folder / f"{table.name}.jsonl"
        lines = [json.dumps({name: _json(cell) for name, cell in row.items()}) for row in table.rows]
        path.write_text("\n".join(lines), encoding="utf-8")
        tables[table.name] = {"path": path.name, "types": _types(table)}
    yield source("files", {"folder": str(folder), "tables": tables})


@contextmanager
def in_excel(folder: Path) -> Iterator[Source]:
    """A workbook has no empty text beside an empty cell, and no times with a zone but as text."""
    sheets: dict[str, list[list[SheetCell]]] = {}
    for table in TABLES:
        lines = [[_sheet(cell) for cell in row.values()] for row in table.rows]
        sheets[table.name] = [list(table.kinds), *lines]
    write_workbook(folder / "shop.xlsx", sheets)
    tables = {table.name: {"path": "shop.xlsx", "sheet": table.name, "types": _types(table)} for table in TABLES}
    yield source("files", {"folder": str(folder), "tables": tables})


@contextmanager
def in_sqlite(folder: Path) -> Iterator[Source]:
    kinds = {"int": "INTEGER", "decimal": "NUMERIC", "double": "REAL"}
    connection = sqlite3.connect(folder / "shop.sqlite")
    with connection:
        for table in TABLES:
            columns = ", ".join(f"{name} {kinds.get(kind, 'TEXT')}" for name, kind in table.kinds.items())
            connection.execute(f"CREATE TABLE {table.name} ({columns})")
            places = ", ".join("?" * len(table.kinds))
            lines = [[_sqlite(name, cell, i) for name, cell in row.items()] for i, row in enumerate(table.rows)]
            connection.executemany(f"INSERT INTO {table.name} VALUES ({places})", lines)
        connection.execute("CREATE INDEX orders_at ON orders (at)")
    connection.close()
    yield source("sqlite", {"path": str(folder / "shop.sqlite")})


@contextmanager
def in_postgres(folder: Path) -> Iterator[Source]:
    kinds = {"int": "bigint", "text": "text", "decimal": "numeric(12, 2)", "double": "double precision"}
    kinds |= {"time": "timestamp", "zoned": "timestamptz", "date": "date"}
    _need_postgres()
    with postgres_schema() as (connection, schema):
        for table in TABLES:
            columns = ", ".join(f"{name} {kinds[kind]}" for name, kind in table.kinds.items())
            connection.execute(f"CREATE TABLE {schema}.{table.name} ({columns})".encode())
            with connection.cursor().copy(f"COPY {schema}.{table.name} FROM STDIN".encode()) as copy:
                for row in table.rows:
                    copy.write_row(list(row.values()))
        address = folder / "address"
        address.write_text(psycopg.conninfo.make_conninfo(POSTGRES, options=f"-c search_path={schema}"))
        yield source("postgres", {"url": f"file:{address}"})


@contextmanager
def in_mariadb(folder: Path) -> Iterator[Source]:
    kinds = {"int": "bigint", "text": "varchar(60)", "decimal": "decimal(12, 2)", "double": "double"}
    kinds |= {"time": "datetime", "zoned": "timestamp NULL", "date": "date"}
    with database() as (connection, _, url), connection.cursor() as cursor:
        cursor.execute("SET NAMES utf8mb4")
        cursor.execute("SET time_zone = '+00:00'")
        for table in TABLES:
            columns = ", ".join(f"`{name}` {kinds[kind]}" for name, kind in table.kinds.items())
            cursor.execute(f"CREATE TABLE {table.name} ({columns})")
            places = ", ".join(["%s"] * len(table.kinds))
            cursor.executemany(f"INSERT INTO {table.name} VALUES ({places})", [_in_utc(row) for row in table.rows])
        address = folder / "address"
        address.write_text(url)
        yield source("mysql", {"url": f"file:{address}"})


@contextmanager
def in_clickhouse(folder: Path) -> Iterator[Source]:
    kinds = {"int": "Int64", "text": "String", "decimal": "Decimal(12, 2)", "double": "Float64"}
    kinds |= {"time": "DateTime('UTC')", "zoned": "DateTime('Asia/Shanghai')", "date": "Date"}
    statements = []
    for table in TABLES:
        columns = ", ".join(f"{name} Nullable({kinds[kind]})" for name, kind in table.kinds.items())
        lines = ", ".join(f"({', '.join(_clickhouse(cell) for cell in row.values())})" for row in table.rows)
        statements.append(f"CREATE TABLE {table.name} ({columns}) ENGINE = MergeTree ORDER BY tuple()")
        statements.append(f"INSERT INTO {table.name} VALUES {lines}")
    fill(folder, statements)
    yield source("clickhouse", {"path": str(folder)})


@contextmanager
def at_url(folder: Path) -> Iterator[Source]:
    """The engine at METRICLOOP_CONTRACT_URL; PostgreSQL through SQLAlchemy where none is named.

    Makes its tables in the default schema of the address, and drops them.
    """
    with ExitStack() as stack:
        url, dialect = os.environ.get("METRICLOOP_CONTRACT_URL"), os.environ.get("METRICLOOP_CONTRACT_DIALECT", "")
        if not url:
            _need_postgres()
            _, schema = stack.enter_context(postgres_schema())
            url, dialect = _as_sqlalchemy(schema), "postgres"
        engine = sqlalchemy.create_engine(url)
        stack.callback(engine.dispose)
        tables = [_sql_table(table, zones=dialect not in _NO_ZONES) for table in TABLES]
        with engine.begin() as connection:
            for made, table in zip(tables, TABLES, strict=True):
                made.create(connection)
                stack.callback(made.drop, engine)
                connection.execute(made.insert(), [_of_url(row, dialect) for row in table.rows])
        (folder / "url").write_text(url)
        yield source("warehouse", {"url": f"file:{folder / 'url'}", "dialect": dialect})


ENGINES: dict[str, Engine] = {
    "csv": in_csv,
    "parquet": in_parquet,
    "json": in_json,
    "excel": in_excel,
    "sqlite": in_sqlite,
    "postgres": in_postgres,
    "mariadb": in_mariadb,
    "clickhouse": in_clickhouse,
    "url": at_url,
}


def rows_in(engine: str, table: Table) -> Sequence[Record]:
    """The rows as the engine can hold them."""
    if engine != "excel":
        return table.rows
    return [{name: None if cell == "" else cell for name, cell in row.items()} for row in table.rows]


def _need_postgres() -> None:
    if not POSTGRES:
        missing("METRICLOOP_TEST_POSTGRES names no PostgreSQL", "Start one and set it to postgresql://...")


def _as_sqlalchemy(schema: str) -> str:
    parts = conninfo_to_dict(POSTGRES)
    login = f"{parts.get('user', 'postgres')}:{parts.get('password', '')}"
    place = f"{parts.get('host', '127.0.0.1')}:{parts.get('port', 5432)}/{parts.get('dbname', '')}"
    return f"postgresql+psycopg://{login}@{place}?options=-csearch_path%3D{schema}"


def _sql_table(table: Table, *, zones: bool) -> sqlalchemy.Table:
    kinds: dict[str, sqlalchemy.types.TypeEngine[Any]] = {
        "int": sqlalchemy.BigInteger(),
        "text": sqlalchemy.String(60),
        "decimal": sqlalchemy.Numeric(12, 2),
        "double": sqlalchemy.Double(),
        "time": sqlalchemy.DateTime(),
        "zoned": sqlalchemy.DateTime(timezone=zones),
        "date": sqlalchemy.Date(),
    }
    columns = [sqlalchemy.Column(name, kinds[kind]) for name, kind in table.kinds.items()]
    return sqlalchemy.Table(table.name, sqlalchemy.MetaData(), *columns)


def _of_url(row: Record, dialect: str) -> dict[str, Cell]:
    cells = _in_utc(row) if dialect in _NO_ZONES else list(row.values())
    return dict(zip(row, cells, strict=True))


def _types(table: Table) -> dict[str, str]:
    return {name: _DUCKDB[kind] for name, kind in table.kinds.items()}


def _csv(folder: Path, table: Table) -> dict[str, Any]:
    path = folder / f"{table.name}.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, quoting=csv.QUOTE_ALL)
        writer.writerow(table.kinds)
        writer.writerows([["\\N" if cell is None else plain(cell) for cell in row.values()] for row in table.rows])
    return {"path": path.name, "null_values": ["\\N"], "types": _types(table)}


def _json(cell: Cell) -> str | int | float | None:
    return cell if isinstance(cell, int | float) else plain(cell)


def _sheet(cell: Cell) -> SheetCell:
    if isinstance(cell, Decimal):
        return float(cell)
    return plain(cell) if isinstance(cell, datetime) and cell.tzinfo else cell


def _sqlite(name: str, cell: Cell, row: int) -> object:
    """Times in the several forms that people write."""
    if isinstance(cell, Decimal):
        return float(cell)
    if not isinstance(cell, date):
        return cell
    if isinstance(cell, datetime):
        text = cell.astimezone(SHANGHAI).isoformat() if cell.tzinfo else cell.isoformat(sep="T" if row % 2 else " ")
        return f"{text}Z" if name == "at" and row % 3 else text
    return cell.isoformat()


def _in_utc(row: Record) -> list[Cell]:
    return [
        cell.astimezone(UTC).replace(tzinfo=None) if isinstance(cell, datetime) and cell.tzinfo else cell
        for cell in row.values()
    ]


def _clickhouse(cell: Cell) -> str:
    if cell is None:
        return "NULL"
    if isinstance(cell, datetime) and cell.tzinfo:
        cell = cell.astimezone(SHANGHAI).replace(tzinfo=None)
    if isinstance(cell, int | float | Decimal):
        return str(cell)
    text = str(cell).replace("\\", "\\\\").replace("'", "\\'")
    return f"'{text}'"

"""A database of its own on the MariaDB that METRICLOOP_TEST_MARIADB (mysql://root@127.0.0.1:3306/test) names."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pymysql
from pymysql.connections import Connection

from metricloop.plugins.server import Server, ServerOptions, server_of
from tests.missing import missing

VARIABLE = "METRICLOOP_TEST_MARIADB"


def server() -> Server:
    """Where the test server is; leaves the test out where none is named."""
    if not os.environ.get(VARIABLE):
        missing(f"{VARIABLE} names no MariaDB", "Start one and set it to mysql://user@host:3306/test")
    return server_of(ServerOptions.model_validate({"url": f"env:{VARIABLE}"}), {"mysql": 3306})


@contextmanager
def database() -> Iterator[tuple[Connection[Any], str, str]]:
    """A connection to a fresh database, its name, and its address; the database is gone afterwards."""
    at = server()
    name = f"test_{secrets.token_hex(6)}"
    login = f"{at.user}:{at.password}@" if at.user else ""
    connection = pymysql.connect(host=at.host, port=at.port, user=at.user, password=at.password, autocommit=True)
    try:
        with connection.cursor() as cursor:
            cursor.execute(f"CREATE DATABASE {name} CHARACTER SET utf8mb4")
            cursor.execute(f"USE {name}")
            try:
                yield connection, name, f"mysql://{login}{at.host}:{at.port}/{name}"
            finally:
                cursor.execute(f"DROP DATABASE {name}")
    finally:
        connection.close()

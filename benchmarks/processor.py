"""Processor time of the server's side of another process's connections, on this machine.

A server's own processor time would hold what everybody else asks of it. So it is that of the one process (PostgreSQL)
or thread (MariaDB) that answers the connection, found by the port at which the connection comes in.
"""

from __future__ import annotations

import os
import re
from contextlib import closing
from pathlib import Path

import psycopg
import pymysql

from benchmarks.orders import Place, mariadb_options

_TICKS = os.sysconf("SC_CLK_TCK")


def answering(place: Place, process: int) -> list[Path]:
    """The /proc folders of whatever answers the connections of `process`; none for a source without a server."""
    if place.engine == "duckdb":
        return []
    ports = _ports(process)
    found = _postgresql(place) if place.engine == "postgres" else _mariadb()
    return [folder for port, folder in found.items() if port in ports and folder.exists()]


def seconds(folders: list[Path]) -> float:
    return sum(_spent(folder) for folder in folders)


def _spent(folder: Path) -> float:
    fields = (folder / "stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


def _ports(process: int) -> set[int]:
    """Local ports of the process's connections."""
    links = [os.readlink(path) for path in Path(f"/proc/{process}/fd").iterdir()]
    inodes = {found[1] for link in links if (found := re.fullmatch(r"socket:\[(\d+)\]", link))}
    lines = [
        line.split() for name in ("tcp", "tcp6") for line in Path(f"/proc/net/{name}").read_text().splitlines()[1:]
    ]
    return {int(line[1].rpartition(":")[2], 16) for line in lines if line[9] in inodes}


def _postgresql(place: Place) -> dict[int, Path]:
    with psycopg.connect(place.address) as connection:
        found = connection.execute("SELECT client_port, pid FROM pg_stat_activity WHERE client_port > 0").fetchall()
    return {port: Path(f"/proc/{pid}") for port, pid in found}


def _mariadb() -> dict[int, Path]:
    """The server names the thread, not its process; a thread's number is its own on the whole machine."""
    with closing(pymysql.connect(**mariadb_options())) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT host, tid FROM information_schema.processlist")
        found = {int(host.rpartition(":")[2]): int(tid) for host, tid in cursor.fetchall() if ":" in host}
    return {port: Path(f"/proc/{tid}/task/{tid}") for port, tid in found.items()}

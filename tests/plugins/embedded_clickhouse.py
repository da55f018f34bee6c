"""ClickHouse's own engine in this process (chDB), over a folder; and the same engine behind its HTTP protocol."""

from __future__ import annotations

import base64
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from tests.missing import missing

_OF_HTTP = frozenset({"database", "query", "session_id", "query_id", "wait_end_of_query", "client_protocol_version"})


def fill(folder: Path, statements: list[str]) -> None:
    """Runs statements in the chDB folder. A process has one folder open: sources of other folders must be closed."""
    with _engine().connect(str(folder)) as connection:
        for statement in statements:
            connection.query(statement, "TabSeparated")


def _engine() -> Any:
    try:
        import chdb
    except ImportError:
        missing("ClickHouse's engine for Python (chdb) is not here", "There is none for Windows; elsewhere: make setup")
    return chdb


@contextmanager
def over_http(folder: Path, password: str = "") -> Iterator[int]:
    """A port of this machine that speaks ClickHouse's HTTP as far as its client needs it; the answers are real."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self._answer(200, b"Ok.\n")

        def do_POST(self) -> None:
            given = dict(parse_qsl(urlsplit(self.path).query, keep_blank_values=True))
            sql = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
            key = base64.b64decode(self.headers.get("Authorization", "Basic Og==").partition(" ")[2]).decode()
            if password and key.partition(":")[2] != password:
                self._answer(403, b"Code: 516. DB::Exception: default: Authentication failed. (AUTHENTICATION_FAILED)")
                return
            try:
                self._answer(200, _run(folder, given.get("query") or sql, given))
            except RuntimeError as error:
                self._answer(500, str(error).encode())

        def _answer(self, status: int, body: bytes) -> None:
            self.send_response(status)
            code = body.partition(b"Code: ")[2].partition(b".")[0]
            for name, value in (("X-ClickHouse-Timezone", "UTC"), ("Content-Length", str(len(body)))):
                self.send_header(name, value)
            if status != 200:
                self.send_header("X-ClickHouse-Exception-Code", code.decode())
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *arguments: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        try:
            yield server.server_address[1]
        finally:
            server.shutdown()


def _run(folder: Path, sql: str, given: dict[str, str]) -> bytes:
    """One query as the server runs it: settings of the request first, readonly last."""
    parameters = {name[6:]: value for name, value in given.items() if name.startswith("param_")}
    settings = {
        n: v for n, v in given.items() if n not in _OF_HTTP and not n.startswith("param_") and "_http_" not in n
    }
    with _engine().connect(str(folder)) as connection:
        for name in sorted(settings, key=lambda name: name == "readonly"):
            connection.query(f"SET {name} = '{settings[name]}'", "TabSeparated")
        if given.get("database"):
            connection.query(f"USE {given['database']}", "TabSeparated")
        return bytes(connection.query(sql, "TabSeparated", params=parameters).bytes())

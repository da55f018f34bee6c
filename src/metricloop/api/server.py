"""Runs the application on a port, and ends it well."""

from __future__ import annotations

import errno
import socket
from types import FrameType

import uvicorn
from fastapi import FastAPI

from metricloop.api.streams import Streams
from metricloop.kernel.errors import Conflict, InvalidInput

_GRACE_S = 5


class Server(uvicorn.Server):
    """uvicorn that ends open streams first: it would wait for them, and they never end by themselves."""

    def __init__(self, config: uvicorn.Config, streams: Streams) -> None:
        super().__init__(config)
        self._streams = streams

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        self._streams.end_all()
        super().handle_exit(sig, frame)

    def stop(self) -> None:
        """End from within: another thread, a test."""
        self._streams.end_all()
        self.should_exit = True


def listen(host: str, port: int) -> socket.socket:
    """A socket bound to the address, before anything else is started. Port 0: any free one.

    Raises Conflict when the port is in use, InvalidInput when the address is not of this computer.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    bound = socket.socket(family, socket.SOCK_STREAM)
    try:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind((host, port))
        bound.listen(1)  # only now does the system refuse a port that somebody else serves
    except OverflowError as error:
        bound.close()
        raise InvalidInput(f"{port} is not a port", fix="choose one from 1 to 65535") from error
    except PermissionError as error:
        bound.close()
        raise InvalidInput(f"this account may not serve port {port}", fix="choose one above 1023") from error
    except OSError as error:
        bound.close()
        raise _refused(host, port, error) from error
    return bound


def _refused(host: str, port: int, error: OSError) -> Conflict | InvalidInput:
    if error.errno in _IN_USE:
        return Conflict(
            f"port {port} of {host} is in use",
            fix=f"stop the program that has it, or choose another: --port {port + 1 if port < 65535 else 8321}",
        )
    return InvalidInput(f"cannot serve {host}: {error.strerror or error}", fix="use an address of this computer")


_IN_USE = {errno.EADDRINUSE, 10048, 10013}  # the numbers are Windows' own: in use, held exclusively


def build_server(app: FastAPI) -> Server:
    """A server for this application; start it with `run(sockets=[listen(host, port)])`.

    Proxy headers are believed only from this computer, which is uvicorn's own default.
    """
    config = uvicorn.Config(
        app,
        log_config=None,  # the log of the whole process, which takes secrets out
        log_level="warning",
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=_GRACE_S,
        lifespan="off",
    )
    streams: Streams = app.state.streams
    return Server(config, streams)

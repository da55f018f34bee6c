"""The only place that builds and wires things: stores, plugins, clocks, the loop, the server."""

from metricloop.bootstrap.projects import apply, check, export, plan
from metricloop.bootstrap.replaying import replay

__all__ = ["apply", "check", "export", "plan", "replay"]

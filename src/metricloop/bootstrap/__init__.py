"""The only place that builds and wires things: stores, plugins, clocks, the loop, the server's system."""

from metricloop.bootstrap.asking import ask_metric, check_trees, has_state, show_sql
from metricloop.bootstrap.beginning import begin_project
from metricloop.bootstrap.demo import open_demo
from metricloop.bootstrap.detecting import detect_files
from metricloop.bootstrap.importing import export_ossie, import_definitions, imported_text, write_imported
from metricloop.bootstrap.operations import (
    add_user,
    audit_verify,
    backup,
    doctor,
    list_users,
    make_link,
    restore,
    set_password,
)
from metricloop.bootstrap.projects import apply, check, export, notices_of, plan
from metricloop.bootstrap.reconciling import reconcile
from metricloop.bootstrap.replaying import replay
from metricloop.bootstrap.serving import RunningSystem, open_system

__all__ = [
    "RunningSystem",
    "add_user",
    "apply",
    "ask_metric",
    "audit_verify",
    "backup",
    "begin_project",
    "check",
    "check_trees",
    "detect_files",
    "doctor",
    "export",
    "export_ossie",
    "has_state",
    "import_definitions",
    "imported_text",
    "list_users",
    "make_link",
    "notices_of",
    "open_demo",
    "open_system",
    "plan",
    "reconcile",
    "replay",
    "restore",
    "set_password",
    "show_sql",
    "write_imported",
]

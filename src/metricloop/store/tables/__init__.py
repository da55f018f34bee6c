"""Every table, by the stage whose nouns it keeps. A column is named like the field it holds.

A changed table needs a migration (`store/migrations`); a test compares the two on both databases.
"""

from metricloop.store.columns import metadata
from metricloop.store.tables import access, action, definitions, detection, incidents, landed, loop, series

__all__ = ["access", "action", "definitions", "detection", "incidents", "landed", "loop", "metadata", "series"]

"""Where the state lives: tables, repositories, migrations and packed points, on SQLite or PostgreSQL.

In: nouns of every stage, through the ports of the stages. Out: the same nouns, equal to what was put in.
`open_store(url)` gives a `Store`; its `unit` opens units of work. Never decides anything, and no row or SQL leaves it.
"""

from metricloop.store.database import Store, open_store

__all__ = ["Store", "open_store"]

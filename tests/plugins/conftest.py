"""PostgreSQL's own tests take part where METRICLOOP_TEST_POSTGRES holds the address of a test database."""

from tests.collect.engines import POSTGRES

collect_ignore = [] if POSTGRES else ["test_postgres.py"]

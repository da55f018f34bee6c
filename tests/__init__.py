"""Tests, mirroring src/metricloop."""

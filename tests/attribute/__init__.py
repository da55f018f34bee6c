"""Tests of metricloop.attribute."""

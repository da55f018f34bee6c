"""Tests of the house itself: layers, sizes, names, what must not be in the repository, the wheel."""

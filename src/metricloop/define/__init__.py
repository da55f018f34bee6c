"""From definition files to metrics and everything else a team writes down, or to a list of issues.

In: documents (parsed files). Out: frozen definitions with versions. Never reads a file, never asks a source.
"""

"""Bundled sources, channels and actions, and the hosts that run any plugin behind the ports of the stages.

Bundled plugins register as an outside author's do and import `metricloop.sdk` only. Never decides anything.
"""

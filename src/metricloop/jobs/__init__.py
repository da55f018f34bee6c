"""Durable queue, timers and worker: who runs the loop, and when.

The durable truth is in the tables of the store (events, timers, outbox, runs). A job is only a nudge to look there: it
may be lost or doubled without harm.
"""

"""The whole loop on one screen: which event leads to which use case, and what the clock brings.

In: events, due times, fresh data. Out: calls of use cases. Decides nothing itself.
"""

"""Who must hear it, by which channel, and did it arrive?

In: something to tell a person. Out: outbox rows, then delivery attempts. Never decides who owns an incident.
"""

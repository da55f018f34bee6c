"""Who owns it now, and why.

In: an incident and the responsibility map. Out: an assignment with its reason. Never sends a message.
"""

"""From anomalies to one incident: group, gate, severity, state.

In: anomalies and events of later stages. Out: incidents. Never looks for causes, never picks an owner.
"""

"""Playbook -> run -> steps -> tasks; manual, assisted or automatic.

In: an incident and a playbook version. Out: tasks, approvals, effects. Never judges whether the metric came back.
"""

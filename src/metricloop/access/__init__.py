"""Who may do what, and who did what.

In: people, roles, credentials. Out: yes or no, and the audit trail. Never decides business questions.
"""

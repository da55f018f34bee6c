"""Labels -> backtest -> proposal -> new version.

In: people's verdicts and stored history. Out: proposals with their evidence. Never changes a rule by itself.
"""

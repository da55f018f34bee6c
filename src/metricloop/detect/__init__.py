"""Was this point expected?

In: series and a detector's configuration. Out: bands, verdicts, anomalies. Never explains why, never tells anybody.
"""

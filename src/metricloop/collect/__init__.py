"""From a definition to fresh, complete series.

In: dataset, metrics, a source. Out: points by slice and hour, each with when it was collected. Never judges a value.
"""

"""Did the metric come back, and by how much?

In: a resolved or untouched incident and the points after it. Out: verified, reopened, or "cannot tell".
"""

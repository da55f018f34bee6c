"""What happened, and what did we learn?

In: a verified incident with its history. Out: a drafted review, published by a person; knowledge.
"""

"""Words that every stage shares: clock, ids, grain, slices, series, messages, events, errors, unit of work.

Nothing here knows any stage, and nothing here does I/O.
"""

"""Nouns -> shapes. Pure functions: what they need has been read before, and they decide nothing."""

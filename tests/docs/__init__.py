"""Documentation and code say the same: each failing test names what is to be written where."""

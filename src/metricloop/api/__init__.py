"""The HTTP door: parse, check who asks, call one use case, render. Nothing is decided here."""

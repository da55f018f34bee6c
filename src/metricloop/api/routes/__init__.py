"""One router per family of resources: parse, check who asks, call one use case, render."""

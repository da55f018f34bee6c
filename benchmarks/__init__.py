"""How fast metricloop is, measured on the machine it runs on. `make bench` runs all of it; nothing here is a test."""

"""`python -m metricloop` is the same as `metricloop`."""

from metricloop.cli import main

if __name__ == "__main__":
    main()

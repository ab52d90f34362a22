"""The cost of tracing, compared with other tracers: `make bench`."""

"""What tracing costs, against other tracers: `make bench`."""

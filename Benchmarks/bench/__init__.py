"""What tracing costs, against other tracers: `make bench`. docs/benchmarks.md tells how to read it."""

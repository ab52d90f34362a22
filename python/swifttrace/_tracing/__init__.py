"""Tracing and recording a running program."""

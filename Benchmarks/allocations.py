"""Allocations of each event, of the traced program itself and of the tracer.

To be run under count_malloc.so and PYTHONMALLOC=malloc, so that the interpreter's count too.
"""

import ctypes
import os

import programs
from programs import TRACERS

ITERATIONS = 20_000
EVENTS = 6  # of an iteration of small_calls


def count(tracer: str, iterations: int) -> int:
    """Return how many allocations a traced run makes."""
    library = ctypes.CDLL(None)
    library.count_malloc.restype = ctypes.c_ulong
    with TRACERS[tracer]():
        before = int(library.count_malloc())
        programs.small_calls(iterations)
        return int(library.count_malloc()) - before


def per_event(tracer: str) -> float:
    """Return the allocations that one event more makes."""
    count(tracer, 1000)
    once, twice = count(tracer, ITERATIONS), count(tracer, 2 * ITERATIONS)
    return (twice - once) / (ITERATIONS * EVENTS)


def main() -> None:
    if "count_malloc" not in os.environ.get("LD_PRELOAD", ""):
        raise SystemExit("allocations.py: run it through run.sh")
    base, empty = per_event("untraced"), per_event("empty C function")
    print("\nallocations an event, by twice as many iterations; the program's own left out")
    print(f"  {'empty C function (the interpreter)':34}{empty - base:10.2f}")
    for name in ("swifttrace EventLogger", "swifttrace TreeLogger", "Python function"):
        print(f"  {'+ ' + name:34}{per_event(name) - empty:10.2f}")


if __name__ == "__main__":
    main()

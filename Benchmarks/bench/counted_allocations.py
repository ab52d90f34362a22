"""Counts allocations while tracers trace known events, one tracer after the other.

`python -m bench.counted_allocations FILE TRACER…` prints, for each tracer, the allocations of the
round with the fewest, so that a recorder's new chunk, once in thousands of events, does not count.
Run it with count_malloc.so preloaded and PYTHONMALLOC=malloc, so that the interpreter's own
allocations count too. FILE is for recordings.
"""

import ctypes
import sys
from typing import Any

from .counted_run import DEPTH, WARM_UP, program, run
from .tracers import TRACERS, Place

ROUNDS = 9


def allocations(library: ctypes.CDLL, names: dict[str, Any]) -> int:
    """Return the number of allocations of a round."""
    before = int(library.count_malloc())
    run(names, int, 1)
    return int(library.count_malloc()) - before


def main() -> None:
    """Count for all tracers."""
    file, *tracers = sys.argv[1:]
    library = ctypes.CDLL(None)
    library.count_malloc.restype = ctypes.c_ulong
    names: dict[str, Any] = {}
    exec(program(), names)
    sys.setrecursionlimit(DEPTH + 1000)
    for tracer in tracers:
        with TRACERS[tracer].start(Place(file)):
            run(names, int, WARM_UP)
            least = min([allocations(library, names) for _ in range(ROUNDS)])
        print(tracer, least)


if __name__ == "__main__":
    main()

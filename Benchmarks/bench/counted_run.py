"""The program that `bench.instructions` runs under callgrind: known events, one tracer at a time.

`python -m bench.counted_run FILE TRACER…` prints a line for each part of the run, in order: the
tracer and the kind of the part. callgrind starts a new count at each call of `bench_hooks.mark`,
which ends a part. FILE is for recordings.
"""

import sys
from collections.abc import Callable
from types import CodeType
from typing import Any

from .tracers import TRACERS, Place

# Number of functions in the chain of calls: not more than the callers that a recorder remembers.
DEPTH = 48
# Iterations of a loop, and its number of lines. Both are small, because CPython's lookup of a line
# is slower in long functions.
ITERATIONS = LOOP = 20
# Number of line events of the function with the loop.
LINES = ITERATIONS * LOOP + 1
# Number of counted parts of each kind; the median is used.
ROUNDS = 5
# Rounds before counting: afterwards, CPython has specialized the code, and all memory is allocated.
WARM_UP = 12


def program() -> CodeType:
    """Return code that defines a chain of DEPTH functions, and a function of LINES lines.

    Each function of the chain has one line, which calls the next; the last one calls `mark`.
    """
    chain = [f"def f{number:03}():\n    f{number + 1:03}()\n" for number in range(DEPTH - 1)]
    bottom = f"def f{DEPTH - 1:03}():\n    mark()\n"
    lines = f"def lines():\n    for a in range({ITERATIONS}):\n" + "        b = 1\n" * (LOOP - 1)
    return compile("".join([*chain, bottom, lines]), "known.py", "exec")


def run(names: dict[str, Any], mark: Callable[[], object], rounds: int) -> None:
    """Run the counted code. Each mark ends a part: the code between, lines, calls, returns."""
    names["mark"] = mark
    chain, lines = names["f000"], names["lines"]
    for _ in range(rounds):
        mark()
        lines()
        mark()
        chain()
        mark()


def main() -> None:
    """Run all tracers, and print the tracer and kind of each part."""
    import bench_hooks

    file, *tracers = sys.argv[1:]
    names: dict[str, Any] = {}
    exec(program(), names)
    sys.setrecursionlimit(DEPTH + 1000)
    for tracer in tracers:
        with TRACERS[tracer].start(Place(file)):
            run(names, int, WARM_UP)
            run(names, bench_hooks.mark, ROUNDS)
        for _ in range(ROUNDS):
            for part in ["between", "lines", "calls", "returns"]:
                print(tracer, part, flush=True)


if __name__ == "__main__":
    main()

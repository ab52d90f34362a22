"""The program that `bench.instructions` runs under callgrind: known events, one tracer at a time.

`python -m bench.counted_run FILE TRACER…` prints a line for each part of the run, in order: the
tracer and what the part consists of. callgrind divides its counts at the same places, where
`bench_hooks.mark` is called. FILE is for recordings.
"""

import sys
from collections.abc import Callable
from types import CodeType
from typing import Any

from .tracers import TRACERS, Place

# Functions that call one another: no more than the frames that a recorder knows of a stack.
DEPTH = 48
# Iterations of a loop, and its lines. They are few: CPython searches through long functions.
ITERATIONS = LOOP = 20
# Events of lines of the function that has nothing else.
LINES = ITERATIONS * LOOP + 1
# Parts of each kind that are counted; the median counts.
ROUNDS = 5
# By then the interpreter has specialized the code, and all is defined and allocated.
WARM_UP = 12


def program() -> CodeType:
    """Return code that defines a chain of DEPTH functions, and a function of LINES lines.

    Each function of the chain has a line, which calls the next. The last one calls `mark`.
    """
    chain = [f"def f{number:03}():\n    f{number + 1:03}()\n" for number in range(DEPTH - 1)]
    bottom = f"def f{DEPTH - 1:03}():\n    mark()\n"
    lines = f"def lines():\n    for a in range({ITERATIONS}):\n" + "        b = 1\n" * (LOOP - 1)
    return compile("".join([*chain, bottom, lines]), "known.py", "exec")


def run(names: dict[str, Any], mark: Callable[[], object], rounds: int) -> None:
    """Run what is counted. At each mark a part ends: nothing of interest, lines, calls, returns."""
    names["mark"] = mark
    chain, lines = names["f000"], names["lines"]
    for _ in range(rounds):
        mark()
        lines()
        mark()
        chain()
        mark()


def main() -> None:
    """Run all tracers, and say what the parts are."""
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

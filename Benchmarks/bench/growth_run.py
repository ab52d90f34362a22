"""Runs a program of a given size, with or without the recorder, in this new process.

    python -m bench.growth_run SERIES SIZE TRACER CALLS FOLDER

Prints the measurements and the number of the program's events as JSON.
"""

import json
import os
import sys
import threading
import time

from .tracers import TRACERS, Place


def callee(number: int) -> int:
    return number


def calls(number: int) -> None:
    """Make five events in each turn: two lines, a call, its line, a return."""
    for turn in range(number):
        callee(turn)


def down(depth: int) -> None:
    """Make four events in each call: the call, two lines, a return."""
    if depth > 1:
        down(depth - 1)


def deep(number: int, depth: int) -> None:
    """Make `number` calls, in stacks of a given depth."""
    for _ in range(number // depth):
        down(depth)


def in_threads(number: int, threads: int) -> None:
    """Distribute the calls over threads that run at the same time."""
    started = [threading.Thread(target=calls, args=(number // threads,)) for _ in range(threads)]
    for thread in started:
        thread.start()
    for thread in started:
        thread.join()


def run(series: str, size: int, number: int) -> int:
    """Run a program. Return its approximate number of events."""
    if series == "depth":
        deep(number, size)
        return number * 4
    if series == "threads":
        in_threads(number, size)
    else:
        calls(number)
    return number * 5


def main() -> None:
    series, size, tracer, number, folder = sys.argv[1:]
    if series == "depth":
        sys.setrecursionlimit(int(size) + 1000)
    place = Place(os.path.join(folder, f"{os.getpid()}.swt"))
    run(series, int(size), int(size))  # Warm-up: a function's first events cost more.
    try:
        with TRACERS[tracer].start(place):
            if series == "processes":
                # All processes are ready before one begins.
                os.write(1, b"ready\n")
                sys.stdin.readline()
            cpu, wall = time.process_time(), time.perf_counter()
            events = run(series, int(size), int(number))
            cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    finally:
        if os.path.exists(place.file):
            os.unlink(place.file)
    print(json.dumps({"cpu": cpu, "wall": wall, "events": events}))


if __name__ == "__main__":
    main()

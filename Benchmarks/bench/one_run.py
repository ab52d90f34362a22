"""Runs one program under one tracer, in this new process, and prints the measurements as JSON.

    python -m bench.one_run PROGRAM TRACER LOOPS CALLS FOLDER

With the tracer `count`, it prints the number of events of each kind.
"""

import json
import os
import sys
import time
from collections.abc import Callable
from typing import Any

from . import programs
from .tracers import TRACERS, Place


def peak() -> int:
    """Return the peak memory of this process, in KB."""
    # Not `ru_maxrss`, which a new process inherits from its parent.
    with open("/proc/self/status") as file:
        return next(int(line.split()[1]) for line in file if line.startswith("VmHWM"))


def measure(run: Callable[[], Any], key: str, place: Place) -> dict[str, float]:
    """Run under a tracer, and measure without the start and the end of the tracer."""
    before = peak()
    with TRACERS[key].start(place):
        start, wall = time.process_time(), time.perf_counter()
        run()
        cpu, wall = time.process_time() - start, time.perf_counter() - wall
    result = {"cpu": cpu, "wall": wall, "base_kb": before, "peak_kb": peak()}
    if os.path.exists(place.file):
        result["bytes"] = os.path.getsize(place.file)
    return result


def count(run: Callable[[], Any]) -> dict[str, int]:
    """Count the events of a run."""
    import bench_hooks

    bench_hooks.set_count()
    run()
    bench_hooks.stop()
    counted: dict[str, int] = bench_hooks.counted()
    return counted


def main() -> None:
    name, key, loops, calls, folder = sys.argv[1:]
    place = Place(os.path.join(folder, f"{os.getpid()}.swt"), int(calls))

    def around(run: Callable[[], Any]) -> None:
        result = count(run) if key == "count" else measure(run, key, place)
        os.write(1, json.dumps(result).encode())

    try:
        programs.load(os.environ["BENCH_PROGRAMS"], name, around, int(loops))
    finally:
        if os.path.exists(place.file):
            os.unlink(place.file)


if __name__ == "__main__":
    main()

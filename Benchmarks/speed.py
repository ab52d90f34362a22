"""Added CPU time of each way of tracing, from one run in which they take turns."""

import platform
import statistics
import time
from collections.abc import Callable

import programs
from programs import TRACERS

ROUNDS = 9


def measure(program: Callable[[int], None], iterations: int) -> dict[str, list[float]]:
    """Return nanoseconds of CPU an iteration for each way of tracing, a number a round."""
    times: dict[str, list[float]] = {name: [] for name in TRACERS}
    for round_ in range(ROUNDS + 1):
        for name, tracer in TRACERS.items():
            with tracer():
                start = time.thread_time_ns()
                program(iterations)
                duration = time.thread_time_ns() - start
            if round_ > 0:  # The first warms up.
                times[name].append(duration / iterations)
    return times


def spread(values: list[float], digits: int) -> str:
    """Return the median and, in brackets, the least and the greatest value."""
    low, middle, high = min(values), statistics.median(values), max(values)
    return f"{middle:10.{digits}f}  ({low:.{digits}f} to {high:.{digits}f})"


def report(program: Callable[[int], None], iterations: int) -> None:
    """Measure a program and print what was found."""
    times = measure(program, iterations)
    base = times.pop("untraced")
    print(f"\n{program.__name__}: {iterations} iterations, {ROUNDS} rounds; median (least to most)")
    print(f"  {'untraced, ns an iteration':34}{spread(base, 0)}")
    added = {name: [t - b for t, b in zip(times[name], base, strict=True)] for name in times}
    for name, values in added.items():
        print(f"  {'+ ' + name + ', ns':34}{spread(values, 0)}")
    python, events = added["Python function"], added["swifttrace EventLogger"]
    empty = added["empty C function"]
    faster = [p / e for p, e in zip(python, events, strict=True)]
    slower = [e / h for e, h in zip(events, empty, strict=True)]
    print(f"  {'Python function / EventLogger':34}{spread(faster, 1)}")
    print(f"  {'EventLogger / empty C function':34}{spread(slower, 1)}")


if __name__ == "__main__":
    print(f"Python {platform.python_version()}, {platform.platform()}")
    report(programs.small_calls, 30_000)
    report(programs.calculator, 1000)

"""Measures whether the recorder's time for an event grows: with calls, threads, depth, processes.

    python -m bench.growth RESULT.json [--part 0.01]

Adds the results to the JSON that `bench.measure` wrote. Each run is a new process; each round runs
every size, without the recorder and with it.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from . import figures, growth_figures
from .processes import clean_environment
from .tracers import available

MILLION = 1_000_000
# The sizes of each series, and the number of calls at each size.
SIZES = {
    "calls": {MILLION: MILLION, 4 * MILLION: 4 * MILLION, 16 * MILLION: 16 * MILLION},
    "threads": dict.fromkeys([1, 4, 16], 4 * MILLION),
    "depth": dict.fromkeys([10, 100, 1000, 10_000], 4 * MILLION),
    "processes": dict.fromkeys([1, 2], 4 * MILLION),
}
LIMIT = 120


def measure(
    series: str, size: int, tracer: str, calls: int, environment: dict[str, str], folder: str
) -> Any:
    """Run one size once. Return the measurements, or one line with the reason of a failure."""
    number = size if series == "processes" else 1
    words = ["-m", "bench.growth_run", series, str(size), tracer, str(calls), folder]
    started = [
        subprocess.Popen(
            [sys.executable, *words],
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(number)
    ]
    try:
        if series == "processes":
            for process in started:
                assert process.stdout
                process.stdout.readline()
        # Not `communicate`, which would wait for one process before starting the next.
        for process in started:
            assert process.stdin
            process.stdin.write("\n")
            process.stdin.flush()
        found = [process.communicate(timeout=LIMIT)[0] for process in started]
        runs = [json.loads(text.strip().splitlines()[-1]) for text in found]
    except subprocess.TimeoutExpired:
        return f"more than {LIMIT} s"
    except (ValueError, IndexError, OSError):
        return "it printed no result"
    finally:
        for process in started:
            process.kill()
            process.wait()
    return {
        "cpu": sum(run["cpu"] for run in runs),
        "wall": max(run["wall"] for run in runs),
        "events": sum(run["events"] for run in runs),
    }


def rounds(number: int, part: float) -> dict[str, Any]:
    """Run all sizes in turns, in `number` rounds."""
    recorder = "recorder-auto" if "recorder-auto" in available() else "recorder-settrace"
    growth: dict[str, Any] = {
        series: {str(size): {"none": [], "recorder": []} for size in sizes}
        for series, sizes in SIZES.items()
    }
    environment = clean_environment()
    with tempfile.TemporaryDirectory() as folder:
        for turn in range(number):
            for series, sizes in SIZES.items():
                for size, calls in sizes.items():
                    few = max(int(calls * part), size if series == "depth" else 1)
                    for key, tracer in [("none", "none"), ("recorder", recorder)]:
                        run = measure(series, size, tracer, few, environment, folder)
                        growth[series][str(size)][key].append(run)
                        if isinstance(run, str):
                            print(f"growth, {series} {size}, {tracer}: {run}", flush=True)
            print(f"growth, round {turn + 1} of {number}", flush=True)
    return growth


def main() -> None:
    parser = argparse.ArgumentParser(prog="bench.growth", description=__doc__)
    parser.add_argument("result", type=Path)
    parser.add_argument("--part", type=float, default=1, help="of the calls, to try it out (1)")
    parser.add_argument("--rounds", type=int, default=5, help="(5)")
    options = parser.parse_args()
    if not options.result.exists():
        parser.error(f"there is no {os.path.relpath(options.result)}; run bench.measure first")
    result = json.loads(options.result.read_text())
    result["growth"] = rounds(options.rounds, options.part)
    options.result.write_text(json.dumps(result, indent=1) + "\n")
    summary(result)


def summary(result: dict[str, Any]) -> None:
    """Print the nanoseconds for an event at each size, and their flatness."""
    for series, title in growth_figures.SERIES.items():
        print(f"\n{title}: ns of CPU that the recorder adds to an event (quartiles)")
        for point in growth_figures.points(result, series):
            quartiles = f"({point.low:.1f} to {point.high:.1f})"
            wall = f"  on the clock {point.wall:.1f}" if series == "processes" else ""
            print(f"{point.size:14,}{point.nanoseconds:10.1f}  {quartiles}{wall}")
        apart = figures.text(growth_figures.flatness(result, series))
        print(f"  greatest over least {apart}, noise {growth_figures.noise(result, series):.0%}")


if __name__ == "__main__":
    main()

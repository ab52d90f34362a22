"""Measures all tracers on all programs by turns, and writes what was found as JSON.

    python -m bench.measure RESULT.json [--quick] [--minutes N]

Each run is a new process. In each round every tracer has its turn, and the order moves on by one.
"""

import argparse
import itertools
import json
import os
import platform
import shutil
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from . import figures, native, whole
from .goals import GOALS
from .processes import attempt, clean_environment
from .programs import PROGRAMS
from .tracers import FEW, TRACERS, available

LIMIT = 30  # Maximum duration of a run, in seconds.
QUICK_LIMIT = 12  # In a quick benchmark.
Runs = dict[str, dict[str, list[Any]]]


def prepare(folder: Path) -> dict[str, str]:
    """Copy the programs out of site-packages, which some tracers ignore, and build the hooks."""
    import pycodestyle
    import pyperformance

    sources = Path(pyperformance.__file__).parent / "data-files" / "benchmarks"
    programs = folder / "programs"
    programs.mkdir(parents=True, exist_ok=True)
    shutil.copy(pycodestyle.__file__, programs)
    for program in PROGRAMS.values():
        if program.file.startswith("bm_"):
            shutil.copytree(sources / program.file, programs / program.file, dirs_exist_ok=True)
    library = native.build("bench_hooks", folder)
    os.environ["BENCH_PROGRAMS"] = str(programs)
    return clean_environment(library.parent)


def in_process(
    program: str,
    tracer: str,
    few: bool,
    calls: int,
    is_quick: bool,
    environment: dict[str, str],
    folder: str,
) -> Any:
    """Run a program once under a tracer, and return the result of `one_run`."""
    loops = PROGRAMS[program].times(few, is_quick)
    command = [
        sys.executable,
        "-m",
        "bench.one_run",
        program,
        tracer,
        str(loops),
        str(calls),
        folder,
    ]
    result = attempt(command, environment, folder, QUICK_LIMIT if is_quick else LIMIT)
    if isinstance(result, str):
        return result
    try:
        return json.loads(result["stdout"].strip().splitlines()[-1])
    except (ValueError, IndexError):
        return "it printed no result"


def matrix(
    names: list[str],
    counts: dict[str, Any],
    is_quick: bool,
    end: float,
    environment: dict[str, str],
    folder: str,
    only: list[str],
) -> Runs:
    """Run rounds until the time is over, but at least three; slow tracers run in every second.

    A quick benchmark ends when the time is over, even within a round. If `only` names tracers, the
    others are left out.
    """
    keys = [key for key in available(is_quick) if not only or key in only]
    runs: Runs = {}
    least = 1 if is_quick else 3
    number, longest = 0, 0.0
    while number < least or (number < 9 and time.monotonic() + longest / 2 < end):
        start = time.monotonic()
        order = keys[number % len(keys) :] + keys[: number % len(keys)]
        for key, name in itertools.product(["none-few", *order], names):
            if (is_quick or number >= least) and time.monotonic() > end:
                break
            tracer = TRACERS[key.removesuffix("-few")]
            few = tracer.is_slow or key == "none-few"
            if (few and number % 2) or (not tracer.everywhere and name not in FEW):
                continue
            known = runs.setdefault(name, {}).setdefault(key, [])
            # A run that failed, such as by taking too long, is not repeated.
            if known and isinstance(known[-1], str):
                continue
            calls = counts[name]["call"]
            plain = key.removesuffix("-few")
            known.append(in_process(name, plain, few, calls, is_quick, environment, folder))
            if isinstance(known[-1], str):
                print(f"{name}, {key}: {known[-1]}", flush=True)
        longest = max(longest, time.monotonic() - start)
        number += 1
        print(f"round {number}: {time.monotonic() - start:.0f} s", flush=True)
    return runs


def main() -> None:
    parser = argparse.ArgumentParser(prog="bench.measure", description=__doc__)
    parser.add_argument("result", type=Path)
    parser.add_argument("--quick", action="store_true", help="three programs only")
    parser.add_argument("--minutes", type=float, default=18, help="for the rounds (18)")
    parser.add_argument(
        "--only",
        metavar="TRACER",
        nargs="+",
        default=[],
        choices=available(),
        help="these tracers alone; `none` and `empty-settrace` are compared with",
    )
    options = parser.parse_args()
    names = FEW if options.quick else list(PROGRAMS)
    with tempfile.TemporaryDirectory() as folder:
        environment = prepare(Path(folder) / "programs")
        counts: dict[str, Any] = {}
        few_counts: dict[str, Any] = {}
        for name in names:
            counts[name] = in_process(name, "count", False, 0, options.quick, environment, folder)
            few_counts[name] = in_process(
                name, "count", True, 0, options.quick, environment, folder
            )
            for found in (counts[name], few_counts[name]):
                if isinstance(found, str):
                    raise SystemExit(f"bench: {name} does not run: {found}")
        starts = whole.starts(5 if options.quick else 15, environment, folder)
        end = time.monotonic() + options.minutes * 60
        runs = matrix(names, counts, options.quick, end, environment, folder, options.only)
        # Whole processes get two thirds as much time again, or in a quick run one round.
        end = time.monotonic() + options.minutes * 40
        result = {
            "python": platform.python_version(),
            "platform": platform.platform(),
            "machine": machine(),
            "date": time.strftime("%Y-%m-%d"),
            "versions": versions(),
            "counts": counts,
            "few_counts": few_counts,
            "runs": runs,
            "whole": whole.measure(
                ["json_dumps"] if options.quick else ["richards", *FEW],
                counts,
                options.quick,
                end,
                environment,
                folder,
            ),
            "starts": starts,
        }
    options.result.parent.mkdir(parents=True, exist_ok=True)
    options.result.write_text(json.dumps(result, indent=1) + "\n")
    summary(result)


def machine() -> str:
    """Return the name of the processor, and the number of processors."""
    with open("/proc/cpuinfo") as file:
        names = [line.split(":", 1)[1].strip() for line in file if line.startswith("model name")]
    return f"{os.cpu_count()} x {names[0] if names else platform.machine()}"


def versions() -> dict[str, str]:
    """Return the versions of Python and of the tracers."""
    import importlib.metadata

    names = ["swifttrace", "coverage", "hunter", "pycodestyle", "pyperformance", "viztracer"]
    return {name: importlib.metadata.version(name) for name in names}


def summary(result: dict[str, Any]) -> None:
    """Print the figures of each tracer over all programs that it ran, and the goals."""
    heads = ["untraced", "empty hook", "ns an event", "spread", "bytes", "peak KB", "programs"]
    print(f"{'tracer':50}" + "".join(f"{head:>12}" for head in heads) + "  failed")
    for row in figures.rows(result):
        cells = [
            figures.text(row.untraced),
            figures.text(row.hook),
            figures.text(row.nanoseconds, 1),
            figures.text(row.spread * 100, 1, " %"),
            figures.text(row.size),
            figures.text(row.memory, 0),
            str(row.programs),
        ]
        line = "".join(f"{cell:>12}" for cell in cells)
        print(f"{TRACERS[row.key].title:50}{line}{row.failed:8}")
    print("\ngoals: reached (limit), a miss between asterisks")
    for goal in GOALS:
        print(f"  {goal.told(result):24}{goal.title}")


if __name__ == "__main__":
    main()

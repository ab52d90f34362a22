"""Measures all tracers on all programs by turns, and writes what was found as JSON.

    python -m bench.measure RESULT.json [--quick] [--minutes N]

Each run is a new process. In each round every tracer has its turn, and the order moves on by one.
"""

import argparse
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from . import native
from .programs import PROGRAMS
from .tracers import FEW, TRACERS, available, has_sources

LIMIT = 30  # Seconds that a run may take,
WHOLE_LIMIT = 180  # and a whole process that writes a file.
Runs = dict[str, dict[str, list[Any]]]


def prepare(folder: Path) -> dict[str, str]:
    """Copy the programs out of site-packages, where some do not look, and build the hooks."""
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
    here = str(Path(__file__).resolve().parent.parent)
    left = ["SWIFTTRACE", "PYTHONDONTWRITEBYTECODE", "COVERAGE_CORE"]
    environment = {key: value for key, value in os.environ.items() if key not in left}
    environment["PYTHONPATH"] = os.pathsep.join([here, str(library.parent)])
    environment["PYTHONHASHSEED"] = "0"
    environment["BENCH_PROGRAMS"] = str(programs)
    return environment


def attempt(command: list[str], environment: dict[str, str], folder: str, limit: float) -> Any:
    """Run a command to its end; return what it took and printed, or one line why it did not."""
    start = time.perf_counter()
    try:
        done = subprocess.run(
            command, env=environment, cwd=folder, capture_output=True, text=True, timeout=limit
        )
    except subprocess.TimeoutExpired:
        return f"more than {limit} s"
    seconds = time.perf_counter() - start
    if done.returncode:
        last = done.stderr.strip().splitlines() or ["no message"]
        return f"status {done.returncode}: {last[-1][:200]}"
    return {"wall": seconds, "stdout": done.stdout}


def in_process(
    program: str, tracer: str, few: bool, calls: int, environment: dict[str, str], folder: str
) -> Any:
    """Run a program once under a tracer, and return what `one_run` found."""
    loops = PROGRAMS[program].few_loops if few else PROGRAMS[program].loops
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
    result = attempt(command, environment, folder, LIMIT)
    if isinstance(result, str):
        return result
    try:
        return json.loads(result["stdout"].strip().splitlines()[-1])
    except (ValueError, IndexError):
        return "it printed no result"


def whole_commands(program: str, calls: int, folder: str) -> dict[str, tuple[list[str], str]]:
    """Return, for each tracer, a command and the file that it leaves."""
    script = str(Path(__file__).with_name("programs.py"))
    loops = str(PROGRAMS[program].loops)
    words = [script, os.environ["BENCH_PROGRAMS"], program, loops]
    out = os.path.join(folder, "out")
    python = [sys.executable]
    commands = {"none": ([*python, *words], "")}
    for source in ["settrace", "monitoring"]:
        if f"recorder-{source}" in available():
            record = [*python, "-m", "swifttrace", "record", "--all", "--force", "-o", out + ".swt"]
            if has_sources():
                record += ["--source", source]
            commands[f"recorder-{source}"] = ([*record, *words], out + ".swt")
            commands[f"recorder-calls-{source}"] = (
                [*record, "--calls", "--returns", *words],
                out + ".swt",
            )
    entries = str(max(1_000_000, int(calls * 1.2)))
    viztracer = ["-m", "viztracer", "--ignore_c_function", "--tracer_entries", entries, "--quiet"]
    commands["viztracer"] = ([*python, *viztracer, "-o", out + ".json", *words], out + ".json")
    coverage = ["-m", "coverage", "run", "--pylib", f"--data-file={out}.coverage"]
    commands["coverage-c"] = ([*python, *coverage, *words], out + ".coverage")
    commands["cprofile"] = (
        [*python, "-m", "cProfile", "-o", out + ".pstats", *words],
        out + ".pstats",
    )
    return commands


def start_commands(folder: str) -> dict[str, list[str]]:
    """Return the commands whose start-up is compared, on an empty script."""
    script = os.path.join(folder, "empty.py")
    Path(script).write_text("")
    record = ["-m", "swifttrace", "record", "--force", "-o", os.path.join(folder, "start.swt")]
    return {
        "none": [sys.executable, script],
        "swifttrace record": [sys.executable, *record, script],
        "coverage run": [sys.executable, "-m", "coverage", "run", "--data-file=start.cov", script],
        "cProfile": [sys.executable, "-m", "cProfile", "-o", "start.pstats", script],
    }


def whole(
    names: list[str], counts: dict[str, Any], environment: dict[str, str], folder: str
) -> dict[str, dict[str, Any]]:
    """Run whole processes, from their start to a file that can be read."""
    found: dict[str, dict[str, Any]] = {}
    for name in names:
        calls = counts[name]["call"]
        for key, (command, file) in whole_commands(name, calls, folder).items():
            result = attempt(command, environment, folder, WHOLE_LIMIT)
            if isinstance(result, dict):
                result = {"wall": result["wall"]}
                if file:
                    result["bytes"] = os.path.getsize(file)
            if file and os.path.exists(file):
                os.unlink(file)
            found.setdefault(name, {})[key] = result
            print("whole", name, key, result, flush=True)
    return found


def matrix(
    names: list[str], counts: dict[str, Any], end: float, environment: dict[str, str], folder: str
) -> Runs:
    """Run rounds until the time is used up: at least three, of slow tracers every second."""
    keys = available()
    runs: Runs = {}
    number, longest = 0, 0.0
    while number < 3 or (number < 9 and time.monotonic() + longest < end):
        start = time.monotonic()
        for name in names:
            order = keys[number % len(keys) :] + keys[: number % len(keys)]
            for key in [*order, "none-few"]:
                tracer = TRACERS[key.removesuffix("-few")]
                few = tracer.is_slow or key == "none-few"
                if (few and number % 2) or (not tracer.everywhere and name not in FEW):
                    continue
                known = runs.setdefault(name, {}).setdefault(key, [])
                # What took too long once is not tried again.
                if known and isinstance(known[-1], str):
                    continue
                calls = counts[name]["call"]
                plain = key.removesuffix("-few")
                known.append(in_process(name, plain, few, calls, environment, folder))
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
    options = parser.parse_args()
    names = FEW if options.quick else list(PROGRAMS)
    with tempfile.TemporaryDirectory() as folder:
        environment = prepare(Path(folder) / "programs")
        os.environ["BENCH_PROGRAMS"] = environment["BENCH_PROGRAMS"]
        counts: dict[str, Any] = {}
        few_counts: dict[str, Any] = {}
        for name in names:
            counts[name] = in_process(name, "count", False, 0, environment, folder)
            few_counts[name] = in_process(name, "count", True, 0, environment, folder)
            if isinstance(counts[name], str) or isinstance(few_counts[name], str):
                raise SystemExit(f"bench: {name} does not run: {counts[name]}")
        end = time.monotonic() + options.minutes * 60
        starts: dict[str, list[Any]] = {}
        for _ in range(15):
            for key, command in start_commands(folder).items():
                started = attempt(command, environment, folder, LIMIT)
                starts.setdefault(key, []).append(
                    started if isinstance(started, str) else started["wall"]
                )
        result = {
            "python": platform.python_version(),
            "platform": platform.platform(),
            "date": time.strftime("%Y-%m-%d"),
            "counts": counts,
            "few_counts": few_counts,
            "runs": matrix(names, counts, end, environment, folder),
            "whole": whole(
                FEW if options.quick else ["richards", *FEW], counts, environment, folder
            ),
            "starts": starts,
        }
    options.result.parent.mkdir(parents=True, exist_ok=True)
    options.result.write_text(json.dumps(result, indent=1) + "\n")
    summary(result)


def summary(result: dict[str, Any]) -> None:
    """Print, for each tracer, the geometric means over the programs that it ran."""
    print(f"{'tracer':54}   untraced    empty hook  ns an event  programs  failed")
    for key, tracer in TRACERS.items():
        ratios, hooks, costs, failed = [], [], [], 0
        for name, runs in result["runs"].items():
            if key not in runs:
                continue
            suffix = "-few" if tracer.is_slow else ""
            good = [run["cpu"] for run in runs[key] if isinstance(run, dict)]
            if not good or isinstance(runs[key][-1], str):
                failed += 1
                continue
            base = statistics.median(run["cpu"] for run in runs["none" + suffix])
            empty = statistics.median(run["cpu"] for run in runs["empty-settrace"])
            bare = statistics.median(run["cpu"] for run in runs["none"])
            scale = bare / base
            counts = result["few_counts" if tracer.is_slow else "counts"][name]
            added = statistics.median(good) - base
            ratios.append(added / base + 1)
            hooks.append(max(added * scale / (empty - bare), 1e-3))
            costs.append(added / sum(counts.values()) * 1e9)
        if ratios:
            means = statistics.geometric_mean(ratios), statistics.geometric_mean(hooks)
            line = f"{tracer.title:54}{means[0]:11.2f}{means[1]:14.2f}"
            print(f"{line}{statistics.median(costs):13.1f}{len(ratios):10}{failed:8}")
        elif failed:
            print(f"{tracer.title:54}{'failed on every program':>38}")


if __name__ == "__main__":
    main()

"""Added time of swifttrace.trace against the standard trace, and against hooks that do nothing.

python standard_trace.py [--rounds N]
python standard_trace.py --instructions

A program runs untraced, under the original, under swifttrace.trace, and with an empty C function
under PyEval_SetTrace and under sys.monitoring, in turns and in new processes. The program measures
its own CPU time, so that starting and reporting do not count. Prints the median of the added time,
and the median, minimum and maximum of its ratio to the original's over the rounds.

--instructions counts the instructions that one iteration adds, by valgrind; they do not depend on
the load of the machine.
"""

import argparse
import os
import platform
import re
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

from bench.native import build

PROGRAMS = {
    "lines": (
        100_000,
        """
def work(n):
    total = 0
    for i in range(n):
        total += i
        if i % 3:
            total -= 1
    return total
def main(n): work(n)
""",
    ),
    "calls": (
        60_000,
        """
def add(a, b):
    result = a + b
    return result
def main(n):
    for i in range(n):
        add(i, 1)
""",
    ),
    "methods": (
        20_000,
        """
class Point:
    def __init__(self, x, y):
        self.x = x
        self.y = y
    def plus(self, other):
        return Point(self.x + other.x, self.y + other.y)
def numbers(n):
    for i in range(n):
        yield i
def main(n):
    sum_ = Point(0, 0)
    for i in numbers(n):
        sum_ = sum_.plus(Point(i, -i))
""",
    ),
}
FLAGS = [["--count", "-R"], ["--trace"], ["--listfuncs"], ["--trackcalls"]]

TIMED = """
import sys, time
_start = time.process_time_ns()
main(int(sys.argv[1]))
_end = time.process_time_ns()
print(_end - _start, file=sys.stderr)
"""
SETTRACE = """
import bench_hooks
bench_hooks.set_trace()
"""
MONITORING = """
import bench_hooks, sys
_events = [getattr(sys.monitoring.events, name) for name in {names}]
sys.monitoring.use_tool_id(4, "empty")
for _event in _events:
    sys.monitoring.register_callback(4, _event, bench_hooks.ignore)
sys.monitoring.set_events(4, sum(_events))
"""


def ways(options: list[str]) -> dict[str, tuple[list[str], str]]:
    """Return, for each way to run a program, Python's options and code for the program's end."""
    module = [["-m", name, *options] for name in ("trace", "swifttrace.trace")]
    found = {
        "untraced": ([], ""),
        "original": (module[0], ""),
        "swifttrace": (module[1], ""),
        "settrace": ([], SETTRACE),
    }
    if sys.version_info >= (3, 12):
        names = []
        if options[0] in ("--count", "--trace"):
            names += ["LINE"]
        if options[0] != "--count":
            names += ["PY_START", "PY_RESUME"]
        found["monitoring"] = ([], MONITORING.format(names=names))
    return found


def run(command: list[str], folder: str, env: Mapping[str, str]) -> str:
    """Run a program, and return its standard error."""
    ended = subprocess.run(
        command,
        cwd=folder,
        env=env,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        check=True,
    )
    return ended.stderr


def environment(folder: str) -> dict[str, str]:
    """Return this environment, with a folder added to Python's path."""
    path = [folder, *filter(None, [os.environ.get("PYTHONPATH")])]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(path), "PYTHONHASHSEED": "0"}


def seconds(name: str, options: list[str], rounds: int, folder: str) -> dict[str, list[float]]:
    """Return the CPU times of a program, for each way to run it."""
    times: dict[str, list[float]] = {}
    count, program = PROGRAMS[name]
    env = environment(folder)
    for _ in range(rounds):
        for way, (words, setting) in ways(options).items():
            Path(folder, "program.py").write_text(program + setting + TIMED)
            text = run([sys.executable, *words, "program.py", str(count)], folder, env)
            times.setdefault(way, []).append(int(text.split()[-1]) / 1e9)
    return times


def compare(name: str, options: list[str], rounds: int, folder: str) -> None:
    """Measure one program with one set of options, and print the results."""
    times = seconds(name, options, rounds, folder)
    base = statistics.median(times["untraced"])
    cells = [f"{(statistics.median(times['original']) - base) * 1e3:.1f}"]
    for way in list(times)[2:]:
        added = statistics.median(times[way]) - base
        pairs = zip(times["original"], times[way], strict=True)
        ratios = [(whole - base) / max(part - base, 1e-6) for whole, part in pairs]
        text = f"{statistics.median(ratios):.1f}"
        if way == "swifttrace":
            text += f" ({min(ratios):.1f}-{max(ratios):.1f})"
        # Added times within the noise get no ratio.
        cells += [f"{added * 1e3:.1f}", text if added > 0.001 else "-"]
    print(f"| {name} | `{options[0]}` | {base * 1e3:.1f} | " + " | ".join(cells) + " |", flush=True)


def instructions(name: str, options: list[str], folder: str) -> None:
    """Count the instructions of an iteration: the difference of a long and a short run."""
    program = PROGRAMS[name][1]
    counts = {}
    for way, (words, setting) in ways(options).items():
        Path(folder, "program.py").write_text(program + setting + TIMED)
        totals = []
        for iterations in (2000, 4000):
            command = ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null"]
            command += [sys.executable, *words, "program.py", str(iterations)]
            text = run(command, folder, environment(folder))
            collected = re.search(r"Collected : (\d+)", text)
            assert collected is not None
            totals.append(int(collected[1]))
        counts[way] = (totals[1] - totals[0]) / 2000
    base = counts.pop("untraced")
    cells = [f"{count - base:.0f}" for count in counts.values()]
    print(f"| {name} | `{options[0]}` | {base:.0f} | " + " | ".join(cells) + " |", flush=True)


def main() -> None:
    """Measure all programs and options."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--instructions", action="store_true")
    arguments = parser.parse_args()
    names = list(ways(FLAGS[0]))[1:]
    version = f"Python {platform.python_version()}, {platform.platform()}"
    with tempfile.TemporaryDirectory() as folder:
        library = build("bench_hooks", Path(folder))
        assert library.exists()
        if arguments.instructions:
            print(f"{version}: instructions added to an iteration\n")
            print("| program | flag | untraced | " + " | ".join(names) + " |")
            for name in PROGRAMS:
                instructions(name, FLAGS[0], folder)
            return
        print(f"{version}: medians of {arguments.rounds}, ms\n")
        ratios = " | ".join(f"{name} | ratio" for name in names[1:])
        print(f"| program | flag | untraced | original | {ratios} |")
        for options in FLAGS:
            for name in PROGRAMS:
                compare(name, options, arguments.rounds, folder)


if __name__ == "__main__":
    main()

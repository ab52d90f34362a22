"""Added time of `--count` and `--trace`: swifttrace.trace against the standard library's trace.

python standard_trace.py

A program runs untraced, under the original and under swifttrace.trace, taking turns in new
processes; the program itself says how long it took, so that starting and reporting are left
out, and the whole process's time is measured besides. Prints medians of the added time, and their
ratio.
"""

import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROUNDS = 5
PROGRAMS = {
    "lines": """
def work(n):
    total = 0
    for i in range(n):
        total += i
        if i % 3:
            total -= 1
    return total
def main(): work(100_000)
""",
    "calls": """
def add(a, b):
    result = a + b
    return result
def main():
    for i in range(60_000):
        add(i, 1)
""",
    "methods": """
class Point:
    def __init__(self, x, y):
        self.x = x
        self.y = y
    def plus(self, other):
        return Point(self.x + other.x, self.y + other.y)
def numbers(n):
    for i in range(n):
        yield i
def main():
    sum_ = Point(0, 0)
    for i in numbers(20_000):
        sum_ = sum_.plus(Point(i, -i))
""",
}
TIMED = """
import sys, time
_start = time.process_time_ns()
main()
_end = time.process_time_ns()
print(_end - _start, file=sys.stderr)
"""
WAYS = {"untraced": [], "original": ["-m", "trace"], "swifttrace": ["-m", "swifttrace.trace"]}


def run(way: str, options: list[str], folder: str) -> tuple[float, float]:
    """Return the program's CPU time and the process's time, in seconds."""
    words = [*WAYS[way], *(options if WAYS[way] else []), "program.py"]
    start = time.perf_counter()
    with open(os.devnull, "w") as null:
        ended = subprocess.run(
            [sys.executable, *words],
            cwd=folder,
            stdout=null,
            stderr=subprocess.PIPE,
            text=True,
            check=True,
        )
    return int(ended.stderr.split()[-1]) / 1e9, time.perf_counter() - start


def compare(name: str, options: list[str], folder: str) -> None:
    """Measure one program with one set of options, and print what was found."""
    Path(folder, "program.py").write_text(PROGRAMS[name] + TIMED)
    inside: dict[str, list[float]] = {way: [] for way in WAYS}
    whole: dict[str, list[float]] = {way: [] for way in WAYS}
    for _ in range(ROUNDS):
        for way in WAYS:
            cpu, wall = run(way, options, folder)
            inside[way].append(cpu)
            whole[way].append(wall)
    base = statistics.median(inside["untraced"])
    base_whole = statistics.median(whole["untraced"])
    added = {w: statistics.median(inside[w]) - base for w in ("original", "swifttrace")}
    all_ = {w: statistics.median(whole[w]) - base_whole for w in ("original", "swifttrace")}
    print(
        f"{name:8} {' '.join(options):18} {base * 1e3:8.1f}"
        f" {added['original'] * 1e3:9.1f} {added['swifttrace'] * 1e3:10.1f}"
        f" {added['original'] / added['swifttrace']:6.1f}"
        f" {all_['original'] / all_['swifttrace']:8.1f}"
    )


def main() -> None:
    """Measure all."""
    print(f"Python {platform.python_version()}, {platform.platform()}, medians of {ROUNDS}, ms")
    print("program  options            untraced +original +swifttrace  ratio  process")
    with tempfile.TemporaryDirectory() as folder:
        for name in PROGRAMS:
            for options in (["--count", "-R"], ["--trace"]):
                compare(name, options, folder)


if __name__ == "__main__":
    main()

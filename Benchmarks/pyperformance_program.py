"""Runs a benchmark program of the package pyperformance once, in this process.

    python pyperformance_program.py NAME [LOOPS]

What it prints is the seconds that the program itself measured.
"""

import argparse
import asyncio
import importlib.util
import runpy
import sys
import time
import types
from pathlib import Path


class Runner:
    """Takes the place of pyperf's, which would start processes and measure many times."""

    loops = 1

    def __init__(self, *arguments, **options):
        self.metadata = {}
        self.argparser = argparse.ArgumentParser()
        self.args = argparse.Namespace()

    def parse_args(self, *arguments):
        self.args = self.argparser.parse_args([])
        return self.args

    def bench_func(self, name, function, *arguments, **options):
        start = time.perf_counter()
        for _ in range(self.loops):
            function(*arguments)
        print(time.perf_counter() - start)

    def bench_time_func(self, name, function, *arguments, **options):
        print(function(self.loops, *arguments))

    def bench_async_func(self, name, function, *arguments, **options):
        start = time.perf_counter()
        for _ in range(self.loops):
            asyncio.run(function(*arguments))
        print(time.perf_counter() - start)


def benchmark_file(name):
    """Where a benchmark program lies."""
    package = importlib.util.find_spec("pyperformance")
    if package is None or package.origin is None:
        sys.exit("pyperformance is not installed")
    folder = Path(package.origin).parent / "data-files" / "benchmarks" / f"bm_{name}"
    return folder / "run_benchmark.py"


def main():
    Runner.loops = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    pyperf = types.ModuleType("pyperf")
    pyperf.Runner = Runner
    pyperf.perf_counter = time.perf_counter
    pyperf.python_implementation = lambda: "cpython"
    sys.modules["pyperf"] = pyperf
    file = str(benchmark_file(sys.argv[1]))
    sys.argv[:] = [file]
    sys.path.insert(0, str(Path(file).parent))
    runpy.run_path(file, run_name="__main__")


if __name__ == "__main__":
    main()

"""The traced programs: benchmarks of the package pyperformance, and one real application.

As a script it runs one of them, for whole processes:

    python programs.py FOLDER NAME LOOPS

It does not depend on the tracers, and imports only modules that a program needs.
"""

import argparse
import asyncio
import contextlib
import os
import runpy
import sys
import time
import types
from collections.abc import Callable
from typing import Any, NamedTuple


class Program(NamedTuple):
    """A program and its number of loops: about 0.3 s untraced, or a small part for slow tracers."""

    name: str
    kind: str
    loops: int
    few_loops: int
    file: str
    arguments: tuple[str, ...] = ()

    def times(self, few: bool, is_quick: bool) -> int:
        """Return the number of loops; a quick benchmark has a quarter of them."""
        loops = self.few_loops if few else self.loops
        return max(1, loops // 4) if is_quick else loops


PROGRAMS = {
    program.name: program
    for program in [
        Program("richards", "calls of methods", 6, 1, "bm_richards"),
        Program("deltablue", "calls of methods", 80, 2, "bm_deltablue"),
        Program("raytrace", "calls, floats", 1, 1, "bm_raytrace", ("--width=100", "--height=60")),
        Program("go", "calls and lines", 2, 1, "bm_go"),
        Program("nqueens", "lines, generators", 4, 1, "bm_nqueens"),
        Program("fannkuch", "lines only", 1, 1, "bm_fannkuch"),
        Program("pickle_pure", "calls, C calls", 40, 4, "bm_pickle", ("--pure-python", "pickle")),
        Program("generators", "generators", 4, 1, "bm_generators"),
        Program("async_generators", "async", 1, 1, "bm_async_generators"),
        Program("json_dumps", "C calls", 30, 4, "bm_json_dumps"),
        Program("pycodestyle", "real application", 1, 1, "pycodestyle"),
    ]
}


def load(folder: str, name: str, around: Callable[[Callable[[], Any]], None], loops: int) -> None:
    """Import a program, and pass a function that runs it to `around`.

    Args:
        folder: Folder of the programs' files, outside site-packages.
        name: A key of `PROGRAMS`.
        around: Called once, with a function that runs the program `loops` times.
        loops: Number of runs.
    """
    program = PROGRAMS[name]
    if name == "pycodestyle":
        sys.path.insert(0, folder)
        around(_pycodestyle(loops))
        return
    file = os.path.join(folder, program.file, "run_benchmark.py")
    sys.modules["pyperf"] = _pyperf(program, around, loops)
    sys.path.insert(0, os.path.dirname(file))
    sys.argv = [file, *program.arguments]
    runpy.run_path(file, run_name="__main__")


def _pycodestyle(loops: int) -> Callable[[], None]:
    """Check the style of the first lines of pycodestyle itself, and discard the findings."""
    import pycodestyle

    with open(pycodestyle.__file__) as file:
        lines = file.readlines()

    def run() -> None:
        with open(os.devnull, "w") as null, contextlib.redirect_stdout(null):
            for _ in range(loops):
                style = pycodestyle.StyleGuide(quiet=2, parse_argv=False)
                style.input_file("input.py", lines=lines)

    return run


def _pyperf(
    program: Program, around: Callable[[Callable[[], Any]], None], loops: int
) -> types.ModuleType:
    """Return a replacement for the module pyperf, which would start processes and measure."""

    class Runner:
        def __init__(self, *arguments: Any, **options: Any) -> None:
            self.metadata: dict[str, object] = {}
            self.argparser = argparse.ArgumentParser()
            self.argparser.add_argument("--inner-loops")
            self.args: argparse.Namespace | None = None

        def parse_args(self, *arguments: Any) -> argparse.Namespace:
            self.args = self.argparser.parse_args(list(program.arguments))
            return self.args

        def bench_func(
            self, name: str, function: Callable[..., Any], *arguments: Any, **options: Any
        ) -> None:
            def run() -> None:
                for _ in range(loops):
                    function(*arguments)

            around(run)

        def bench_time_func(
            self, name: str, function: Callable[..., Any], *arguments: Any, **options: Any
        ) -> None:
            around(lambda: function(loops, *arguments))

        def bench_async_func(
            self, name: str, function: Callable[..., Any], *arguments: Any, **options: Any
        ) -> None:
            def run() -> None:
                for _ in range(loops):
                    asyncio.run(function(*arguments))

            around(run)

    module = types.ModuleType("pyperf")
    vars(module).update(
        Runner=Runner, perf_counter=time.perf_counter, python_implementation=lambda: "cpython"
    )
    return module


if __name__ == "__main__":
    load(sys.argv[1], sys.argv[2], lambda run: run(), int(sys.argv[3]))

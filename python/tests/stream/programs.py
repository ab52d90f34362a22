"""The programs whose streams are compared: real ones, that others wrote."""

from __future__ import annotations

import dataclasses
import importlib.util
import sys
from collections.abc import Sequence
from pathlib import Path


@dataclasses.dataclass(frozen=True)
class Program:
    """A program that does the same each time it runs.

    Args:
        name: What the test is called.
        source: Its text.
        needs: A module without which it cannot run.
        c_calls: Whether functions written in C are recorded too.
        since: The first version of Python that can run it.
    """

    name: str
    source: str
    needs: str
    c_calls: bool = False
    since: tuple[int, int] = (3, 11)

    def can_run(self) -> bool:
        """Whether the modules that it is about are installed."""
        return importlib.util.find_spec(self.needs) is not None and sys.version_info >= self.since


_PRELUDE = """\
import gc
gc.disable()
import itertools
import os
import random
import time
random.seed(0)
os.getpid = (4711).__index__  # Names of temporary files have it.
# The time goes on at each look at the clock. These run no code in Python.
time.time = time.monotonic = time.perf_counter = itertools.count(1_000_000.0, 0.001).__next__
"""

_LIBRARY_TEST = """\
import unittest

LEFT_OUT = {left_out!r}


def run(suite, result):
    for test in suite:
        if isinstance(test, unittest.TestSuite):
            run(test, result)
        elif not any(part in f"{{type(test).__name__}} {{test.id()}}" for part in LEFT_OUT):
            test(result)


result = unittest.TestResult()
run(unittest.defaultTestLoader.loadTestsFromName("test.{module}"), result)
print(result.testsRun, [str(test) for test, _ in result.errors + result.failures])
"""


# Tests that use sys.settrace themselves, as those of doctest do, or that make CPython remove a Python
# trace function by a RecursionError.
_USES_TRACE = ("DocTestCase", "settrace", "Tracing", "WithTrace", "refleaks", "recurs", "Recurs")


def library_test(module: str, *left_out: str, c_calls: bool = False) -> Program:
    """One of CPython's own test files.

    Args:
        module: Its name in the package `test`.
        left_out: Parts of the names of tests that do not run the same twice.
        c_calls: Whether functions written in C are recorded too.
    """
    source = _PRELUDE + _LIBRARY_TEST.format(module=module, left_out=(*_USES_TRACE, *left_out))
    return Program(f"Lib/{module}", source, f"test.{module.partition('.')[0]}", c_calls)


_BENCHMARK = """\
import importlib.util
import sys
import types

# All that a benchmark asks of its runner is the time.
sys.modules["pyperf"] = types.SimpleNamespace(perf_counter=time.perf_counter)
spec = importlib.util.spec_from_file_location("benchmark", {file!r})
benchmark = importlib.util.module_from_spec(spec)
sys.modules["benchmark"] = benchmark
spec.loader.exec_module(benchmark)
"""


def benchmark(name: str, code: str, *, c_calls: bool = False) -> Program:
    """A benchmark program of pyperformance.

    Args:
        name: Its folder's name, without the `bm_`.
        code: How it is run, with a small size.
        c_calls: Whether functions written in C are recorded too.
    """
    found = importlib.util.find_spec("pyperformance")
    folder = Path(found.origin).parent if found and found.origin else Path()
    file = folder / "data-files" / "benchmarks" / f"bm_{name}" / "run_benchmark.py"
    return Program(
        f"pyperformance/{name}",
        _PRELUDE + _BENCHMARK.format(file=str(file)) + code,
        "pyperformance",
        c_calls,
    )


def driver(name: str, *, c_calls: bool = False) -> Program:
    """A program in drivers/ that uses a package of PyPI, which its name begins with."""
    source = (Path(__file__).parent / "drivers" / f"{name}.py").read_text(encoding="utf-8")
    return Program(f"driver/{name}", _PRELUDE + source, name.partition("_")[0], c_calls)


LIBRARY_TESTS: Sequence[Program] = [
    library_test("test_abc"),
    library_test("test_augassign"),
    library_test("test_baseexception"),
    library_test("test_binop"),
    library_test("test_bool"),
    library_test("test_class", "testMisc", "testHash"),
    library_test("test_colorsys"),
    library_test("test_contains"),
    library_test("test_context", "threads", "Hamt"),
    library_test("test_contextlib", "FileContext", "Chdir"),
    library_test("test_copyreg"),
    library_test("test_coroutines"),
    library_test("test_decorators"),
    library_test("test_defaultdict", c_calls=True),
    library_test("test_dictcomps"),
    library_test("test_dynamic"),
    library_test("test_except_star"),
    library_test("test_exception_variations"),
    library_test("test_extcall"),
    library_test("test_fnmatch"),
    library_test("test_funcattrs"),
    library_test("test_generator_stop"),
    library_test("test_generators", "Signal", "frame_object_in_creation"),
    library_test("test_getopt"),
    library_test("test_global"),
    library_test("test_grammar"),
    library_test("test_graphlib", "hash_seed"),
    library_test("test_html", c_calls=True),
    library_test("test_isinstance", "infinite"),
    library_test("test_iter"),
    library_test("test_json.test_decode", c_calls=True),
    library_test("test_json.test_dump"),
    library_test("test_json.test_scanstring"),
    library_test("test_keywordonlyarg"),
    library_test("test_listcomps"),
    library_test("test_metaclass"),
    library_test("test_named_expressions"),
    library_test("test_netrc"),
    library_test("test_patma"),
    library_test("test_positional_only_arg"),
    library_test("test_property"),
    library_test("test_quopri", "script"),
    library_test("test_raise"),
    library_test("test_reprlib", "LongRepr", "test_cell"),
    library_test("test_richcmp"),
    library_test("test_sched"),
    library_test("test_scope"),
    library_test("test_shlex"),
    library_test("test_string"),
    library_test("test_string_literals"),
    library_test("test_subclassinit"),
    library_test("test_super"),
    library_test("test_textwrap", c_calls=True),
    library_test("test_threading_local"),
    library_test("test_types"),
    library_test("test_unpack_ex"),
    library_test("test_urlparse"),
    library_test("test_userlist"),
    library_test("test_weakset"),
    library_test("test_with"),
    library_test("test_yield_from"),
]

BENCHMARKS: Sequence[Program] = [
    benchmark("deepcopy", "benchmark.benchmark(1)", c_calls=True),
    benchmark("json_dumps", "benchmark.bench_json_dumps([(benchmark.MEDIUM, range(5))])"),
    benchmark("nqueens", "benchmark.bench_n_queens(5)", c_calls=True),
    benchmark(
        "richards",
        """\
class Idle(benchmark.IdleTaskRec):
    def __init__(self):
        super().__init__()
        self.count = 300


benchmark.IdleTaskRec = Idle
benchmark.Richards().run(1)
""",
    ),
    benchmark("deltablue", "benchmark.delta_blue(20)", c_calls=True),
    benchmark("raytrace", "benchmark.bench_raytrace(1, 5, 5, None)"),
    benchmark("go", "benchmark.GAMES = 2\nbenchmark.versus_cpu()"),
    benchmark("hexiom", "benchmark.main(1, 2)", c_calls=True),
    benchmark(
        "chaos",
        """\
class Runner:
    metadata = {}

    def bench_func(self, name, function, *arguments):
        function(*arguments)


benchmark.main(Runner(), types.SimpleNamespace(
    thickness=0.25, width=32, height=32, iterations=30, filename=None, rng_seed=1234))
""",
    ),
    benchmark("fannkuch", "benchmark.fannkuch(6)", c_calls=True),
    benchmark("float", "benchmark.benchmark(1000)"),
    benchmark("nbody", "benchmark.bench_nbody(1, 'sun', 300)"),
    benchmark(
        "scimark",
        """\
benchmark.bench_LU(1, 8)
benchmark.bench_FFT(1, 16, 2)
benchmark.bench_MonteCarlo(1, 100)
benchmark.bench_SOR(1, 8, 2, benchmark.Array2D)
""",
    ),
    benchmark("typing_runtime_protocols", "benchmark.bench_protocols(1)"),
    benchmark("spectral_norm", "benchmark.DEFAULT_N = 13\nbenchmark.bench_spectral_norm(1)"),
    benchmark(
        "generators", "for _ in range(3):\n    print(sum(benchmark.tree(range(500))))", c_calls=True
    ),
    benchmark(
        "async_generators",
        """\
import asyncio


async def run():
    return sum([number async for number in benchmark.tree(range(300))])


print(asyncio.run(run()))
""",
    ),
    benchmark(
        "async_tree",
        """\
import asyncio

benchmark.NUM_RECURSE_LEVELS = benchmark.NUM_RECURSE_BRANCHES = 3
benchmark.IO_SLEEP_TIME = 0.0005
for make in (benchmark.NoneAsyncTree, benchmark.CpuIoMixedAsyncTree):
    for use_task_groups in (False, True):
        asyncio.run(make(use_task_groups).run())
""",
    ),
    benchmark("comprehensions", "benchmark.bench_comprehensions(1)"),
    benchmark(
        "coroutines",
        """\
try:
    benchmark.fibonacci(14).send(None)
except StopIteration as stop:
    print(stop.value)
""",
    ),
]

DRIVERS: Sequence[Program] = [
    driver("docopt_options", c_calls=True),
    driver("jinja2_templates"),
    driver("markdown_document"),
    driver("pygments_highlight"),
    driver("pyparsing_arithmetic"),
    driver("sortedcontainers_lists", c_calls=True),
    driver("threading_pool"),
]

PROGRAMS: Sequence[Program] = [*LIBRARY_TESTS, *BENCHMARKS, *DRIVERS]

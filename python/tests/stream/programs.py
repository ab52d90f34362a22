"""The programs whose streams are compared: real programs of others."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from pathlib import Path

import pyperformance


@dataclasses.dataclass(frozen=True)
class Program:
    """A program whose runs are all equal.

    Args:
        name: The name of the test.
        source: The text of the program.
        c_calls: Whether C calls are recorded too.
        preload: Modules whose loading is not recorded.
        long: Whether it has so many events that only `make stream` runs it.
        asks_for_tracer: Whether it behaves differently if `sys.gettrace()` returns a function.
    """

    name: str
    source: str
    c_calls: bool = False
    preload: Sequence[str] = ()
    long: bool = False
    asks_for_tracer: bool = False


_PRELUDE = """\
import gc
gc.disable()
import itertools
import random
import time
random.seed(0)
random.Random.__init__.__defaults__ = (0,)  # The seed of those that are given none.
# The time goes on at each look at the clock. These run no code in Python.
time.time = time.monotonic = time.perf_counter = itertools.count(1_000_000.0, 0.001).__next__
"""

# Imports of nearly all test files, which would be the largest part of each stream.
_FOR_TESTS = [
    "unittest",
    "test.support",
    "test.support.import_helper",
    "test.support.os_helper",
    "test.support.warnings_helper",
    "collections.abc",
    "pickle",
    "random",
    "typing",
]

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


# Tests that use sys.settrace themselves, such as those of doctest, or that raise a RecursionError,
# at which CPython removes a Python trace function.
_USES_TRACE = (
    "DocTestCase",
    "settrace",
    "Tracing",
    "WithTrace",
    "refleaks",
    "recurs",
    "Recurs",
    "repr_deep",
    "gh_115618",
)


def library_test(
    module: str,
    *left_out: str,
    c_calls: bool = False,
    preload: Sequence[str] = (),
    long: bool = False,
) -> Program:
    """One of CPython's own test files.

    Args:
        module: Its name in the package `test`.
        left_out: Parts of names of tests whose runs differ.
        c_calls: Whether C calls are recorded too.
        preload: More modules whose loading is not recorded.
        long: Whether only `make stream` runs it.
    """
    source = _PRELUDE + _LIBRARY_TEST.format(module=module, left_out=(*_USES_TRACE, *left_out))
    return Program(f"Lib/{module}", source, c_calls, [*_FOR_TESTS, *preload], long)


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


def benchmark(name: str, code: str, *, c_calls: bool = False, long: bool = False) -> Program:
    """A benchmark program of pyperformance.

    Args:
        name: Name of its folder, without `bm_`.
        code: Code that runs it, with a small size.
        c_calls: Whether C calls are recorded too.
        long: Whether only `make stream` runs it.
    """
    file = Path(pyperformance.__file__).parent.joinpath(
        "data-files", "benchmarks", f"bm_{name}", "run_benchmark.py"
    )
    return Program(
        f"pyperformance/{name}",
        _PRELUDE + _BENCHMARK.format(file=str(file)) + code,
        c_calls,
        long=long,
    )


def driver(
    name: str, *, c_calls: bool = False, preload: Sequence[str] = (), long: bool = False
) -> Program:
    """A program in drivers/ that uses a PyPI package; its name begins with the package's."""
    source = (Path(__file__).parent / "drivers" / f"{name}.py").read_text(encoding="utf-8")
    return Program(f"driver/{name}", _PRELUDE + source, c_calls, preload, long)


LIBRARY_TESTS: Sequence[Program] = [
    library_test("test_abc"),
    library_test("test_augassign"),
    library_test("test_baseexception"),
    library_test("test_binop"),
    library_test("test_bool"),
    library_test("test_class", "testMisc", "testHash", "no_memory"),
    library_test("test_colorsys"),
    library_test("test_contains", "nonreflexive"),  # The hash of NaN depends on its address.
    library_test("test_context", "threads", "Hamt"),
    library_test("test_contextlib", "FileContext", "Chdir", long=True),
    # On 3.15, it loads ctypes, which returns addresses.
    library_test("test_copyreg", preload=["ctypes"], long=True),
    library_test("test_coroutines", "DuringShutdown", long=True),
    library_test("test_decorators"),
    library_test("test_defaultdict", c_calls=True),
    library_test("test_dictcomps"),
    library_test("test_dynamic"),
    library_test("test_except_star"),
    library_test("test_exception_variations"),
    library_test("test_extcall"),
    library_test("test_fnmatch", long=True),
    library_test("test_funcattrs"),
    library_test("test_generator_stop"),
    library_test("test_generators", "Signal", "frame_object_in_creation"),
    library_test("test_getopt", "libref", long=True),
    library_test("test_global"),
    library_test("test_grammar", long=True),
    library_test("test_graphlib", "hash_seed"),
    library_test("test_html", c_calls=True),
    library_test("test_isinstance", "infinite"),
    library_test("test_iter"),
    library_test("test_json.test_decode", c_calls=True, long=True),
    library_test("test_json.test_dump"),
    library_test("test_json.test_scanstring"),
    library_test("test_keywordonlyarg"),
    library_test("test_listcomps", long=True),
    dataclasses.replace(library_test("test_metaclass"), asks_for_tracer=True),
    library_test("test_named_expressions"),
    library_test("test_netrc"),
    library_test("test_patma"),
    library_test("test_positional_only_arg", long=True),
    library_test("test_property"),
    library_test("test_quopri", "script", long=True),
    library_test("test_raise"),
    library_test("test_reprlib", "LongRepr", "test_cell"),
    library_test("test_richcmp", long=True),
    library_test("test_scope"),
    library_test("test_shlex", "lazy_import", long=True),
    library_test("test_string", "lazy_import", long=True),
    library_test("test_string_literals", "test_file", long=True),
    library_test("test_subclassinit"),
    library_test("test_super", "shadowed_global", long=True),
    library_test("test_textwrap", c_calls=True, long=True),
    library_test("test_types", "unbound_crash", long=True),
    library_test("test_unpack_ex"),
    library_test("test_userlist", long=True),
    library_test("test_weakset", long=True),
    library_test("test_with", "InterruptDuringEnter"),  # It removes the trace function.
    library_test("test_yield_from"),
]

BENCHMARKS: Sequence[Program] = [
    benchmark("deepcopy", "benchmark.benchmark(1)", c_calls=True),
    benchmark("json_dumps", "benchmark.bench_json_dumps([(benchmark.NESTED_DATA, range(5))])"),
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
        long=True,
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
        long=True,
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
        long=True,
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
    driver("asyncio_tasks", preload=["asyncio"]),
    driver("docopt_options", c_calls=True),
    driver("docutils_document", preload=["docutils.core", "docutils.parsers.rst"], long=True),
    driver("jinja2_templates", preload=["jinja2"]),
    driver("json_nested", c_calls=True),
    driver("mako_templates", preload=["mako.template"]),
    driver("markdown_document", preload=["markdown"], long=True),
    driver("mistune_document", preload=["mistune"], long=True),
    driver("networkx_graphs", preload=["networkx_compiled"]),
    driver("pygments_highlight", preload=["pygments.lexers", "pygments.formatters"], long=True),
    driver("pyparsing_arithmetic", preload=["pyparsing"]),
    driver("sortedcontainers_lists", c_calls=True),
    driver("threading_pool"),
]

PROGRAMS: Sequence[Program] = [*LIBRARY_TESTS, *BENCHMARKS, *DRIVERS]

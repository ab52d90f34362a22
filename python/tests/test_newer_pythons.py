"""Features of CPython 3.14 and 3.15 in traced programs."""

import subprocess
import sys
from pathlib import Path

import pytest
import swifttrace
from conftest import RunRecorded, RunTraced
from running import run_python, without_durations

SOURCES = pytest.mark.parametrize("source", ["settrace", "monitoring"])
SINCE_3_14 = pytest.mark.skipif(sys.version_info < (3, 14), reason="Python 3.14 has it")
SINCE_3_15 = pytest.mark.skipif(sys.version_info < (3, 15), reason="Python 3.15 has it")


def tree(run_traced: RunTraced, program: str, source: str) -> list[str]:
    """The lines of the tree of a traced program."""
    ended = run_traced(program, "--source", source)
    assert ended.status == 0, ended.stderr
    return without_durations(ended.stderr)


@SINCE_3_14
@SOURCES
def test_arguments_that_the_frame_does_not_count(run_traced: RunTraced, source: str) -> None:
    """References in a frame have tags, which show whether the frame owns them."""
    program = """
class C:
    def method(self, a, *rest, key=None):
        def inner(): return a, rest
        return inner()

def use(small, text, container, none, big):
    total = 0
    for index, item in enumerate(container):
        total += index
    return text, none, total

c = C()
for k in range(2):
    use(k, "text", (k, "in"), None, 2**70)
C.method(None, 7, 8, key=True)
"""
    used = [
        line
        for k in range(2)
        for line in [
            f"  use(small={k}, text='text', container=({k}, 'in'), none=None, "
            "big=1180591620717411303424)",
            "  └ ('text', None, 1)",
        ]
    ]
    assert tree(run_traced, program, source) == [
        "<module> program.py()",
        "  C()",
        "  └ None",
        *used,
        "  C.method(self=None, a=7, *rest=(8,), key=True)",
        "    C.method.<locals>.inner()",
        "    └ (7, (8,))",
        "  └ (7, (8,))",
        "└ None",
    ]


@SINCE_3_14
@SOURCES
def test_annotations_are_made_by_a_function(run_traced: RunTraced, source: str) -> None:
    program = """
class A:
    x: int = 1

def f(a: int): ...

A.__annotations__
f.__annotations__
"""
    of_function = "f.__annotate__" if sys.version_info >= (3, 15) else "__annotate__"
    assert tree(run_traced, program, source) == [
        "<module> program.py()",
        "  A()",
        "  └ None",
        "  A.__annotate__(format=1)",
        "  └ {'x': <class 'int'>}",
        f"  {of_function}(format=1)",
        "  └ {'a': <class 'int'>}",
        "└ None",
    ]


@SINCE_3_14
@SOURCES
def test_writes_to_the_variables_of_a_frame_are_seen(run_traced: RunTraced, source: str) -> None:
    program = """
import sys

def f():
    x = 1
    sys._getframe().f_locals["x"] = 2
    return x

f()
"""
    assert "  └ 2" in tree(run_traced, program, source)


@SINCE_3_14
@SOURCES
def test_another_tool_gets_its_branches(run_traced: RunTraced, source: str) -> None:
    program = """
import sys

def f(n):
    while n:
        n -= 1

seen = []
monitoring = sys.monitoring
events = monitoring.events
monitoring.use_tool_id(1, "own")
for event in [events.BRANCH_LEFT, events.BRANCH_RIGHT]:
    monitoring.register_callback(1, event, lambda *_, event=event: seen.append(event))
monitoring.set_local_events(1, f.__code__, events.BRANCH_LEFT | events.BRANCH_RIGHT)
f(2)
monitoring.free_tool_id(1)
print([event.bit_length() for event in seen])
"""
    ended = run_traced(program, "--source", source, "--function", "f")
    assert (ended.stdout, ended.status) == (run_plain(program).stdout, 0)
    assert without_durations(ended.stderr) == ["f(n=2)", "└ None"]


def run_plain(program: str) -> subprocess.CompletedProcess[str]:
    """Runs a program untraced."""
    return subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)


@SINCE_3_14
@SOURCES
def test_a_script_that_another_process_runs_is_traced(
    run_traced: RunTraced, tmp_path: Path, source: str
) -> None:
    """`sys.remote_exec`, which debuggers use to attach."""
    script = tmp_path / "remote.py"
    script.write_text("def injected(): return 1\ninjected()\n")
    program = f"""
import os, sys

def work():
    for i in range(1000): pass

sys.remote_exec(os.getpid(), {str(script)!r})
work()
"""
    plain = run_plain(program)
    if plain.returncode:
        pytest.skip(f"no process may be attached to here: {plain.stderr.splitlines()[-1]}")
    assert tree(run_traced, program, source) == [
        "<module> program.py()",
        "  <module> <string>()",
        "    injected()",
        "    └ 1",
        "  └ None",
        "  work()",
        "  └ None",
        "└ None",
    ]


@SINCE_3_14
@SOURCES
def test_a_pool_of_interpreters(run_traced: RunTraced, source: str) -> None:
    program = """
from concurrent import futures, interpreters

def after(): return 1

with futures.InterpreterPoolExecutor(max_workers=2) as pool:
    print(list(pool.map(abs, [-1, -2, 3])))
inner = interpreters.create()
inner.exec("def f(): return 1\\nf()")
inner.close()
after()
"""
    ended = run_traced(program, "--source", source)
    assert (ended.stdout, ended.status) == ("[1, 2, 3]\n", 0)
    assert without_durations(ended.stderr) == [
        "<module> program.py()",
        "  after()",
        "  └ 1",
        "└ None",
    ]


@SINCE_3_15
@SOURCES
def test_a_module_that_is_imported_when_it_is_used(
    run_traced: RunTraced, tmp_path: Path, source: str
) -> None:
    (tmp_path / "later.py").write_text("def g(): return 'g'\n")
    program = """
lazy import later

def f():
    return later.g()

f()
"""
    assert tree(run_traced, program, source) == [
        "<module> program.py()",
        "  f()",
        "    <module> later.py()",
        "    └ None",
        "    g()",
        "    └ 'g'",
        "  └ 'g'",
        "└ None",
    ]


GARBAGE = """
import gc

class Node:
    def __init__(self, other):
        self.other, self.me = other, self

def make(count):
    for number in range(count):
        node = Node([number])
        try:
            raise KeyError(node)
        except KeyError as error:
            node.error = error

def count_nodes():
    return sum(type(found) is Node for found in gc.get_objects())

gc.set_threshold(50, 5, 5)
before = sum(generation["collections"] for generation in gc.get_stats())
make(20_000)
after = sum(generation["collections"] for generation in gc.get_stats())
print(after - before > 100, count_nodes() < 10_000)
gc.collect()
print(count_nodes(), gc.garbage)
"""


@SINCE_3_14
@SOURCES
@pytest.mark.parametrize("values", [[], ["--values", "safe"]])
def test_the_collector_frees_what_a_traced_program_drops(
    run_recorded: RunRecorded, tmp_path: Path, source: str, values: list[str]
) -> None:
    """CPython 3.14.0 to 3.14.4 collect incrementally, newer ones by generation (gh-142516)."""
    untraced = run_plain(GARBAGE)
    assert untraced.stdout == "True True\n0 []\n"
    ended = run_recorded(GARBAGE, "--source", source, *values)
    assert (ended.stdout, ended.status) == (untraced.stdout, 0)
    calls = [event for event in swifttrace.open(tmp_path / "run.swt") if event.event == "call"]
    assert sum(event.function.name == "__init__" for event in calls) == 20_000


HOT = """
def inc(n): return n + 1

def loop(n):
    total = 0
    for i in range(n):
        if i % 3: total = inc(total)
        else: total += i
    return total

def numbers(n):
    for i in range(n): yield i

for _ in range(10): loop(1000), sum(numbers(500))
try:
    for k in range(3000): inc(k if k < 2990 else "no")
except TypeError: pass
"""


@SINCE_3_14
@SOURCES
def test_compiled_code_has_the_events_of_interpreted_code(tmp_path: Path, source: str) -> None:
    (tmp_path / "hot.py").write_text(HOT)
    texts = []
    for jit in "01":
        options = ["--source", source, "--format", "json", "-o", f"trace-{jit}"]
        command = ["-m", "swifttrace", *options, "hot.py"]
        ended = run_python(*command, cwd=tmp_path, env={"PYTHON_JIT": jit})
        assert (ended.stderr, ended.status) == ("", 0)
        texts.append((tmp_path / f"trace-{jit}").read_text())
    assert texts[0].count("\n") > 60_000
    assert texts[0] == texts[1]


@SINCE_3_15
def test_the_stack_of_a_traced_program_is_read_from_outside(tmp_path: Path) -> None:
    (tmp_path / "waits.py").write_text(
        "def work():\n    print('ready', flush=True)\n    input()\n\nwork()\n"
    )

    def dump(*options: str) -> subprocess.CompletedProcess[str]:
        process = subprocess.Popen(
            [sys.executable, *options, "waits.py"],
            cwd=tmp_path,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        command = [sys.executable, "-m", "profiling.sampling", "dump", str(process.pid)]
        dumped = subprocess.run(command, capture_output=True, text=True)
        process.communicate("\n")
        return dumped

    plain = dump()
    if plain.returncode:
        pytest.skip(f"no process may be read here: {plain.stderr.splitlines()[-1]}")
    traced = dump("-m", "swifttrace")
    assert traced.returncode == 0, traced.stderr
    # The first line has the process ID.
    assert traced.stdout.splitlines()[1:] == plain.stdout.splitlines()[1:]


@SINCE_3_15
@SOURCES
def test_a_function_goes_on_if_iter_fails_for_its_generator_expression(
    run_traced: RunTraced, source: str
) -> None:
    """`sys.settrace` reports a return of `make`, and its exception twice.

    The frame that calls `iter()` has no Python object yet, so CPython passes its caller's.
    """
    program = """
class Bad:
    def __iter__(self): raise ValueError

def make(kind, x):
    try:
        items = (item for item in x)
    except (TypeError, ValueError): pass
    return len("12")

def fail(x): (item for item in x)

make('int', 1)
make('bad', Bad())
try: fail(1)
except TypeError: make('list', [])
"""
    lines = tree(run_traced, program, source)
    assert [line.partition(", x=")[0].partition("(self")[0] for line in lines] == [
        "<module> program.py()",
        "  Bad()",
        "  └ None",
        "  make(kind='int'",
        "  └ 2",
        "  make(kind='bad'",
        "    Bad.__iter__",
        "    ✗ ValueError",
        "  └ 2",
        "  fail(x=1)",
        "  ✗ TypeError",
        "  make(kind='list'",
        "  └ 2",
        "└ None",
    ]

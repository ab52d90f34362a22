"""The engine's module raises an exception for any arguments; the process lives."""

from pathlib import Path

from conftest import Run

PROGRAM = r"""
import ctypes, gc, itertools, os, sys, threading
import swifttrace
from swifttrace import _swifttrace as engine

def work(n):
    return [n]

with swifttrace.record("run.swt", values="safe"):
    for n in range(10):
        work(n)

class Text(str): ...
class Number(int): ...
class Pair(tuple): ...

def unfinished():
    # A tuple of five elements, none of which is set.
    make = ctypes.pythonapi.PyTuple_New
    make.restype, make.argtypes = ctypes.py_object, [ctypes.c_ssize_t]
    return make(5)

HOSTILE = [
    None, True, 0, -1, 1, 2**31, -2**31, 2**32, 2**63 - 1, 2**63, -2**63, -2**63 - 1, 2**100,
    -2**100, 1.5,
    float("nan"), "", "x", "\0", "a\0b", "\ud800", "x" * 10_000, b"", b"\0", b"\xff", (), (1,),
    (None,) * 15, [],
    ["\ud800"], [None], [1], [("tree", 1)], [("record", b"")], {}, object(), Text("x"),
    Number(3), Pair((1, 2)),
    sys, engine, type, unfinished(),
]

def recording():
    return engine.open_recording("run.swt", False)

nothing = os.open(os.devnull, os.O_WRONLY)
filters = (False, [], [], [], [], [], [])
settings = (None, None, None, None, None, None, "none", False, [], [], [], None, False, None, False)
recorder = (True, None, False, True, True, False, "3", "linux", ["a"], [], (1, 2), False, None)
counter = ([], [], True)
tracer = ([], [], None, True, 100, sys.stdout, [b""])

GOOD = {
    "start": lambda: ([("tree calls returns", nothing)], None, True, *filters, False, "auto"),
    "stop": lambda: (None,),
    "flush": lambda: (),
    "is_tracing": lambda: (),
    "change_filter": lambda: filters,
    "source": lambda: (),
    "show": lambda: (recording(), ["tree calls"], nothing, settings),
    "open_recording": lambda: ("run.swt", True),
    "read_events": lambda: (recording(), 10),
    "describe": lambda: (recording(),),
    "contents": lambda: (recording(),),
    "arrow_stream": lambda: (recording(), "events", None),
    "arrow_schema": lambda: ("events",),
    "export": lambda: (recording(), "chrome", nothing, None, None),
    "count_lines": lambda: (recording(), None, None),
    "view": lambda: (recording(), "stats", ["*"], (None, None, False, True), None),
    "progress": lambda: (recording(),),
    "call": lambda: (len, ([],)),
    "run_file": lambda: ("nothing.py", {}),
    "settrace": lambda: (None,),
    "setprofile": lambda: (None,),
}

calls = 0

def attempt(name, arguments):
    global calls
    calls += 1
    try:
        getattr(engine, name)(*arguments)
    except (Exception, SystemExit):
        pass
    for unset in (sys.setprofile, sys.settrace):
        try:
            unset(None)
        except TypeError:
            pass  # A function that cannot be called was set, and goes now.
    if engine.is_tracing():
        work(1)
        try:
            engine.stop()
        except Exception:
            pass

def changed(good, depth=0):
    # The arguments with each of them, and each element of each of them, in turn made another one.
    for place in range(len(good)):
        for other in HOSTILE:
            yield good[:place] + type(good)([other]) + good[place + 1:]
        if depth < 2 and type(good[place]) in (tuple, list):
            for inner in changed(good[place], depth + 1):
                yield good[:place] + type(good)([inner]) + good[place + 1:]
        yield good[:place] + good[place + 1:]
    yield good + good[:1]

def quietly():
    # What strategies say of descriptors that are not open.
    os.dup2(nothing, 2)

quietly()
for name, good in GOOD.items():
    for arguments in changed(good()):
        attempt(name, arguments)

for strategy in (("record calls", b"other.swt", recorder), ("count", sys.stdout, counter),
("trace", sys.stdout, tracer),
                 ("functions", print, ()), ("callers", print, ())):
    for arguments in changed(strategy):
        attempt("start", ([arguments], None, True, *filters, False, "auto"))

for name in ("callers", "callees", "paths", "diff", "stats", "\0"):
    for second in (None, recording()):
        attempt("view", (recording(), name, ["[", "*", ""], (None, None, True, True), second))

# A recording that is being read by another thread, or by a consumer of Arrow's stream.
shared = recording()
engine.arrow_stream(shared, "events", None)
for name, good in GOOD.items():
    arguments = good()
    if arguments and type(arguments[0]) is type(shared):
        attempt(name, (shared, *arguments[1:]))

sys.stdout.write(f"alive {calls > 1000}\n")
"""


def test_no_arguments_end_the_process(run_program: Run, tmp_path: Path) -> None:
    ended = run_program(PROGRAM)
    assert (ended.stdout.splitlines()[-1:], ended.status) == (["alive True"], 0)

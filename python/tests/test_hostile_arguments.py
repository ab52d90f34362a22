"""The engine's module raises exceptions for invalid arguments, and never ends the process."""

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
filters = {
    "all": False, "library_folders": [], "own": [], "hidden": [], "include": [], "exclude": [],
    "function": [],
}
tree = {"kind": "tree", "events": ["call", "return"], "color": False, "source": False}
logger = {**tree, "target": nothing}
request = {
    "strategies": [logger], "filter": filters, "depth": None, "all_threads": True,
    "may_be_running": False, "source": "auto", "reports_unmatched": False,
}
thread = {"process": None, "thread": None}
shown = {
    **thread, "loggers": [tree], "descriptor": nothing, "begin": None, "end": None, "depth": None,
    "tail": None, "times": "none", "follow": False, "include": [], "exclude": [], "function": [],
    "min_duration": 0, "fold": False, "max_children": None, "tasks": False,
}
exported = {**thread, "format": "chrome", "descriptor": nothing}
viewed = {
    **thread, "name": "stats", "globs": ["*"], "by_thread": False, "lines": True, "values": True,
    "other": None, "reverse": False, "share": 0.0, "depth": None,
}
recorder = {
    "kind": "record", "path": b"other.swt", "events": ["call"], "values": "safe", "max_size": None,
    "keep": "first", "min_duration": 0, "children": True, "force": True, "reports": False,
    "python": "3", "platform": "linux", "arguments": ["a"], "options": [], "run_id": (1, 2),
    "is_child": False, "note": "",
}
counter = {
    "kind": "count", "target": sys.stdout, "modules": [], "folders": [],
    "counts_running_frames": True,
}
tracer = {
    "kind": "trace", "target": sys.stdout, "modules": [], "folders": [], "start": None,
    "is_spaced": True, "gathered": 100, "sources": sys.stdout, "box": [b""],
}

ended = {
    "status": 1, "exception": KeyError("a"), "omitted": 0,
    "frames": [{"file": "a.py", "line": 1, "function": "f"}],
}
GOOD = {
    "program_ended": lambda: (ended,),
    "start": lambda: (request,),
    "stop": lambda: (None,),
    "flush": lambda: (),
    "is_tracing": lambda: (),
    "change_filter": lambda: (filters,),
    "source": lambda: (),
    "show": lambda: (recording(), shown),
    "open_recording": lambda: ("run.swt", True),
    "event_kinds": lambda: (),
    "read_events": lambda: (recording(), 10),
    "describe": lambda: (recording(),),
    "contents": lambda: (recording(),),
    "arrow_stream": lambda: (recording(), "events", None),
    "arrow_schema": lambda: ("events",),
    "export": lambda: (recording(), exported),
    "count_lines": lambda: (recording(), thread),
    "view": lambda: (recording(), viewed),
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
    if type(good) is dict:
        for name, value in good.items():
            for other in HOSTILE:
                yield {**good, name: other}
            if depth < 3 and type(value) in (tuple, list, dict):
                for inner in changed(value, depth + 1):
                    yield {**good, name: inner}
            yield {key: value for key, value in good.items() if key != name}
        for other in (None, 1, "more", "\ud800", b"kind", Text("kind"), (), type):
            yield {**good, other: None}
        return
    for place in range(len(good)):
        for other in HOSTILE:
            yield good[:place] + type(good)([other]) + good[place + 1:]
        if depth < 3 and type(good[place]) in (tuple, list, dict):
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

functions = {"kind": "functions", "target": print}
for strategy in (recorder, counter, tracer, functions, {**functions, "kind": "callers"},
                 {"kind": "calls", "target": nothing},
                 {"kind": "json", "events": ["line"], "target": b"other.txt"}):
    for arguments in changed(strategy):
        attempt("start", ({**request, "strategies": [arguments]},))

for name in ("callers", "callees", "paths", "diff", "stats", "overview", "exceptions", "\0"):
    for second in (None, recording()):
        attempt("view", (recording(), {**viewed, "name": name, "globs": ["[", "*", ""],
                                       "other": second}))

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


BY_NAME = (
    PROGRAM[: PROGRAM.index("GOOD = {")]
    + r"""
requests = {
    "start": request, "change_filter": filters, "show": shown, "export": exported,
    "count_lines": thread, "view": viewed, "program_ended": ended,
}
for name, good in requests.items():
    first = () if name in ("start", "change_filter", "program_ended") else (recording(),)
    for key in (*good, "unknown"):
        changed = dict(good)
        if key == "unknown":
            changed[key] = None
        else:
            del changed[key]
        try:
            getattr(engine, name)(*first, changed)
        except TypeError as error:
            problem = "unknown" if key == "unknown" else "missing"
            assert str(error) == f"{name}(): {problem} key '{key}'", error
        else:
            raise AssertionError((name, key))
for strategy in (logger, recorder, counter, tracer):
    for key in (*strategy, "unknown"):
        changed = {name: value for name, value in strategy.items() if name != key}
        if key == "unknown":
            changed[key] = None
        try:
            engine.start({**request, "strategies": [changed]})
        except TypeError as error:
            assert f" key '{key}'" in str(error), (strategy, key, error)
        else:
            raise AssertionError((strategy, key))
assert not os.path.exists("other.swt")
sys.stdout.write("named\n")
"""
)


def test_a_missing_or_unknown_key_is_named(run_program: Run, tmp_path: Path) -> None:
    ended = run_program(BY_NAME)
    assert (ended.stdout, ended.stderr, ended.status) == ("named\n", "", 0)

"""Events that C code fires, such as Cython's, and callbacks that a program calls itself."""

import json
import sys
from pathlib import Path

import pytest
from conftest import Run, RunRecorded, RunTraced
from running import run_python, without_durations

needs_monitoring = pytest.mark.skipif(sys.version_info < (3, 12), reason="needs sys.monitoring")
needs_firing = pytest.mark.skipif(sys.version_info < (3, 13), reason="PyMonitoring_Fire* are new")

# `fire` fires an event for a code object, as C code does for functions that it defines.
FIRE = r"""
import ctypes, sys

class State(ctypes.Structure):
    _fields_ = [("active", ctypes.c_uint8), ("opaque", ctypes.c_uint8)]

EVENTS = sys.monitoring.events
NUMBERS = {
    "PyStart": EVENTS.PY_START, "PyResume": EVENTS.PY_RESUME, "PyReturn": EVENTS.PY_RETURN,
    "PyYield": EVENTS.PY_YIELD, "Line": EVENTS.LINE, "Raise": EVENTS.RAISE,
    "PyUnwind": EVENTS.PY_UNWIND,
    "StopIteration": EVENTS.STOP_ITERATION, "Jump": EVENTS.JUMP, "PyThrow": EVENTS.PY_THROW,
}
GIVEN = {
    "PyReturn": [ctypes.py_object], "PyYield": [ctypes.py_object], "Line": [ctypes.c_int],
    "StopIteration": [ctypes.py_object], "Jump": [ctypes.py_object],
}

def fire(name, code, *given, offset=0):
    # A scope is entered for each event, so that what was disabled is not asked again.
    number = NUMBERS[name].bit_length() - 1
    state, version = State(), ctypes.c_uint64(0)
    kinds = (ctypes.c_uint8 * 1)(number)
    enter = ctypes.pythonapi.PyMonitoring_EnterScope
    enter(ctypes.byref(state), ctypes.byref(version), kinds, ctypes.c_ssize_t(1))
    if not state.active:
        return 0
    function = getattr(ctypes.pythonapi, f"_PyMonitoring_Fire{name}Event")
    types = [ctypes.c_void_p, ctypes.py_object, ctypes.c_int32, *GIVEN.get(name, [])]
    function.argtypes, function.restype = types, ctypes.c_int
    return function(ctypes.byref(state), code, offset, *given)
"""

# The events of two compiled functions, one of which calls Python code, and those of a generator.
PROGRAM = (
    FIRE
    + r"""
def compiled(name):
    source = f"\n\n\ndef {name}(x):\n    pass\n    pass\n"
    return compile(source, "module.pyx", "exec").co_consts[0]

def back(x):
    return x

f, g, generator = compiled("f"), compiled("g"), compiled("generator")

def run():
    fire("PyStart", f)
    fire("Line", f, 5)
    fire("PyStart", g)
    back(1)
    fire("Line", g, 6)
    fire("PyReturn", g, [7])
    fire("Line", f, 6)
    fire("PyReturn", f, None)
    fire("PyStart", generator)
    fire("PyYield", generator, 1)
    back(2)
    fire("PyResume", generator)
    fire("PyReturn", generator, None)
    back(3)

run()
"""
)

TREE = [
    "<module> program.py()",
    "  f(x)",
    "    g(x)",
    "      back(x=1)",
    "      └ 1",
    "    └ [7]",
    "  └ None",
    "  generator(x)",
    "  ├ yield 1",
    "  back(x=2)",
    "  └ 2",
    "  ↻ generator",
    "  └ None",
    "  back(x=3)",
    "  └ 3",
    "└ None",
]
# Without `run`: unlike a caller of C code, it has line events while the functions run.
NAMES = ("<module>", "back", "f", "g", "generator")
OPTIONS = [word for name in NAMES for word in ("--function", name)]


@needs_firing
def test_they_are_told_as_calls_of_functions_without_variables(run_traced: RunTraced) -> None:
    traced = run_traced(PROGRAM, *OPTIONS)
    assert (traced.stdout, traced.status) == ("", 0)
    assert without_durations(traced.stderr) == TREE


@needs_firing
def test_json_has_their_lines_and_depths(run_traced: RunTraced) -> None:
    traced = run_traced(PROGRAM, *OPTIONS, "--format", "json", "-o", "-")
    events = [json.loads(line) for line in traced.stdout.splitlines()]
    shown = [
        (event["kind"], event["function"], event["line"], event["depth"])
        for event in events
        if event["file"] == "module.pyx" and event["function"] in ("f", "g")
    ]
    assert traced.status == 0
    assert shown == [
        ("call", "f", 4, 1),
        ("line", "f", 5, 1),
        ("call", "g", 4, 2),
        ("line", "g", 6, 2),
        ("return", "g", 4, 2),
        ("line", "f", 6, 1),
        ("return", "f", 4, 1),
    ]


@needs_firing
def test_they_are_recorded(run_recorded: RunRecorded, tmp_path: Path) -> None:
    recorded = run_recorded(PROGRAM, *OPTIONS, "--values", "safe")
    shown = run_python("-m", "swifttrace", "show", next(tmp_path.glob("*.swt")), cwd=tmp_path)
    assert (recorded.stdout, recorded.status) == ("", 0)
    assert without_durations(shown.stdout) == TREE


@needs_firing
@pytest.mark.parametrize("options", [[], ["--function", "nothing"], ["--all"], ["--lines"]])
def test_no_order_of_events_does_harm(run_traced: RunTraced, options: list[str]) -> None:
    program = f"""{FIRE}
import random

def here(x):
    return x

class Other:
    co_name = "other"

codes = [here.__code__, (lambda: 0).__code__, compile("1", "module.pyx", "exec"), fire.__code__]
choose = random.Random(0)
lines, offsets = [0, 1, -1, 2**31 - 1], [0, 2, 7, 10**6, 2**30 - 2]
for number in range(3_000):
    name = choose.choice(list(NUMBERS))
    given = (number,)
    if name == "Line":
        given = (choose.choice(lines),)
    if name == "Jump":
        given = (choose.choice([*offsets, -1, 2**80]),)
    if name in ("Raise", "PyUnwind", "PyThrow", "StopIteration"):
        continue  # These need an exception that is set.
    given = given if name in GIVEN else ()
    assert fire(name, choose.choice(codes), *given, offset=choose.choice(offsets)) == 0
    here(number)
for name in ("PyStart", "PyResume"):
    assert fire(name, Other()) == 0
print("alive")
"""
    traced = run_traced(program, *options, "-o", "trace.txt")
    assert (traced.stdout, traced.stderr, traced.status) == ("alive\n", "", 0)


@needs_monitoring
def test_callbacks_that_a_program_calls_do_nothing(run_program: Run) -> None:
    program = """
import io, itertools, sys, swifttrace

def work():
    pass

EVENTS = sys.monitoring.events
NAMES = "PY_START PY_RESUME PY_THROW PY_RETURN PY_YIELD PY_UNWIND LINE JUMP RAISE".split()
NAMES.append("STOP_ITERATION")
odd = [None, 0, -1, 2**100, "", object(), work.__code__, KeyError(), sys]

def call_all(callbacks):
    for callback in callbacks:
        for count in range(4):
            for arguments in itertools.product([sys._getframe().f_code, work.__code__, *odd[:6]],
            repeat=count):
                assert callback(*arguments) in (None, sys.monitoring.DISABLE)

def within(code, offset):
    # A callback of another tool's, in which the interpreter counts as tracing.
    sys.monitoring.set_events(0, 0)
    call_all(callbacks)

out = io.StringIO()
for logger in (swifttrace.TreeLogger(out), swifttrace.LineLogger(out),
swifttrace.LineLogger("lines.txt")):
    with swifttrace.trace(logger, source="monitoring"):
        work()
        callbacks = []
        for name in NAMES:
            number = getattr(EVENTS, name)
            callback = sys.monitoring.register_callback(4, number, None)
            if callback is not None:
                sys.monitoring.register_callback(4, number, callback)
                callbacks.append(callback)
        call_all(callbacks)
        sys.monitoring.use_tool_id(0, "other")
        sys.monitoring.register_callback(0, EVENTS.PY_START, within)
        sys.monitoring.set_events(0, EVENTS.PY_START)
        work()
        sys.monitoring.free_tool_id(0)
    call_all(callbacks)
print(len(callbacks) > 5)
"""
    assert run_program(program).lines() == ["True"]

"""Sources of events, and changes of the filter during tracing."""

import collections
import json
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest
from conftest import Run, RunTraced
from running import run_python
from swifttrace import _swifttrace

NEEDS_MONITORING = pytest.mark.skipif(
    sys.version_info < (3, 12), reason="sys.monitoring came with Python 3.12"
)
SOURCES = ["settrace", pytest.param("monitoring", marks=NEEDS_MONITORING)]

TAKEN = "other tools hold the IDs of sys.monitoring that swifttrace uses (3, 4, 5)"

PROGRAM = """
import sys, swifttrace

def work(): pass
def other(): pass
"""


@NEEDS_MONITORING
def test_a_program_sees_no_trace_function(run_program: Run) -> None:
    program = f"""{PROGRAM}
def own(frame, event, arg):
    print("own:", event)

with swifttrace.trace(swifttrace.CallLogger(sys.stdout), source="monitoring"):
    print(sys.gettrace())
    sys.settrace(own)
    work()
    sys.settrace(None)
print(sys.monitoring.get_tool(3), sys.monitoring.get_tool(4))
"""
    shown = ["None", "own: call", "Call to work at line 4", "None None"]
    assert sorted(run_program(program).lines()) == sorted(shown)


@NEEDS_MONITORING
def test_taken_numbers_are_told_and_settrace_is_used(run_program: Run) -> None:
    program = f"""{PROGRAM}
for number in (3, 4, 5):
    sys.monitoring.use_tool_id(number, "another tool")
with swifttrace.trace(swifttrace.CallLogger(sys.stdout)):
    work()
print(sys.monitoring.get_tool(4))
try:
    swifttrace.start(swifttrace.CallLogger(sys.stdout), source="monitoring")
except RuntimeError as error:
    print(error)
"""
    ended = run_program(program)
    assert ended.status == 0
    assert ended.stdout.splitlines() == [
        "Call to work at line 4",
        "another tool",
        f"{TAKEN}; use source 'settrace'",
    ]
    assert ended.stderr == f"swifttrace: {TAKEN}; using sys.settrace's events\n"


@NEEDS_MONITORING
def test_other_numbers_are_left(run_program: Run) -> None:
    program = f"""{PROGRAM}
sys.monitoring.use_tool_id(4, "another tool")
with swifttrace.trace(swifttrace.CallLogger(sys.stdout), source="monitoring"):
    print(*[sys.monitoring.get_tool(number) for number in (3, 4, 5)])
    work()
print(*[sys.monitoring.get_tool(number) for number in (3, 4, 5)])
"""
    third = "swifttrace" if sys.version_info >= (3, 13) else None
    assert run_program(program).lines() == [
        f"{third} another tool swifttrace",
        "Call to work at line 4",
        "None another tool None",
    ]


STOPPING = """
def stop():
    before = 1
    breakpoint()
    after = 2
    return before + after

print(stop())
"""


@NEEDS_MONITORING
def test_a_debugger_stops_where_it_is_called(tmp_path: Path) -> None:
    """On 3.13, `breakpoint()` stops a line later if a tool of `sys.monitoring` is active."""
    script = tmp_path / "stopping.py"
    script.write_text(STOPPING)
    record = ["-m", "swifttrace", "record", "--source", "monitoring", "-o", "run.swt"]
    alone, traced = (
        run_python(*options, script, cwd=tmp_path, stdin="next\ncontinue\n").stdout
        for options in ([], record)
    )
    assert traced == alone
    assert ("-> breakpoint()" in alone) == (sys.version_info >= (3, 13))


@NEEDS_MONITORING
def test_a_number_that_is_taken_away_meanwhile_is_told(run_program: Run) -> None:
    program = f"""{PROGRAM}
with swifttrace.trace(swifttrace.CallLogger(sys.stdout), source="monitoring"):
    sys.monitoring.set_events(4, 0)
    work()
"""
    ended = run_program(program)
    assert (ended.stdout, ended.status) == ("", 0)
    assert "events after that are missing" in ended.stderr


def test_a_source_that_cannot_be_used_ends_the_command(tmp_path: Path) -> None:
    options = ["--source", "monitoring"]
    if sys.version_info >= (3, 12):
        options += ["--format", "json", "--c-calls"]
    ended = run_python("-m", "swifttrace", *options, "-c", "print(1)", cwd=tmp_path)
    assert (ended.stdout, ended.status) == ("", 2)
    assert ended.stderr.startswith("swifttrace: source 'monitoring' ")
    assert ended.stderr.count("\n") == 1


def test_an_unknown_source_is_refused(run_program: Run) -> None:
    ended = run_program("import swifttrace\nswifttrace.trace(source='both')")
    assert (
        "ValueError: source must be one of auto, settrace, monitoring, not 'both'" in ended.stderr
    )


@pytest.mark.parametrize("source", SOURCES)
def test_filters_change_while_tracing(run_program: Run, source: str) -> None:
    program = f"""{PROGRAM}
with swifttrace.trace(swifttrace.CallLogger(sys.stdout), function=["work"], source="{source}"):
    work(), other()
    swifttrace.set_filters(function=["other"])
    work(), other()
    swifttrace.set_filters(function=["work"])
    work(), other()
    swifttrace.set_filters()
    work(), other()
work(), other()
"""
    calls = ["work", "other", "work", "work", "other"]
    lines = {"work": 4, "other": 5}
    expected = [f"Call to {name} at line {lines[name]}" for name in calls]
    assert run_program(program).lines() == expected


def test_filters_of_no_trace_cannot_change(run_program: Run) -> None:
    ended = run_program("import swifttrace\nswifttrace.set_filters()")
    assert "RuntimeError: tracing has not been started" in ended.stderr


@pytest.mark.parametrize("source", SOURCES)
def test_a_second_session_traces_what_the_first_rejected(run_program: Run, source: str) -> None:
    program = f"""{PROGRAM}
for name in ("other", "work"):
    with swifttrace.trace(swifttrace.CallLogger(sys.stdout), function=[name], source="{source}"):
        work(), other()
"""
    assert run_program(program).lines() == ["Call to other at line 5", "Call to work at line 4"]


@NEEDS_MONITORING
def test_a_rejected_function_is_not_asked_again(run_program: Run) -> None:
    """After its first run, an excluded function runs instructions without events."""
    program = f"""{PROGRAM}
def lines():
    first = 1
    return first

def instructions():
    # With the interpreter's changes: co_code has none, what runs has.
    return lines.__code__._co_code_adaptive

with swifttrace.trace(swifttrace.LineLogger(sys.stdout), function=[FUNCTION], source="monitoring"):
    lines()
    during = instructions()
with swifttrace.trace(swifttrace.LineLogger(sys.stdout), function=["no"], source="monitoring"):
    lines()
print(during == instructions())
"""
    rejected = run_program(program.replace("FUNCTION", "'nothing'")).lines()
    traced = run_program(program.replace("FUNCTION", "'lines'")).lines()
    assert (rejected, traced[-1]) == (["True"], "False")


@pytest.mark.parametrize("source", SOURCES)
def test_exceptions_are_told_from_the_first_traced_call_on(run_program: Run, source: str) -> None:
    program = f"""{PROGRAM}
def fail():
    raise KeyError

def caught():
    try:
        fail()
    except KeyError:
        pass

def passed():
    fail()

def asked():
    return bool(sys.monitoring.get_events(4) & sys.monitoring.events.RAISE)

def run():
    yield caught()
    try:
        passed()
    except KeyError:
        pass

with swifttrace.record("run.swt", function=["caught", "passed"], source="{source}"):
    for _ in range(3):
        try:
            fail()
        except KeyError:
            pass
    before = "{source}" == "monitoring" and asked()
    for _ in run():
        pass
    after = "{source}" == "settrace" or asked()
print(before, after)
for event in swifttrace.open("run.swt"):
    if event.kind in ("exception", "unwind"):
        print(event.kind, event.function.name, event.value)
"""
    assert run_program(program).lines() == [
        "False True",
        "exception caught KeyError",
        "exception passed KeyError",
        "unwind passed KeyError",
    ]


STATES = """
#include <Python.h>

/* Calls a function by another state of the calling thread: a new one, or the one that was kept. */
static PyThreadState *kept = NULL;

PyObject *call_in_kept(PyObject *function) {
  if (kept == NULL) kept = PyThreadState_New(PyInterpreterState_Get());
  PyThreadState *own = PyThreadState_Swap(kept);
  PyObject *result = PyObject_CallNoArgs(function);
  PyThreadState_Swap(own);
  return result;
}

PyObject *call_in_new(PyObject *function) {
  PyThreadState *new = PyThreadState_New(PyInterpreterState_Get());
  PyThreadState *own = PyThreadState_Swap(new);
  PyObject *result = PyObject_CallNoArgs(function);
  PyThreadState_Clear(new);
  PyThreadState_Swap(own);
  PyThreadState_Delete(new);
  return result;
}

void end_kept(void) {
  PyThreadState *own = PyThreadState_Swap(kept);
  PyThreadState_Clear(kept);
  PyThreadState_Swap(own);
  PyThreadState_Delete(kept);
  kept = NULL;
}

/* A thread that Python does not know calls a function again and again, each time by a new state. */
#include <pthread.h>

static void *call_often(void *function) {
  for (int index = 0; index < 3; index++) {
    PyGILState_STATE state = PyGILState_Ensure();
    Py_XDECREF(PyObject_CallNoArgs(function));
    PyGILState_Release(state);
  }
  return NULL;
}

void call_in_thread(PyObject *function) {
  pthread_t thread;
  PyThreadState *own = PyEval_SaveThread();
  pthread_create(&thread, NULL, call_often, function);
  pthread_join(thread, NULL);
  PyEval_RestoreThread(own);
}
"""


@NEEDS_MONITORING
def test_a_thread_may_use_several_states(run_program: Run, tmp_path: Path) -> None:
    """The cached `PyThreadState` of a thread may be unused or freed."""
    (tmp_path / "states.c").write_text(STATES)
    build = ["cc", "-shared", "-fPIC", "-I", sysconfig.get_path("include"), "states.c"]
    subprocess.run([*build, "-o", "states.so"], cwd=tmp_path, check=True)
    program = f"""{PROGRAM}
import ctypes

states = ctypes.PyDLL("./states.so")
for function in (states.call_in_kept, states.call_in_new):
    function.restype = ctypes.py_object
    function.argtypes = [ctypes.py_object]
states.call_in_thread.argtypes = [ctypes.py_object]
states.call_in_thread.restype = None

def inner():
    return 1

def outer(call=None):
    first = inner()
    # The same function, above a frame of its own, by another state.
    return first + (call(outer) if call else 0)

with swifttrace.trace(swifttrace.EventLogger(sys.stdout), source="monitoring"):
    for _ in range(3):
        outer(states.call_in_kept)
        outer(states.call_in_new)
    states.call_in_thread(outer)
    states.end_kept()
    outer()
"""
    one = [
        "Calling function: outer",
        "Calling function: inner",
        "inner returned 1",
    ]
    nested = [*one, *one, "outer returned 1", "outer returned 2"]
    shown = [line for line in run_program(program).lines() if not line.startswith("Executing")]
    assert shown == nested * 6 + [*one, "outer returned 1"] * 4


# Removes and restores the trace function, as doctest and debuggers do.
PUT_BACK = """
import sys

def outer():
    total = inner()
    total += 1
    return total

def inner():
    before = sys.gettrace()
    sys.settrace(None)
    unseen()
    sys.settrace(before)
    total = 0
    for number in range(1000):
        total += number
    seen()
    return total

def unseen():
    pass

def seen():
    pass

outer()
after = 1
"""


@pytest.mark.parametrize("source", SOURCES)
def test_lines_of_running_frames_go_on_after_the_function_is_put_back(
    run_traced: RunTraced, source: str
) -> None:
    traced = run_traced(PUT_BACK, "--source", source, "--format", "json", "-o", "-")
    assert traced.status == 0
    events = [json.loads(line) for line in traced.stdout.splitlines()]
    lines = [event["line"] for event in events if event["event"] == "line"]
    # Under PyEval_SetTrace, the call of `unseen` and the line that restores it have no events.
    missing = [] if source == "monitoring" else [12, 13, 21]
    every = dict.fromkeys((2, 4, 9, 20, 23, 26, 27, 5, 10, 11, 12, 13, 14, 17, 18, 6, 7, 21, 24), 1)
    every |= {15: 1001, 16: 1000}
    assert collections.Counter(lines) == {
        line: count for line, count in every.items() if line not in missing
    }
    calls = [event["function"] for event in events if event["event"] == "call"]
    unseen = ["unseen"] if source == "monitoring" else []
    assert calls == ["<module>", "outer", "inner", *unseen, "seen"]
    depths = {event["function"]: event["depth"] for event in events}
    assert (depths["inner"], depths["seen"], depths["outer"], depths["<module>"]) == (2, 3, 1, 0)


def test_a_profile_function_that_is_put_back_goes_on(run_traced: RunTraced) -> None:
    program = """
import sys
before = sys.getprofile()
sys.setprofile(None)
sys.setprofile(before)
len("")
def f(): abs(1)
f()
"""
    traced = run_traced(program, "--format", "json", "--c-calls", "-o", "-")
    events = [json.loads(line) for line in traced.stdout.splitlines()]
    called = [event["value"] for event in events if event["event"] == "c_call"]
    assert "<built-in function len>" in called
    assert "<built-in function abs>" in called
    assert [event["function"] for event in events if event["event"] == "call"] == ["<module>", "f"]


@pytest.mark.parametrize("command", [[], ["record"]], ids=["trace", "record"])
def test_help_says_what_auto_is_with_this_python(tmp_path: Path, command: list[str]) -> None:
    program = "import swifttrace._swifttrace as s\ndef f():\n    print(s.source())\nf()\n"
    (tmp_path / "program.py").write_text(program)
    options = [*command, "-o", "out"]
    source = run_python("-m", "swifttrace", *options, "program.py", cwd=tmp_path).stdout.strip()
    assert source == _swifttrace.auto_source
    assert (source == "monitoring") == (sys.version_info >= (3, 12))
    text = run_python("-m", "swifttrace", *command, "--help", cwd=tmp_path).stdout
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    name = {"monitoring": "sys.monitoring", "settrace": "PyEval_SetTrace"}[source]
    assert f"auto: with Python {version} {name}" in " ".join(text.split())

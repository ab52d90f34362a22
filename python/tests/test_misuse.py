"""Misuse raises an error with the reason."""

import pytest
from conftest import Run

MISUSE = """
import sys, swifttrace

closed = open(__file__)
closed.close()

try:
    STATEMENT
except Exception as error:
    print(f"{type(error).__name__}: {error}")
print(sys.gettrace())
"""

CLOSED = "<_io.TextIOWrapper name='FILE' mode='r' encoding='UTF-8'>"


@pytest.mark.parametrize(
    ("statement", "message"),
    [
        (
            "swifttrace.stop()",
            "RuntimeError: tracing has not been started: call swifttrace.start() first",
        ),
        (
            "swifttrace.start(swifttrace.CallLogger)",
            "TypeError: not a strategy: <class 'swifttrace._tracing.strategies.CallLogger'>; "
            "write CallLogger()",
        ),
        (
            "swifttrace.trace(swifttrace.TreeLogger)",
            "TypeError: not a strategy: <class 'swifttrace._tracing.strategies.TreeLogger'>; "
            "write TreeLogger()",
        ),
        ("swifttrace.start('calls')", "TypeError: not a strategy: 'calls'"),
        ("swifttrace.traced(7)", "TypeError: not a strategy: 7"),
        (
            "swifttrace.CallLogger(7)",
            "TypeError: file must be a path, a file object or None, not int",
        ),
        (
            "swifttrace.CallLogger(file=object())",
            "TypeError: file must be a path, a file object or None, not object",
        ),
        (
            "swifttrace.start(swifttrace.CallLogger('/nowhere/trace.txt'))",
            "FileNotFoundError: [Errno 2] No such file or directory: '/nowhere/trace.txt'",
        ),
        (
            "swifttrace.start(swifttrace.CallLogger('/'))",
            "IsADirectoryError: [Errno 21] Is a directory: '/'",
        ),
        ("swifttrace.start(depth=0)", "ValueError: depth must be at least 1, not 0"),
        ("swifttrace.trace(depth=-1)", "ValueError: depth must be at least 1, not -1"),
        ("swifttrace.trace(depth='2')", "TypeError: depth must be an int or None, not str"),
        (
            "swifttrace.trace(include='*.py')",
            "TypeError: include must be a sequence of str, such as include=['*.py']",
        ),
        (
            "swifttrace.start(function=[len])",
            "TypeError: function must be a sequence of str, such as function=['*.py']",
        ),
        (
            "swifttrace.trace(dpeth=1)",
            "TypeError: trace.__init__() got an unexpected keyword argument 'dpeth'",
        ),
        (
            "swifttrace.record('run.swt', dpeth=1)",
            "TypeError: record.__init__() got an unexpected keyword argument 'dpeth'",
        ),
        (
            "swifttrace.Recorder('run.swt', depth=1)",
            "TypeError: Recorder.__init__() got an unexpected keyword argument 'depth'",
        ),
        ("swifttrace._swifttrace.change_filter([])", "TypeError: change_filter(): expected a dict"),
        (
            "swifttrace._swifttrace.change_filter({})",
            "TypeError: change_filter(): missing key 'all'",
        ),
        (
            "swifttrace._swifttrace.change_filter({'all': 1})",
            "TypeError: change_filter(): all must be a bool",
        ),
    ],
)
def test_misuse(run_program: Run, statement: str, message: str) -> None:
    program = MISUSE.replace("STATEMENT", statement)
    shown, tracer = run_program(program).lines()
    assert shown.split("; did you mean")[0].split(". Did you mean")[0] == message
    assert tracer == "None"


@pytest.mark.parametrize(
    "statement",
    [
        "swifttrace.start(swifttrace.CallLogger(closed))",
        "swifttrace.trace(swifttrace.CallLogger(closed))",
    ],
)
def test_a_closed_file(run_program: Run, statement: str) -> None:
    shown, tracer = run_program(MISUSE.replace("STATEMENT", statement)).lines()
    assert shown.startswith("ValueError: the file to write to is closed: <_io.TextIOWrapper name=")
    assert tracer == "None"


@pytest.mark.parametrize("second", ["swifttrace.start()", "swifttrace.trace().__enter__()"])
def test_starting_twice_leaves_the_first_trace_going(run_program: Run, second: str) -> None:
    program = f"""
import sys, swifttrace

def f(): pass

swifttrace.start(swifttrace.CallLogger(sys.stdout))
try:
    {second}
except RuntimeError as error:
    print(error)
f()
swifttrace.stop()
"""
    assert run_program(program).lines() == [
        "tracing has been started already: call swifttrace.stop() first",
        "Call to f at line 4",
    ]


def test_starting_twice_does_not_empty_the_file_of_the_first(run_program: Run) -> None:
    program = """
import swifttrace

def f(): pass

swifttrace.start(swifttrace.CallLogger("trace.txt"))
f()
try:
    swifttrace.start(swifttrace.ReturnLogger("trace.txt"))
except RuntimeError:
    pass
swifttrace.stop()
with open("trace.txt") as file:
    print(file.read(), end="")
"""
    assert run_program(program).lines() == ["Call to f at line 4"]


def test_a_class_of_the_users_own_is_no_strategy(run_program: Run) -> None:
    program = """
import swifttrace

class Mine(swifttrace.Strategy):
    pass

try:
    swifttrace.start(Mine())
except (TypeError, ValueError) as error:
    print(type(error).__name__, error)
"""
    (line,) = run_program(program).lines()
    assert line.startswith(("TypeError ", "ValueError "))
    assert "Mine" in line


def test_an_error_at_the_start_traces_nothing(run_program: Run) -> None:
    program = """
import sys, swifttrace

def f(): pass

try:
    swifttrace.start(swifttrace.CallLogger(sys.stdout), swifttrace.LineLogger("/nowhere/x"))
except FileNotFoundError as error:
    print(error.filename)
f()
swifttrace.start(swifttrace.CallLogger(sys.stdout))
f()
swifttrace.stop()
"""
    assert run_program(program).lines() == ["/nowhere/x", "Call to f at line 4"]

"""The four original tracers in Python, whose output the Swift strategies reproduce."""

import re
from pathlib import Path

import pytest
from conftest import Run, RunTraced
from running import run_python

CALLS = """\
import sys


def trace_calls(frame, event, arg):
    if event == "call":
        print(f"Call to {frame.f_code.co_name} at line {frame.f_lineno}")
    return trace_calls


def foo():
    print("Inside foo()")


def bar():
    print("Inside bar()")
    foo()


sys.settrace(trace_calls)
bar()
sys.settrace(None)
"""

CALLS_OUTPUT = """\
Call to bar at line 14
Inside bar()
Call to foo at line 10
Inside foo()
"""

LINES = """\
import sys


def trace_lines(frame, event, arg):
    if event == "line":
        lineno = frame.f_lineno
        filename = frame.f_code.co_filename
        print(f"Executing line {lineno} in {filename}")
    return trace_lines


def sample_function():
    x = 1
    y = 2
    z = x + y
    print(z)


sys.settrace(trace_lines)
sample_function()
sys.settrace(None)
"""

LINES_OUTPUT = """\
Executing line 13 in FOLDER/program.py
Executing line 14 in FOLDER/program.py
Executing line 15 in FOLDER/program.py
Executing line 16 in FOLDER/program.py
3
"""

RETURNS = """\
import sys


def trace_return(frame, event, arg):
    if event == "return":
        print(f"Returning from {frame.f_code.co_name} with value {arg}")
    return trace_return


def add(a, b):
    return a + b


sys.settrace(trace_return)
result = add(3, 4)
sys.settrace(None)
print("Result:", result)
"""

RETURNS_OUTPUT = """\
Returning from add with value 7
Result: 7
"""

EVENTS = """\
import sys


def trace_calls(frame, event, arg):
    if event == "call":
        print(f"Calling function: {frame.f_code.co_name}")
    elif event == "line":
        print(f"Executing line {frame.f_lineno} in {frame.f_code.co_name}:{frame.f_code.co_filename}")
    elif event == "return":
        print(f"{frame.f_code.co_name} returned {arg}")
    return trace_calls


sys.settrace(trace_calls)


def add(a, b):
    result = a + b
    return result


def main():
    x = add(1, 2)
    print(f"Result: {x}")


main()
"""  # noqa: E501 - as it was written

EVENTS_OUTPUT = """\
Calling function: main
Executing line 23 in main:FOLDER/program.py
Calling function: add
Executing line 18 in add:FOLDER/program.py
Executing line 19 in add:FOLDER/program.py
add returned 3
Executing line 24 in main:FOLDER/program.py
Result: 3
main returned None
"""

PROGRAMS = [
    pytest.param(CALLS, "CallLogger", CALLS_OUTPUT, id="calls"),
    pytest.param(LINES, "LineLogger", LINES_OUTPUT, id="lines"),
    pytest.param(RETURNS, "ReturnLogger", RETURNS_OUTPUT, id="returns"),
    pytest.param(EVENTS, "EventLogger", EVENTS_OUTPUT, id="events"),
]


def with_strategy(program: str, strategy: str) -> str:
    """The program with its tracer replaced by a Swift strategy, without changing line numbers."""
    tracer, count = re.subn(
        r"^def trace_\w+\(.*?^    return trace_\w+\n",
        lambda match: "import swifttrace\n" + "#\n" * (match[0].count("\n") - 1),
        program,
        flags=re.MULTILINE | re.DOTALL,
    )
    assert count == 1
    started, count = re.subn(
        r"sys\.settrace\(trace_\w+\)",
        f"swifttrace.start(swifttrace.{strategy}(file=sys.stdout))",
        tracer,
    )
    assert count == 1
    return started.replace("sys.settrace(None)", "swifttrace.stop()")


def without_tracer(program: str) -> str:
    """The program without its tracer, with unchanged line numbers."""
    started = re.sub(r"swifttrace\.(start|stop)\(.*\)", "pass", with_strategy(program, "X"))
    return started.replace("import swifttrace", "#")


def own_lines(output: str) -> str:
    """The output without the original tracer's lines for threading's code at the end."""
    foreign = r"(Calling function: _\w+|Executing line \d+ in .*/threading\.py|_\w+ returned .*)\n"
    return re.sub(foreign, "", output)


@pytest.mark.parametrize(("program", "strategy", "expected"), PROGRAMS)
def test_the_strategy_prints_what_the_original_prints(
    run_program: Run, tmp_path: Path, program: str, strategy: str, expected: str
) -> None:
    expected = expected.replace("FOLDER", str(tmp_path))
    original = run_program(program)
    assert own_lines(original.stdout) == expected

    traced = run_program(with_strategy(program, strategy))
    assert traced.stdout == expected
    assert (traced.stderr, traced.status) == ("", 0)


@pytest.mark.parametrize(("program", "strategy", "expected"), PROGRAMS)
def test_the_command_line_prints_the_same_about_the_functions(
    run_traced: RunTraced, tmp_path: Path, program: str, strategy: str, expected: str
) -> None:
    option = "--" + strategy.removesuffix("Logger").lower() + "s"
    traced = run_traced(without_tracer(program), "--format", "sentences", option, "-o", "-")
    assert (traced.stderr, traced.status) == ("", 0)
    # The lines of the module are those with its name that are outside functions.
    in_functions = range(13, 17) if strategy == "LineLogger" else range(1000)
    shown = []
    for line in traced.stdout.splitlines():
        number = re.match(r"Executing line (\d+)", line)
        if "<module>" not in line and (number is None or int(number[1]) in in_functions):
            shown.append(line)
    assert shown == expected.replace("FOLDER", str(tmp_path)).splitlines()


# More of the language, compared with a tracer in Python that reports raw events.

LANGUAGE = """\
import contextlib


def numbers(count):
    for number in range(count):
        try:
            yield number
        finally:
            count -= 1


@contextlib.contextmanager
def opened(name):
    yield name


class Shape:
    sides = 4

    def __init__(self, *sizes, unit="cm"):
        self.sizes = [size * 2 for size in sizes]

    @property
    def total(self):
        return sum(self.sizes)

    def __enter__(self):
        return self

    def __exit__(self, *error):
        return True


def fails(value):
    try:
        return 1 // value
    except ZeroDivisionError:
        return -1
    finally:
        value += 1


def matches(value):
    match value:
        case [first, *_]:
            return first
        case {"key": found}:
            return found
        case _:
            while True:
                if value > 3:
                    break
                value += 1
    return (lambda: value)()


def main():
    assert sum(n for n in numbers(3)) == 3
    with Shape(1, 2) as shape:
        shape.total
        raise KeyError("swallowed")
    with opened("x") as name:
        name = f"{name}"
    for value in ([1, 2], {"key": 0}, 1):
        matches(value)
    fails(0)
    fails(1)
    return {key: [value] for key, value in zip("ab", (1, 2))}
"""

PYTHON_TRACER = """
import os, sys
out = []


def tracer(frame, event, arg):
    if frame.f_code.co_filename != __file__:
        return None
    if event == "call":
        out.append(f"Call to {frame.f_code.co_name} at line {frame.f_lineno}")
    elif event == "line":
        out.append(f"Executing line {frame.f_lineno} in {frame.f_code.co_filename}")
    return tracer


sys.settrace(tracer)
main()
sys.settrace(None)
print(*out, sep="\\n")
"""

SWIFT_STRATEGIES = """
import swifttrace, sys
with swifttrace.trace(swifttrace.CallLogger(sys.stdout), swifttrace.LineLogger(sys.stdout)):
    main()
"""


def test_calls_and_lines_are_those_of_a_tracer_in_python(run_program: Run) -> None:
    expected = run_program(LANGUAGE + PYTHON_TRACER).lines()
    shown = run_program(LANGUAGE + SWIFT_STRATEGIES).lines()
    assert len(expected) > 50
    assert [line.replace("Resuming ", "Call to ") for line in shown] == expected


def test_the_module_of_a_script_is_line_0(run_traced: RunTraced) -> None:
    traced = run_traced("x = 1\n", "--format", "sentences", "--calls", "-o", "-")
    assert traced.lines() == ["Call to <module> at line 0"]


def test_an_original_still_works_under_the_command_line(tmp_path: Path) -> None:
    # The program sets its own trace function, which replaces the engine's.
    (tmp_path / "program.py").write_text(RETURNS)
    options = ("--source", "settrace", "-o", "trace.txt")
    ended = run_python("-m", "swifttrace", *options, "program.py", cwd=tmp_path)
    assert (ended.stdout, ended.status) == (RETURNS_OUTPUT, 0)
    assert ended.stderr == (
        "swifttrace: another trace function was set while tracing; events after that are missing\n"
    )

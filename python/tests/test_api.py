"""`trace`, `start` and `stop`: the traced code, and the time of tracing."""

from pathlib import Path

import pytest
from conftest import Run
from running import without_durations


def test_the_block_is_traced_and_nothing_else(run_program: Run) -> None:
    program = """
import sys, swifttrace

def f(x):
    return x + 1

f(1)
with swifttrace.trace(swifttrace.ReturnLogger(sys.stdout)):
    f(2)
f(3)
"""
    assert run_program(program).lines() == ["Returning from f with value 3"]


def test_the_context_manager_is_what_with_gives(run_program: Run) -> None:
    program = """
import sys, swifttrace
tracing = swifttrace.trace(swifttrace.CallLogger(sys.stdout))
with tracing as given:
    print(given is tracing)
with tracing:
    (lambda: 0)()
"""
    assert run_program(program).lines() == ["True", "Call to <lambda> at line 7"]


def test_an_exception_leaves_the_block_and_ends_the_tracing(run_program: Run) -> None:
    program = """
import sys, swifttrace

def fails():
    raise ValueError("no")

def f(): pass

try:
    with swifttrace.trace(swifttrace.CallLogger(sys.stdout)):
        fails()
except ValueError as error:
    print(error, error.__context__)
f()
print(sys.gettrace())
"""
    assert run_program(program).lines() == ["Call to fails at line 4", "no None", "None"]


def test_start_and_stop(run_program: Run) -> None:
    program = """
import sys, swifttrace

def f(x):
    return x

def starts():
    swifttrace.start(swifttrace.CallLogger(sys.stdout))
    f(1)

f(0)
starts()
f(2)
swifttrace.stop()
f(3)
swifttrace.start(swifttrace.ReturnLogger(sys.stdout))
f(4)
swifttrace.stop()
"""
    assert run_program(program).lines() == [
        "Call to f at line 4",
        "Call to f at line 4",
        "Returning from f with value 4",
    ]


def test_a_program_that_never_stops_has_all_its_text_at_the_end(
    run_program: Run, tmp_path: Path
) -> None:
    program = """
import swifttrace
swifttrace.start(swifttrace.ReturnLogger("trace.txt"))
for number in range(3):
    (lambda: number)()
"""
    assert run_program(program).lines() == []
    assert (tmp_path / "trace.txt").read_text() == (
        "Returning from <lambda> with value 0\n"
        "Returning from <lambda> with value 1\n"
        "Returning from <lambda> with value 2\n"
    )


def test_frames_that_were_running_before_stay_silent(run_program: Run, tmp_path: Path) -> None:
    program = """
import sys, swifttrace

def inner():
    return 1

def outer():
    swifttrace.start(swifttrace.EventLogger(sys.stdout))
    inner()
    return 2

def numbers():
    yield 1
    yield 2

running = numbers()
next(running)
outer()
next(running)
swifttrace.stop()
"""
    assert run_program(program).lines() == [
        "Calling function: inner",
        f"Executing line 5 in inner:{tmp_path}/program.py",
        "inner returned 1",
        "Resuming function: numbers",
        f"Executing line 14 in numbers:{tmp_path}/program.py",
        "numbers yielded 2",
    ]


def test_several_strategies_write_in_the_order_of_events(run_program: Run) -> None:
    program = """
import sys, swifttrace

def f():
    return 5

loggers = [swifttrace.ReturnLogger, swifttrace.CallLogger, swifttrace.EventLogger]
with swifttrace.trace(*[logger(sys.stdout) for logger in loggers]):
    f()
"""
    calls, more_calls, line, returns, more_returns = run_program(program).lines()
    assert (calls, more_calls) == ("Call to f at line 4", "Calling function: f")
    assert line.startswith("Executing line 5 in f:")
    assert (returns, more_returns) == ("Returning from f with value 5", "f returned 5")


def test_several_strategies_to_one_file_and_to_several(run_program: Run, tmp_path: Path) -> None:
    program = """
import swifttrace

def f():
    return 5

with swifttrace.trace(
    swifttrace.CallLogger("both.txt"),
    swifttrace.ReturnLogger("both.txt"),
    swifttrace.ReturnLogger("returns.txt"),
):
    f()
"""
    assert run_program(program).lines() == []
    both = "Call to f at line 4\nReturning from f with value 5\n"
    assert (tmp_path / "both.txt").read_text() == both
    assert (tmp_path / "returns.txt").read_text() == "Returning from f with value 5\n"


def test_without_a_strategy_a_tree_goes_to_standard_error(run_program: Run) -> None:
    program = """
import swifttrace

def add(a, b=2, *rest, c, **named):
    return a + b

def main():
    add(1, c="x")
    add(1, 3, 4, c=None, d=5)

with swifttrace.trace():
    main()
"""
    ended = run_program(program)
    assert (ended.stdout, ended.status) == ("", 0)
    assert without_durations(ended.stderr) == [
        "main()",
        "  add(a=1, b=2, *rest=(), c='x', **named={})",
        "  └ 3",
        "  add(a=1, b=3, *rest=(4,), c=None, **named={'d': 5})",
        "  └ 4",
        "└ None",
    ]


def test_what_leaves_a_frame_is_told_apart(run_program: Run) -> None:
    program = """
import sys, swifttrace, asyncio

def numbers():
    yield 1
    return 2

def fails():
    raise KeyError

async def waits():
    await asyncio.sleep(0)

with swifttrace.trace(swifttrace.ReturnLogger(sys.stdout)):
    list(numbers())
    try: fails()
    except KeyError: pass
    asyncio.run(waits())
"""
    assert run_program(program).lines() == [
        "Yielding from numbers with value 1",
        "Returning from numbers with value 2",
        "Unwinding fails with KeyError",
        "Awaiting in waits",
        "Returning from waits with value None",
    ]


def test_a_tracer_that_was_there_before_is_put_back(run_program: Run) -> None:
    program = """
import sys, swifttrace

def own(frame, event, arg):
    if event == "call":
        print("own:", frame.f_code.co_name)

def f(): pass

sys.settrace(own)
with swifttrace.trace(swifttrace.CallLogger(sys.stdout), source="settrace"):
    f()
print(sys.gettrace() is own)
f()
"""
    ended = run_program(program)
    assert ended.status == 0
    assert ended.stderr == (
        "swifttrace: another trace function was set before; it gets no events until tracing ends\n"
    )
    lines = [line for line in ended.stdout.splitlines() if "__" not in line]
    assert "Call to f at line 8" in lines
    assert lines[lines.index("Call to f at line 8") :].count("own: f") == 1
    assert "True" in lines


@pytest.mark.parametrize("name", ["start", "stop", "trace", "traced"])
def test_everything_has_a_docstring(run_program: Run, name: str) -> None:
    program = f"import swifttrace\nprint(swifttrace.{name}.__doc__.splitlines()[0])\n"
    (line,) = run_program(program).lines()
    assert line.endswith(".")


def test_a_type_checker_finds_the_types() -> None:
    import swifttrace

    package = Path(swifttrace.__file__).parent
    assert (package / "py.typed").is_file()
    assert (package / "_swifttrace.pyi").is_file()

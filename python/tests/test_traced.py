"""`@traced` traces each call of a function of any kind."""

import json
from pathlib import Path

import pytest
from conftest import Run
from running import without_durations


def test_a_plain_function(run_program: Run) -> None:
    program = """
import sys, swifttrace

def helper(x):
    return x * 2

@swifttrace.traced(swifttrace.ReturnLogger(sys.stdout))
def double(x, *, plus=0):
    "Doubles."
    return helper(x) + plus

helper(1)
print(double(2, plus=1), double.__name__, double.__doc__)
helper(3)
double(4)
"""
    assert run_program(program).lines() == [
        "Returning from helper with value 4",
        "Returning from double with value 5",
        "5 double Doubles.",
        "Returning from helper with value 8",
        "Returning from double with value 8",
    ]


def test_without_arguments_a_tree_goes_to_standard_error(run_program: Run) -> None:
    program = """
import swifttrace

@swifttrace.traced
def double(x):
    return x * 2

print(double(4))
"""
    ended = run_program(program)
    assert (ended.stdout, ended.status) == ("8\n", 0)
    assert without_durations(ended.stderr) == ["double(x=4)", "└ 8"]


def test_a_recursive_function_is_one_trace(run_program: Run) -> None:
    program = """
import sys, swifttrace

@swifttrace.traced(swifttrace.TreeLogger(sys.stdout))
def factorial(n):
    return n * factorial(n - 1) if n else 1

factorial(2)
"""
    ended = run_program(program)
    assert without_durations("\n".join(ended.lines())) == [
        "factorial(n=2)",
        "  factorial(n=1)",
        "    factorial(n=0)",
        "    └ 1",
        "  └ 1",
        "└ 2",
    ]


def test_an_exception_passes_through(run_program: Run) -> None:
    program = """
import sys, swifttrace

@swifttrace.traced(swifttrace.ReturnLogger(sys.stdout))
def fails():
    raise ValueError("no")

try:
    fails()
except ValueError as error:
    print(error, error.__context__, sys.gettrace())
"""
    assert run_program(program).lines() == ["Unwinding fails with ValueError", "no None None"]


def test_methods_of_every_kind(run_program: Run) -> None:
    program = """
import sys, swifttrace
traced = swifttrace.traced(swifttrace.ReturnLogger(sys.stdout))

class Shape:
    @traced
    def method(self, x): return x

    @classmethod
    @traced
    def inner(cls, x): return cls.__name__ + x

    @traced
    @classmethod
    def outer(cls, x): return cls.__name__ + x

    @staticmethod
    @traced
    def static(x): return x

    @traced
    @staticmethod
    def other(x): return x

    @property
    @traced
    def size(self): return 6

class Square(Shape): pass

shape = Square()
print(shape.method(1), Square.inner("2"), Square.outer("3"))
print(shape.static(4), Square.other(5), shape.size)
"""
    assert run_program(program).lines() == [
        "Returning from method with value 1",
        "Returning from inner with value Square2",
        "Returning from outer with value Square3",
        "1 Square2 Square3",
        "Returning from static with value 4",
        "Returning from other with value 5",
        "Returning from size with value 6",
        "4 5 6",
    ]


def test_a_generator_is_traced_while_it_runs(run_program: Run) -> None:
    program = """
import sys, swifttrace

def helper(): pass

@swifttrace.traced(swifttrace.CallLogger(sys.stdout), swifttrace.ReturnLogger(sys.stdout))
def numbers():
    got = yield 1
    try:
        yield got
    except KeyError:
        pass
    yield from "ab"
    return 9

generator = numbers()
print("next", next(generator))
helper()
print("send", generator.send("sent"))
print("throw", generator.throw(KeyError))
print("next", next(generator))
helper()
try:
    next(generator)
except StopIteration as end:
    print("end", end.value)
"""
    assert run_program(program).lines() == [
        "Call to numbers at line 6",
        "Yielding from numbers with value 1",
        "next 1",
        "Resuming numbers at line 8",
        "Yielding from numbers with value sent",
        "send sent",
        "Resuming numbers at line 10",
        "Yielding from numbers with value a",
        "throw a",
        "Resuming numbers at line 13",
        "Yielding from numbers with value b",
        "next b",
        "Resuming numbers at line 13",
        "Returning from numbers with value 9",
        "end 9",
    ]


def test_closing_a_generator_runs_its_end(run_program: Run) -> None:
    program = """
import sys, swifttrace

def cleanup(): print("cleaned")

@swifttrace.traced(swifttrace.CallLogger(sys.stdout), function=["cleanup"])
def numbers():
    try:
        yield 1
    finally:
        cleanup()

generator = numbers()
next(generator)
generator.close()
print("closed", list(generator))
"""
    assert run_program(program).lines() == ["Call to cleanup at line 4", "cleaned", "closed []"]


def test_a_coroutine_is_traced_while_it_runs(run_program: Run) -> None:
    program = """
import asyncio, inspect, sys, swifttrace

def helper(): pass

@swifttrace.traced(swifttrace.CallLogger(sys.stdout), swifttrace.ReturnLogger(sys.stdout))
async def waits(name):
    await asyncio.sleep(0)
    return name

async def other():
    helper()
    await asyncio.sleep(0)
    helper()

async def main():
    print(await asyncio.gather(waits("a"), other(), waits("b")))

asyncio.run(main())
print(inspect.iscoroutinefunction(waits))
"""
    assert run_program(program).lines() == [
        "Call to waits at line 6",
        "Awaiting in waits",
        "Call to waits at line 6",
        "Awaiting in waits",
        "Resuming waits at line 8",
        "Returning from waits with value a",
        "Resuming waits at line 8",
        "Returning from waits with value b",
        "['a', None, 'b']",
        "True",
    ]


def test_an_exception_thrown_into_a_coroutine(run_program: Run) -> None:
    program = """
import asyncio, sys, swifttrace

@swifttrace.traced(swifttrace.ReturnLogger(sys.stdout))
async def waits():
    try:
        await asyncio.sleep(60)
    except asyncio.CancelledError:
        print("cancelled")
        raise

async def main():
    task = asyncio.create_task(waits())
    await asyncio.sleep(0)
    task.cancel()
    try:
        await task
    except asyncio.CancelledError:
        print("passed through")

asyncio.run(main())
"""
    assert run_program(program).lines() == [
        "Awaiting in waits",
        "cancelled",
        "Unwinding waits with asyncio.exceptions.CancelledError",
        "passed through",
    ]


def test_an_asynchronous_generator(run_program: Run) -> None:
    program = """
import asyncio, sys, swifttrace

@swifttrace.traced(swifttrace.ReturnLogger(sys.stdout))
async def numbers():
    try:
        yield 1
        await asyncio.sleep(0)
        yield 2
        yield 3
    finally:
        print("end")

async def main():
    generator = numbers()
    async for number in generator:
        print("got", number)
        if number == 2:
            break
    await generator.aclose()
    print("closed")

asyncio.run(main())
"""
    lines = run_program(program).lines()
    # The yielded value of an async generator is shown in CPython's internal wrapper.
    assert [line for line in lines if "from numbers" not in line] == [
        "got 1",
        "Awaiting in numbers",
        "got 2",
        "end",
        "Unwinding numbers with GeneratorExit",
        "closed",
    ]
    assert len([line for line in lines if line.startswith("Yielding from numbers")]) == 2


def test_a_call_made_while_tracing_is_on_is_part_of_that_trace(run_program: Run) -> None:
    program = """
import sys, swifttrace

@swifttrace.traced(swifttrace.ReturnLogger("never.txt"))
def f(): return 1

with swifttrace.trace(swifttrace.CallLogger(sys.stdout), function=["f"]):
    f()
    f()
"""
    assert run_program(program).lines() == ["Call to f at line 4", "Call to f at line 4"]


def test_a_file_keeps_the_text_of_all_calls(run_program: Run, tmp_path: Path) -> None:
    program = """
import swifttrace

@swifttrace.traced(swifttrace.ReturnLogger("trace.txt"))
def f(x): return x

@swifttrace.traced(swifttrace.ReturnLogger("generator.txt"))
def g():
    yield 1
    yield 2

for number in range(3):
    f(number)
list(g())
"""
    assert run_program(program).lines() == []
    assert (tmp_path / "trace.txt").read_text() == (
        "Returning from f with value 0\n"
        "Returning from f with value 1\n"
        "Returning from f with value 2\n"
    )
    assert (tmp_path / "generator.txt").read_text() == (
        "Yielding from g with value 1\n"
        "Yielding from g with value 2\n"
        "Returning from g with value None\n"
    )


def test_only_the_thread_of_the_call_is_traced(run_program: Run) -> None:
    program = """
import sys, swifttrace, threading

go, done = threading.Event(), threading.Event()

def other():
    go.wait()
    elsewhere()
    done.set()

def elsewhere(): pass

@swifttrace.traced(swifttrace.CallLogger(sys.stdout))
def f():
    go.set()
    done.wait()

thread = threading.Thread(target=other)
thread.start()
f()
thread.join()
"""
    assert run_program(program).lines() == ["Call to f at line 13"]


@pytest.mark.parametrize(
    ("decorated", "message"),
    [
        ("swifttrace.traced()(7)", "TypeError: only functions and methods can be traced, not 7"),
        (
            "swifttrace.traced(property(len))",
            "TypeError: not a strategy: <property object at",
        ),
        ("swifttrace.traced(depth=0)", "ValueError: depth must be at least 1, not 0"),
    ],
)
def test_what_cannot_be_traced(run_program: Run, decorated: str, message: str) -> None:
    program = f"""
import swifttrace
try:
    {decorated}
except Exception as error:
    print(f"{{type(error).__name__}}: {{error}}")
"""
    (line,) = run_program(program).lines()
    assert line.startswith(message)


def test_functions_that_threads_call_at_once(run_program: Run) -> None:
    program = """
import sys, threading, swifttrace

sys.setswitchinterval(1e-6)

@swifttrace.traced(swifttrace.CallLogger("trace.txt"))
def f(): return 1

results = []

def work():
    for _ in range(200):
        results.append(f())

threads = [threading.Thread(target=work) for _ in range(4)]
for thread in threads: thread.start()
for thread in threads: thread.join()
print(len(results))
"""
    assert run_program(program).lines() == ["800"]


def test_a_generator_that_is_left_over_at_the_end(run_program: Run) -> None:
    program = """
import swifttrace

@swifttrace.traced
def numbers():
    yield 1

left = numbers()
print(next(left))
"""
    ended = run_program(program)
    assert (ended.stdout, ended.status) == ("1\n", 0)
    assert "Traceback" not in ended.stderr
    assert "Error" not in ended.stderr


THREADS = """
import sys, threading, swifttrace
arrived = threading.Barrier(2)

@swifttrace.traced(swifttrace.ReturnLogger(sys.stdout))
def work(name):
    arrived.wait()
    for _ in range(100):
        step(name)
    arrived.wait()
    return name

@swifttrace.traced(swifttrace.CallLogger("calls.txt"))
def other(name):
    arrived.wait()
    step(name)
    arrived.wait()

def step(name):
    return name

def run(*functions):
    threads = [
        threading.Thread(target=function, args=(number,)) for number,
        function in enumerate(functions)
    ]
    for thread in threads: thread.start()
    for thread in threads: thread.join()
    assert sys.gettrace() is None
"""


def test_calls_in_several_threads_at_once_are_traced(run_program: Run) -> None:
    lines = run_program(f"{THREADS}\nrun(work, work)\nrun(work, work)").lines()
    for name in ("0", "1"):
        assert lines.count(f"Returning from step with value {name}") == 200
        assert lines.count(f"Returning from work with value {name}") == 2
    assert len(lines) == 404


def test_each_thread_has_the_strategies_of_its_own_call(run_program: Run, tmp_path: Path) -> None:
    lines = run_program(f"{THREADS}\nrun(work, other)").lines()
    assert lines.count("Returning from step with value 0") == 100
    assert len(lines) == 101
    calls = (tmp_path / "calls.txt").read_text().splitlines()
    assert [line.split(" at ")[0] for line in calls] == ["Call to other", "Call to step"]


def test_threads_that_are_traced_at_once_have_separate_numbers(
    run_program: Run, tmp_path: Path
) -> None:
    logger = "swifttrace.JSONLogger('events.jsonl')"
    program = THREADS.replace("swifttrace.ReturnLogger(sys.stdout)", logger)
    run_program(f"{program.replace('range(100)', 'range(2)')}\nrun(work, work)").lines()
    text = (tmp_path / "events.jsonl").read_text()
    events = [json.loads(line) for line in text.splitlines()]
    ends = {(event["thread"], event["value"]) for event in events if event["event"] == "return"}
    assert sorted(number for number, _ in ends) == [0, 1]
    assert sorted(value for _, value in ends) == ["0", "1"]
    for number in (0, 1):
        own = [event for event in events if event["thread"] == number and event["event"] != "line"]
        assert [(event["event"], event["function"], event["depth"]) for event in own] == [
            ("call", "work", 0),
            *[("call", "step", 1), ("return", "step", 1)] * 2,
            ("return", "work", 0),
        ]


def test_a_fork_and_an_end_with_several_traced_threads(run_program: Run) -> None:
    program = f"""{THREADS}
import os, warnings
warnings.simplefilter("ignore")  # Of a fork with several threads.
started = threading.Event()

@swifttrace.traced(swifttrace.CallLogger("waits.txt"))
def wait():
    step("waits")
    started.set()
    threading.Event().wait()

threading.Thread(target=wait, daemon=True).start()
started.wait()

@swifttrace.traced(swifttrace.ReturnLogger(sys.stdout))
def fork():
    child = os.fork()
    if child == 0:
        step("child")
        os._exit(0)
    return os.waitpid(child, 0)[1]

fork()
step("not traced")
print(open("waits.txt").read().count("Call to step"))
"""
    assert run_program(program).lines() == [
        "Returning from step with value child",
        "Returning from fork with value 0",
        "1",
    ]

"""The program that the tests of exports record, and its calls, computed from the events."""

from pathlib import Path
from typing import NamedTuple

import swifttrace
from running import run_python
from swifttrace._printable import label

PROGRAM = """
import asyncio
import os
import threading


def fib(number):
    return number if number < 2 else fib(number - 1) + fib(number - 2)


def count(end):
    for number in range(end):
        yield number


def delegate():
    yield from count(3)


def fail():
    raise ValueError("it's; a\\n\\"test\\"")


def catch():
    try:
        fail()
    except ValueError:
        pass


async def wait(number):
    await asyncio.sleep(0)
    return number


async def together():
    return await asyncio.gather(wait(1), wait(2))


def work():
    fib(6)
    sum(count(5))
    list(delegate())
    catch()


def main():
    work()
    thread = threading.Thread(target=work, name="a; second thread")
    thread.start()
    thread.join()
    asyncio.run(together())
    child = os.fork()
    if child == 0:
        fib(4)
        os._exit(0)
    os.waitpid(child, 0)


main()
"""

# Three tasks that run one coroutine in turns. Each calls `step` with its name.
TASKS = """
import asyncio


def step(name):
    return name


async def turn(name):
    step(name)
    await asyncio.sleep(0)


async def worker(name):
    for _ in range(4):
        await turn(name)


async def main():
    await asyncio.gather(*(worker(name) for name in "abc"))


asyncio.run(main())
"""
WORKERS = ("worker [task 2]", "worker [task 3]", "worker [task 4]")


class Step(NamedTuple):
    """The begin (`call`, `resume`, `c_call`) or the end (`return`, `yield`, ...) of a call."""

    kind: str
    function: str
    time: int
    is_end: bool


Steps = dict[tuple[int, int], list[Step]]


def record(folder: Path, program: str, *options: str) -> swifttrace.Recording:
    """Record a program to `run.swt`."""
    (folder / "program.py").write_text(program)
    done = run_python("-m", "swifttrace", "record", *options, "program.py", cwd=folder)
    assert done.status == 0, done.stderr
    return swifttrace.open(folder / "run.swt")


def steps_of(recording: swifttrace.Recording) -> Steps:
    """The steps of each thread, computed from the events of `swifttrace.open`.

    A child process starts in functions that it has not called; these begin at their first event. A
    call without an end, such as `os._exit`, ends at the last event.
    """
    result: Steps = {}
    running: dict[tuple[int, int], list[tuple[str, str]]] = {}
    for event in recording:
        key = (event.process, event.thread)
        steps, stack = result.setdefault(key, []), running.setdefault(key, [])
        # Exports name a module with its file.
        name = label(event.function.qualified_name, event.function.file)
        if event.kind in ("call", "resume"):
            steps.append(Step(event.kind, name, event.time, False))
            stack.append((event.event, name))
            continue
        if not any(known == ("call", name) for known in stack):
            steps.append(Step("call", name, event.time, False))
            stack.append(("call", name))
        if event.event == "return":
            assert stack.pop() == ("call", name)
            steps.append(Step(event.kind, name, event.time, True))
        elif event.kind == "c_call":
            assert event.value is not None
            stack.append(("c_call", event.value))
            steps.append(Step("c_call", event.value, event.time, False))
        elif event.kind in ("c_return", "c_exception") and stack[-1][0] == "c_call":
            kind = "return" if event.kind == "c_return" else "unwind"
            steps.append(Step(kind, stack.pop()[1], event.time, True))
    for key, stack in running.items():
        last = result[key][-1].time
        result[key] += [Step("lost", name, last, True) for _, name in reversed(stack)]
    return result

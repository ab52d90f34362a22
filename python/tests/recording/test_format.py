"""docs/format.md is complete: a reader written from it agrees with swifttrace's own reader."""

import itertools
from pathlib import Path

import pytest
import swifttrace
from independent_reader import KINDS, TraceFile
from running import run_python

PROGRAM = """
import asyncio
import threading


class Refused(Exception):
    pass


def fail(message):
    raise Refused(message)


def catch(message):
    try:
        fail(message)
    except Refused:
        return len(message)


def count(limit):
    for number in range(limit):
        yield number


def both(limit):
    yield from zip(count(limit), count(limit))


async def wait(number):
    await asyncio.sleep(0)
    return number


async def together():
    return await asyncio.gather(*(wait(number) for number in range(5)))


def descend(level):
    return descend(level - 1) if level else "ü\\ud800"


def work(name):
    for number in range(300):
        catch(f"{name} {number}")
    list(both(30))
    descend(200)
    far = [



        descend(number)
        for number in range(3)
    ]
    namespace = {}
    for number in range(50):
        exec(f"def made_{number}(): return {number}", namespace)
        namespace[f"made_{number}"]()
    asyncio.run(together())
    return far


threads = [threading.Thread(target=work, args=[f"thread {number}"]) for number in range(3)]
for thread in threads:
    thread.start()
work("main")
for thread in threads:
    thread.join()
"""

CALLS = """
def inner(number):
    return number


def outer():
    for number in range(1000):
        inner(number)


for _ in range(100):
    outer()
"""

WAYS = {
    "plain": [],
    "values": ["--values", "safe"],
    "functions in C": ["--c-calls", "--values", "safe"],
    "names of functions in C": ["--c-calls"],
    "calls alone": ["--calls"],
    "lines alone": ["--lines"],
    "all code": ["--all"],
    "depth": ["--depth", "2"],
    "the last": ["--all", "--max-size", "256K", "--keep", "last"],
    "the first": ["--all", "--max-size", "256K", "--values", "safe"],
}


def compare(path: Path) -> int:
    """Compares the results of both readers for a file. Returns its number of events."""
    own = swifttrace.open(path, children=False)
    file = TraceFile(path)
    events = list(own)
    assert own.damage == ()
    assert own.processes == (file.process,)
    assert (own.python, own.platform, own.folder) == (file.python, file.platform, file.folder)
    assert own.arguments == tuple(file.arguments)
    assert own.options == tuple(file.options)
    assert (own.start, own.has_values, own.ended) == (
        file.wall_start,
        file.has_values,
        ("open", "stopped", "failed")[file.end],
    )
    end = own.info().end
    if file.program_end is None:
        assert (end.status, end.exception) == (None, None)
    else:
        assert (end.status, end.exception, end.message, end.omitted) == (
            file.program_end.status,
            file.program_end.exception,
            file.program_end.message,
            file.program_end.omitted,
        )
        stack = [(frame.file, frame.line, frame.name) for frame in end.stack]
        assert stack == file.program_end.frames
    for thread in own.threads:
        cell = file.threads[thread.index]
        assert thread.name == cell["name"]
        assert (thread.native_id, thread.ident) == (cell["native_id"], cell["ident"])
        assert thread.dropped == file.dropped(thread.index)
        mine = [event for event in events if event.thread == thread.index]
        for event, other in itertools.zip_longest(mine, file.events(thread.index)):
            function = file.functions[other.function]
            assert event.kind == other.kind
            assert event.function == swifttrace.Function(
                function.name,
                function.qualified_name,
                file.sources[function.file],
                function.first_line,
                tuple(function.parameters),
            )
            assert (event.line, event.depth) == (other.line, other.depth)
            assert event.time == other.time - file.start
            assert event.task == other.task
            if event.event == "call":
                assert event.arguments == tuple(other.texts)
            elif other.texts:
                assert (event.value, event.message or "") == (
                    other.texts[0],
                    "".join(other.texts[1:]),
                )
            else:
                assert event.value == file.c_functions.get(other.c_function)
    assert {event.thread for event in events} <= {thread.index for thread in own.threads}
    return len(events)


@pytest.mark.parametrize("way", WAYS)
def test_both_readers_agree(tmp_path: Path, way: str) -> None:
    (tmp_path / "program.py").write_text(PROGRAM)
    command = ["-m", "swifttrace", "record", *WAYS[way], "program.py"]
    assert run_python(*command, cwd=tmp_path).status == 0
    assert compare(tmp_path / "run.swt") > 1000


@pytest.mark.parametrize("way", ["plain", "the last"])
def test_both_readers_agree_on_many_calls(tmp_path: Path, way: str) -> None:
    (tmp_path / "program.py").write_text(CALLS)
    command = ["-m", "swifttrace", "record", *WAYS[way], "program.py"]
    assert run_python(*command, cwd=tmp_path).status == 0
    assert compare(tmp_path / "run.swt") > 50_000


def test_both_readers_agree_on_a_killed_program(tmp_path: Path) -> None:
    program = PROGRAM + "\nimport os, signal\nos.kill(os.getpid(), signal.SIGKILL)\n"
    (tmp_path / "program.py").write_text(program)
    command = ["-m", "swifttrace", "record", "--values", "safe", "program.py"]
    assert run_python(*command, cwd=tmp_path).status == -9
    assert compare(tmp_path / "run.swt") > 1000


@pytest.mark.parametrize("values", [[], ["--values", "safe"]])
def test_both_readers_agree_on_an_uncaught_exception(tmp_path: Path, values: list[str]) -> None:
    program = "def descend(n):\n    return descend(n - 1) if n else {}['key']\n\ndescend(300)\n"
    (tmp_path / "program.py").write_text(program)
    command = ["-m", "swifttrace", "record", *values, "program.py"]
    assert run_python(*command, cwd=tmp_path).status == 1
    assert compare(tmp_path / "run.swt") > 600
    end = TraceFile(tmp_path / "run.swt").program_end
    assert end is not None
    assert (end.status, end.exception, end.omitted) == (1, "KeyError", 202)
    assert end.message == ("key" if values else None)
    assert end.frames[0][1:] == (4, "<module>")
    assert end.frames[-1][1:] == (2, "descend")


def test_each_kind_of_event_is_compared(tmp_path: Path) -> None:
    (tmp_path / "program.py").write_text(PROGRAM)
    command = ["-m", "swifttrace", "record", "--c-calls", "program.py"]
    assert run_python(*command, cwd=tmp_path).status == 0
    file = TraceFile(tmp_path / "run.swt")
    seen = {event.kind for thread in file.threads for event in file.events(thread)}
    # No opcode, which a frame must request, and no c_exception, which C code must raise.
    assert seen >= set(KINDS) - {"", "opcode", "c_exception"}

"""`show` prints a recording like the live loggers, line for line."""

import json
from pathlib import Path

import pytest
import swifttrace
from conftest import Run
from running import run_python

PROGRAM = """
import asyncio
import functools
import threading

import swifttrace


class Odd:
    def __repr__(self):
        raise AssertionError("no code of the program's is run")


class Refused(Exception):
    pass


def give(value, *rest, **named):
    return value


def nothing():
    pass


def fail(message):
    raise Refused(message)


def catch():
    try:
        fail("it's")
    except Refused:
        pass
    try:
        {}["a", 1]
    except KeyError:
        pass
    try:
        fail("")
    except Refused:
        pass
    try:
        raise Refused
    except Refused:
        pass


def count():
    got = yield 1
    yield got
    return "end"


def delegate():
    pass
    yield from count()


async def wait(number):
    await asyncio.sleep(0)
    return number


async def ticks():
    for number in range(3):
        yield number


async def together():
    values = [number async for number in ticks()]
    return values + await asyncio.gather(wait(1), wait("two"))


@functools.lru_cache
def descend(level):
    if level:
        return descend(level - 1)
    return sorted([3, 1], key=lambda item: -item)


def main():
    give(1), give(None), give(1.5, 2, name=[3]), give(10 ** 40), give(True, ...)
    give("it's"), give('say "it\\'s"\\n\\t\\x00\\x7fü\\u3042\\U0001f600\\ud800')
    give(b"by\\x00'tes")
    give("x" * 1000), give("'"), give(""), give("..."), give("\\\\"), give("'quoted'")
    give([{"a": (1,)}, {2}, frozenset()]), give(Odd), give(len), give(nothing), give(range(3))
    give(bytearray(b"a'b")), give(1j), give([list(range(200))])
    nothing()
    catch()
    steps = count()
    next(steps), steps.send("sent")
    list(steps)
    outer = delegate()
    next(outer)
    try:
        outer.throw(Refused)
    except Refused:
        pass
    asyncio.run(together())
    descend(30)
    eval("give(__name__)")
    thread = threading.Thread(target=give, args=["in a thread"])
    thread.start()
    thread.join()


strategies = [
    swifttrace.TreeLogger("live-tree.txt", lines=True),
    swifttrace.EventLogger("live-events.txt"),
    swifttrace.CallLogger("live-calls.txt"),
    swifttrace.LineLogger("live-lines.txt"),
    swifttrace.ReturnLogger("live-returns.txt"),
    swifttrace.JSONLogger("live-json.txt", c_calls=True),
]
events = ["call", "line", "return", "exception", "opcode", "c_call"]
recorder = swifttrace.Recorder("run.swt", events=events, values="safe")
with swifttrace.trace(*strategies, recorder, all=ALL):
    main()
"""

SHOWN = {
    "tree": ["--calls", "--lines", "--returns"],
    "events": ["--format", "sentences", "--events"],
    "calls": ["--format", "sentences", "--calls"],
    "lines": ["--format", "sentences", "--lines"],
    "returns": ["--format", "sentences", "--returns"],
    "json": ["--format", "json", "--c-calls"],
}


@pytest.mark.parametrize("everything", [False, True])
def test_live_and_shown_text_are_equal(run_program: Run, tmp_path: Path, everything: bool) -> None:
    assert run_program(PROGRAM.replace("ALL", str(everything))).lines() == []
    for name, options in SHOWN.items():
        live = (tmp_path / f"live-{name}.txt").read_text(errors="surrogateescape")
        shown = run_python("-m", "swifttrace", "show", *options, "run.swt", cwd=tmp_path)
        assert (shown.stderr, shown.status) == ("", 0)
        assert live.count("\n") > 50
        for live_line, line in zip(live.split("\n"), shown.stdout.split("\n"), strict=True):
            assert line == live_line, name


@pytest.mark.parametrize("events", [["return"], ["line"], ["line", "return"], ["exception"]])
def test_a_part_of_the_events_has_the_same_lines(
    run_program: Run, tmp_path: Path, events: list[str]
) -> None:
    # The first event of a function is not its call.
    program = PROGRAM.replace("ALL", "False").replace(
        "events = [", f"events = {events} if True else ["
    )
    assert run_program(program).lines() == []
    live = [json.loads(line) for line in (tmp_path / "live-json.txt").read_text().splitlines()]
    expected = [
        (event["kind"], event["function"], event["line"], event["depth"])
        for event in live
        if event["event"] in events
    ]
    assert len(expected) > 5
    got = [
        (event.kind, event.function.qualified_name, event.line, event.depth)
        for event in swifttrace.open(tmp_path / "run.swt")
    ]
    assert got == expected

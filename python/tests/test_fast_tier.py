"""The fast tier handles events like the full one, and declines events that it cannot handle.

A session with a limit of depth has no fast tier, even if no program reaches the limit.
"""

import pytest
from conftest import Run

# More frames than fit in a new stack, more lines than fit in the buffer, generators, and exceptions
# of a class that the stack must own: caught, propagated, and replaced by one of a static class.
WORK = """
import gc, sys, swifttrace


class Own(Exception):
    pass


def deep(depth):
    return depth and deep(depth - 1)


def leaf(error):
    raise error


def passes(error):
    leaf(error)


def replaces():
    try:
        passes(Own())
    except Own:
        leaf(KeyError())


def catches():
    for error in [KeyError(), Own(), KeyError()]:
        try:
            passes(error)
        except (KeyError, Own):
            pass
    try:
        replaces()
    except KeyError:
        pass


def inner():
    yield 1
    return (yield 2)


def outer():
    yield from inner()
    yield from (passes(Own()), 1)


def work():
    for _ in range(30):
        deep(300)
        catches()
        try:
            list(outer())
        except Own:
            pass


def traced(start):
    gc.collect()
    references = sys.getrefcount(Own)
    with start:
        work()
    gc.collect()
    return sys.getrefcount(Own) - references
"""

TEXT = """
for logger in [
    swifttrace.CallLogger, swifttrace.LineLogger, swifttrace.ReturnLogger, swifttrace.EventLogger
]:
    texts = []
    for name, depth in [("fast.txt", None), ("full.txt", 1000000)]:
        kept = traced(swifttrace.trace(logger(name), depth=depth, source=sys.argv[1]))
        with open(name) as file:
            texts.append(file.read())
        if kept:
            print(logger.__name__, name, "keeps references:", kept)
    if texts[0] != texts[1] or len(texts[0]) < 100000:
        print(logger.__name__, len(texts[0]), len(texts[1]))
"""

RECORDING = """
for events in [("call", "return"), ("call", "line", "return", "exception")]:
    seen = []
    for name, depth in [("fast.swt", None), ("full.swt", 1000000)]:
        recorder = swifttrace.Recorder(name, events=events, force=True)
        kept = traced(swifttrace.trace(recorder, depth=depth, source=sys.argv[1]))
        if kept:
            print(events, name, "keeps references:", kept)
        seen.append([
            (event.kind, event.function.name, event.line, event.depth, event.value)
            for event in swifttrace.Recording(name)
        ])
    if seen[0] != seen[1] or len(seen[0]) < 10000:
        print(events, len(seen[0]), len(seen[1]))
"""

SOURCES = ["settrace", "auto"]


@pytest.mark.parametrize("source", SOURCES)
def test_text_is_that_of_the_full_tier(run_program: Run, source: str) -> None:
    assert run_program(WORK + TEXT, source).lines() == []


@pytest.mark.parametrize("source", SOURCES)
def test_a_recording_is_that_of_the_full_tier(run_program: Run, source: str) -> None:
    assert run_program(WORK + RECORDING, source).lines() == []


# Text for standard error is not buffered, so the fast tier has no space for a line.
ORDER = """
import os, sys, swifttrace


def f():
    os.write(2, b"in f\\n")


def g():
    f()
    os.write(2, b"in g\\n")


with swifttrace.trace(getattr(swifttrace, sys.argv[1])(), function=["f", "g"], source=sys.argv[2]):
    g()
    os.write(2, b"in none\\n")
"""


@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize(
    ("logger", "shown"),
    [
        (
            "CallLogger",
            ["Call to g at line 9", "Call to f at line 5", "in f", "in g", "in none"],
        ),
        (
            "LineLogger",
            [
                "Executing line 10",
                "Executing line 6",
                "in f",
                "Executing line 11",
                "in g",
                "in none",
            ],
        ),
        (
            "ReturnLogger",
            [
                "in f",
                "Returning from f with value None",
                "in g",
                "Returning from g with value None",
                "in none",
            ],
        ),
    ],
)
def test_lines_for_standard_error_are_written_at_once(
    run_program: Run, logger: str, shown: list[str], source: str
) -> None:
    ended = run_program(ORDER, logger, source)
    assert [line.split(" in /")[0] for line in ended.stderr.splitlines()] == shown

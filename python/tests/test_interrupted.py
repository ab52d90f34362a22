"""After an exception of a signal handler, at any point, no part of a trace remains."""

import sys
from pathlib import Path

import pytest
from conftest import Run

# Ways of tracing a block. Each trace must have ended when the block is left in any way.
WAYS = {
    "trace": """
def way():
    with swifttrace.trace(swifttrace.TreeLogger(io.StringIO()), source=SOURCE):
        work(3)
""",
    "record": """
def way():
    with swifttrace.record("run.swt", force=True, values="safe", source=SOURCE):
        work(3)
""",
    "start and stop": """
def way():
    swifttrace.start(swifttrace.CallLogger(io.StringIO()), source=SOURCE)
    try:
        work(3)
    finally:
        swifttrace.stop()
""",
    "a recorder that is started and stopped": """
recorder = swifttrace.record("run.swt", force=True, source=SOURCE)
def way():
    recorder.start()
    try:
        work(3)
    finally:
        recorder.stop()
""",
    "a recorded function": """
way = swifttrace.record("run.swt", force=True, source=SOURCE)(lambda: work(3))
""",
    "a traced function": """
way = swifttrace.traced(swifttrace.CallLogger(io.StringIO()))(lambda: work(3))
""",
    "a traced generator": """
@swifttrace.traced(swifttrace.CallLogger(io.StringIO()))
def steps():
    yield work(2)
    yield work(3)
def way():
    return list(steps())
""",
    "the standard library's trace": """
import swifttrace.trace
tracer = swifttrace.trace.Trace(count=1, trace=0)
def way():
    tracer.runfunc(work, 3)
""",
}

PROGRAM = """
import contextlib, io, os, sys, swifttrace
SOURCE = "auto"

class Interrupt(Exception):
    pass

def work(number):
    return sum(work(n) for n in range(number)) + 1

def check():
    # Untraced, tracing can be started.
    assert not swifttrace._swifttrace.is_tracing(), place
    assert dict(os.environ) == before, place
    swifttrace.start(swifttrace.CallLogger(io.StringIO()))
    swifttrace.stop()

place = None
before = dict(os.environ)
"""

# Interrupts at each place at which CPython checks for signals: at the start of a function, after a
# C call, and at a loop's jump back.
EACH_PLACE = """
way()
way()  # What is imported the first time has been.
monitoring, events, tool = sys.monitoring, sys.monitoring.events, 2
monitoring.use_tool_id(tool, "interrupts")
PACKAGE = os.path.dirname(swifttrace.__file__) + os.sep
LOOKING = events.PY_START | events.CALL | events.JUMP
count = wanted = 0

def look(code, *rest):
    global count, place
    if code.co_filename.startswith(PACKAGE):
        count += 1
        if count in wanted:
            place = (code.co_qualname, rest)
            raise Interrupt

for event in (events.PY_START, events.C_RETURN, events.JUMP):
    monitoring.register_callback(tool, event, look)

def interrupted(*numbers):
    global count, wanted
    count, wanted = 0, numbers
    monitoring.set_events(tool, LOOKING)
    try:
        way()
    except Interrupt:
        pass
    monitoring.set_events(tool, 0)
    check()
    return count >= numbers[-1]

number = 1
while interrupted(number):
    interrupted(number, number + 1)
    interrupted(number, number + 3, number + 4)
    number += 1
print(number > 10)
"""

SIGNALS = """
import random, signal

# From 3.14 on, CPython runs handlers between `__enter__` and the block of a `with` statement, also
# of the program's own.
HAS_GAP = sys.version_info >= (3, 14)

def handler(_, frame):
    global in_gap
    if armed:
        in_gap = HAS_GAP and frame.f_code is way.__code__
        raise Interrupt

signal.signal(signal.SIGALRM, handler)
random.seed(1)
hits = 0
for _ in range(300):
    in_gap = False
    try:
        armed = True
        signal.setitimer(signal.ITIMER_REAL, random.uniform(1e-5, 6e-4))
        way()
    except Interrupt:
        hits += 1
    armed = False
    signal.setitimer(signal.ITIMER_REAL, 0)
    if in_gap and swifttrace._swifttrace.is_tracing():
        swifttrace.stop()
    check()
print(hits > 20)
"""


@pytest.mark.skipif(sys.version_info < (3, 12), reason="needs sys.monitoring")
@pytest.mark.parametrize("source", ["auto", "settrace"])
@pytest.mark.parametrize("way", WAYS)
def test_an_interrupt_at_each_place(run_program: Run, way: str, source: str) -> None:
    program = (PROGRAM + WAYS[way] + EACH_PLACE).replace('"auto"', f'"{source}"')
    assert run_program(program).lines() == ["True"]


# Without `start()`: tracing stays on if a handler raises between it and the program's `try`.
BLOCKS = [way for way in WAYS if "start" not in way]


@pytest.mark.parametrize("way", BLOCKS)
def test_interrupts_of_a_timer(run_program: Run, tmp_path: Path, way: str) -> None:
    ended = run_program(PROGRAM + WAYS[way] + SIGNALS)
    # Python prints exceptions that are raised in its own callbacks, such as a weakref's.
    assert (ended.stdout, ended.status) == ("True\n", 0), ended.stderr

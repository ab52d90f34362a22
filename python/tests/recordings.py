"""Programs that count what they do in memory that outlives them, and checks of their recordings."""

import struct
import sys
from collections.abc import Iterable
from pathlib import Path

import swifttrace
from swifttrace import Event, Recording

sys.path.append(str(Path(__file__).parent / "recording"))
from independent_reader import HEADER_HOLES, check, zeroed

# Goes before a program that calls `step` again and again. The count of its calls is in the file
# `count`, which is shared memory: whatever becomes of the program, what it had counted stays. A
# call counts when its event has been handled, so a recording has it.
COUNTING = """\
import mmap, os

def cell():
    file = os.open("count", os.O_RDWR | os.O_CREAT)
    os.ftruncate(file, 8)
    memory = mmap.mmap(file, 8)
    os.close(file)
    return memoryview(memory).cast("Q")

count = cell()

def step():
    count[0] += 1
    return inner(1)

def inner(value):
    try:
        return value / 0
    except ZeroDivisionError:
        return value
"""

# The events of one call of `step`: (event, name of the function, line in COUNTING).
STEP = [
    ("call", "step", 12),
    ("line", "step", 13),
    ("line", "step", 14),
    ("call", "inner", 16),
    ("line", "inner", 17),
    ("line", "inner", 18),
    ("exception", "inner", 18),
    ("line", "inner", 19),
    ("line", "inner", 20),
    ("return", "inner", 20),
    ("return", "step", 14),
]


def counted(folder: Path) -> int:
    """How many calls of `step` a program had counted."""
    number: int = struct.unpack("=Q", (folder / "count").read_bytes())[0]
    return number


def read_whole(path: Path, *, children: bool = False) -> tuple[Recording, list[Event]]:
    """Reads a recording, in which all must be defined, and no time may go back."""
    recording = swifttrace.open(path, children=children)
    events = list(recording)
    assert recording.damage == ()
    check_definitions(recording)
    check_order(events)
    return recording, events


def check_definitions(recording: Recording) -> None:
    """Checks that all functions that are numbered are defined, with a name and a file."""
    for functions in recording.functions:
        for function in functions[1:]:
            assert function is not None
            assert function.name
            assert function.file


def check_order(events: Iterable[Event]) -> None:
    """Checks that events are in the order of time, and each has a function that is defined."""
    last = 0
    for event in events:
        assert event.time >= last
        last = event.time
        assert event.function.name != "?"


def steps_of(events: Iterable[Event]) -> list[tuple[str, str, int]]:
    """The events of `step` and `inner`, as `STEP` has them."""
    names = ("step", "inner")
    return [(e.event, e.function.name, e.line) for e in events if e.function.name in names]


def check_steps(events: Iterable[Event], at_least: int) -> None:
    """Checks that the events are those of so many calls of `step`, or more, and none is missing."""
    steps = steps_of(events)
    cycles = len(steps) // len(STEP) + 1
    assert steps == (STEP * cycles)[: len(steps)]
    assert sum(step == STEP[0] for step in steps) >= at_least


def with_check(content: bytes) -> bytes:
    """A recording whose header was changed, with the check of that."""
    (size,) = struct.unpack_from("<I", content, 16)
    value = check(zeroed(content[:size], *HEADER_HOLES))
    return content[:20] + struct.pack("<I", value) + content[24:]

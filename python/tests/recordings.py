"""Programs that count their calls in shared memory, and checks of their recordings."""

import struct
import sys
from collections.abc import Iterable
from pathlib import Path

import swifttrace
from swifttrace import Event, Recording

sys.path.append(str(Path(__file__).parent / "recording"))
from independent_reader import HEADER_HOLES, check, zeroed

# The beginning of a program that calls `step` repeatedly. The file `count` has the number of calls,
# as shared memory, so that it survives any end of the program. A call is counted after its event
# has been handled, so a recording contains all counted calls.
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
    """Number of calls of `step` that a program has counted."""
    number: int = struct.unpack("=Q", (folder / "count").read_bytes())[0]
    return number


def read_whole(path: Path, *, children: bool = False) -> tuple[Recording, list[Event]]:
    """Reads a recording, and checks its definitions and the order of its events."""
    recording = swifttrace.open(path, children=children)
    events = list(recording)
    assert recording.damage == ()
    check_definitions(recording)
    check_order(events)
    return recording, events


def check_definitions(recording: Recording) -> None:
    """Checks that all functions are defined, with a name and a file."""
    for functions in recording.functions:
        for function in functions[1:]:
            assert function is not None
            assert function.name
            assert function.file


def check_order(events: Iterable[Event]) -> None:
    """Checks that events are in the order of time, and that their functions are defined."""
    last = 0
    for event in events:
        assert event.time >= last
        last = event.time
        assert event.function.name != "?"


def steps_of(events: Iterable[Event]) -> list[tuple[str, str, int]]:
    """The events of `step` and `inner`, in the form of `STEP`."""
    names = ("step", "inner")
    return [(e.event, e.function.name, e.line) for e in events if e.function.name in names]


def check_steps(events: Iterable[Event], at_least: int) -> None:
    """Checks that the events are those of at least `at_least` calls of `step`, without gaps."""
    steps = steps_of(events)
    cycles = len(steps) // len(STEP) + 1
    assert steps == (STEP * cycles)[: len(steps)]
    assert sum(step == STEP[0] for step in steps) >= at_least


def with_check(content: bytes) -> bytes:
    """A recording with a changed header, and the checksum for it."""
    (size,) = struct.unpack_from("<I", content, 16)
    value = check(zeroed(content[:size], *HEADER_HOLES))
    return content[:20] + struct.pack("<I", value) + content[24:]

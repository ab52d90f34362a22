"""Reads the streams of two runs and compares them, thread by thread."""

from __future__ import annotations

import dataclasses
import itertools
import json
import marshal
import re
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from value_text import UNORDERED

CONTEXT = 5  # Number of events shown before the first difference, and from it on.

_ADDRESS = re.compile(r"0x[0-9a-fA-F]+")
_INTEGER = re.compile(r"-?[0-9]+")


class Event(NamedTuple):
    """An event, in the common form of both streams."""

    event: str
    function: str
    file: str
    line: int
    depth: int
    value: str | None

    def __str__(self) -> str:
        value = "" if self.value is None else f" = {self.value[:200]}"
        place = f"{self.function} ({self.file}:{self.line})"
        return f"{'  ' * min(self.depth, 30)}{self.depth} {self.event} {place}{value}"


@dataclasses.dataclass(frozen=True)
class Difference:
    """The first difference between two streams of a thread, with the events around it.

    Args:
        thread: Index of the thread, in the order of start.
        index: Index of the event in the thread.
        before: The equal events before it.
        expected: The events of the reference from the difference on.
        actual: The events of swifttrace from the difference on.
    """

    thread: int
    index: int
    before: Sequence[Event]
    expected: Sequence[Event]
    actual: Sequence[Event]

    def __str__(self) -> str:
        return "\n".join(
            [
                f"thread {self.thread}: the streams part at event {self.index}; both had",
                *(f"  {event}" for event in self.before),
                "sys.settrace goes on with",
                *(f"- {event}" for event in self.expected or ["(the end)"]),
                "swifttrace goes on with",
                *(f"+ {event}" for event in self.actual or ["(the end)"]),
            ]
        )


class IncompleteError(Exception):
    """A stream ends before its program."""


def read_reference(file: Path) -> list[list[Event]]:
    """Reads the events of each thread from a file of `recorder.py`."""
    content = marshal.loads(file.read_bytes())
    if not content["complete"]:
        raise IncompleteError("sys.settrace had lost its trace function before the program ended")
    return [list(map(_from_reference, events)) for events in content["threads"]]


def _from_reference(fields: Sequence[Any]) -> Event:
    event, function, file, line, depth, value = fields
    # Code that the compiler adds has no line: `f_lineno` is None from 3.12 on; JSON has 0.
    return Event(event, function, file, line or 0, depth, value)


def read_swifttrace(file: Path) -> list[list[Event]]:
    """Reads the events of each thread from JSON lines, without those the reference cannot see."""
    threads: list[list[Event]] = []
    # Loops write equal lines many times, so cache parsed lines.
    known: dict[str, tuple[int, Event]] = {}
    with file.open(encoding="utf-8", errors="surrogatepass") as lines:
        for line in lines:
            if line not in known:
                known[line] = _from_json(json.loads(line))
            thread, event = known[line]
            while len(threads) <= thread:
                threads.append([])
            threads[thread].append(event)
    if not threads:
        raise IncompleteError("swifttrace wrote no event")
    main, *others = threads
    return [_program(main), *filter(None, map(_run, others))]


def _from_json(got: dict[str, Any]) -> tuple[int, Event]:
    """The thread and the event of a JSON object."""
    # See docs/stream.md: sys.settrace passes None if an exception propagates.
    value = "None" if got["kind"] == "unwind" else got.get("value")
    return got["thread"], Event(
        got["event"], got["function"], got["file"], got["line"], got["depth"], value
    )


def _program(events: list[Event]) -> list[Event]:
    """The main thread's events up to the end of the program, without exit handlers."""
    for index, event in enumerate(events):
        if event.depth == 0 and event.event == "return":
            return events[: index + 1]
    raise IncompleteError("swifttrace's stream has no end of the program")


# Depth of `run`: Thread._bootstrap calls Thread._bootstrap_inner, which sets the trace function of
# threading.settrace and calls `run`.
_RUN_DEPTH = 2


def _run(events: list[Event]) -> list[Event]:
    """The events that `threading.settrace` reports: in `_bootstrap_inner`, from `run` on."""
    if events[0].function != "Thread._bootstrap":
        return []  # sys.settrace misses threads that `_thread` starts.
    seen = (event for event in events if event.depth >= _RUN_DEPTH)
    inside = itertools.dropwhile(
        lambda event: not (event.depth == _RUN_DEPTH and event.function.endswith("run")), seen
    )
    return [event._replace(depth=event.depth - _RUN_DEPTH) for event in inside]


def compare(
    expected: Sequence[Iterable[Event]], actual: Sequence[Iterable[Event]]
) -> Difference | None:
    """Finds the first difference between the streams of two runs."""
    for thread, pair in enumerate(itertools.zip_longest(expected, actual, fillvalue=())):
        difference = _compare_thread(thread, iter(pair[0]), iter(pair[1]))
        if difference:
            return difference
    return None


def without_ends_of_loops(streams: Sequence[Iterable[Event]]) -> list[list[Event]]:
    """Leaves out the StopIteration that ends a loop over a generator.

    On 3.13, a trace function receives it if the loop's instruction has been specialised, which
    depends on the number of iterations. Under sys.monitoring, swifttrace leaves it out.
    """
    return [
        [event for event in stream if (event.event, event.value) != ("exception", "StopIteration")]
        for stream in streams
    ]


def _compare_thread(
    thread: int, expected: Iterator[Event], actual: Iterator[Event]
) -> Difference | None:
    before: deque[Event] = deque(maxlen=CONTEXT)
    for index, (left, right) in enumerate(itertools.zip_longest(expected, actual)):
        if left == right or (left and right and _is_same(left, right)):
            before.append(left)
            continue
        rest = [
            [event for event in (first, *itertools.islice(others, CONTEXT - 1)) if event]
            for first, others in ((left, expected), (right, actual))
        ]
        return Difference(thread, index, list(before), *rest)
    return None


def _is_same(expected: Event, actual: Event) -> bool:
    """Whether two events are equal, except for addresses, and hashes and orders based on them."""
    if expected[:-1] != actual[:-1] or expected.value is None or actual.value is None:
        return False
    if expected.function.endswith("__hash__") and _INTEGER.fullmatch(expected.value):
        return _INTEGER.fullmatch(actual.value) is not None
    left = _ADDRESS.sub("0x", expected.value.removeprefix(UNORDERED))
    right = _ADDRESS.sub("0x", actual.value)
    if expected.value.startswith(UNORDERED):
        return sorted(left) == sorted(right)
    return left == right

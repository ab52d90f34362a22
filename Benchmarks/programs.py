"""What is traced, and the ways of tracing that are compared."""

import contextlib
import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType
from typing import Any

import empty_hook
import swifttrace

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "examples"))

from calculator import answer


def add(a: int, b: int) -> int:
    result = a + b
    return result


def small_calls(iterations: int) -> None:
    """Make six events in each iteration: call, two lines, return; two lines of the loop."""
    for i in range(iterations):
        add(i, 1)


def calculator(iterations: int) -> None:
    """Parse and work out a formula: generators, recursion, strings, tuples."""
    names = {"x": 7}
    for _ in range(iterations):
        answer("y = (x + 3) * (x - 2) / 5", names)


def python_function(file: Any) -> Callable[[FrameType, str, Any], Any]:
    """Return a trace function in Python that prints what EventLogger prints."""

    def trace(frame: FrameType, event: str, arg: Any) -> Any:
        if event == "call":
            print(f"Calling function: {frame.f_code.co_name}", file=file)
        elif event == "line":
            print(
                f"Executing line {frame.f_lineno} in {frame.f_code.co_name}"
                f":{frame.f_code.co_filename}",
                file=file,
            )
        elif event == "return":
            print(f"{frame.f_code.co_name} returned {arg}", file=file)
        return trace

    return trace


@contextlib.contextmanager
def python() -> Iterator[None]:
    """Trace by a function written in Python."""
    with open(os.devnull, "w") as null:
        sys.settrace(python_function(null))
        try:
            yield
        finally:
            sys.settrace(None)


@contextlib.contextmanager
def empty() -> Iterator[None]:
    """Trace by a C function that does nothing."""
    empty_hook.start()
    try:
        yield
    finally:
        empty_hook.stop()


RECORDINGS = tempfile.TemporaryDirectory()

TRACERS: dict[str, Callable[[], contextlib.AbstractContextManager[Any]]] = {
    "untraced": contextlib.nullcontext,
    "empty C function": empty,
    "swifttrace, all rejected": lambda: swifttrace.trace(
        swifttrace.EventLogger(os.devnull), function=["nothing has this name"]
    ),
    "swifttrace EventLogger": lambda: swifttrace.trace(swifttrace.EventLogger(os.devnull)),
    "swifttrace TreeLogger": lambda: swifttrace.trace(swifttrace.TreeLogger(os.devnull)),
    "swifttrace Recorder": lambda: swifttrace.record(
        os.path.join(RECORDINGS.name, "run.swt"), force=True, children=False
    ),
    "Python function": python,
}

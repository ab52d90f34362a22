"""The reference: records the events of `sys.settrace`, `sys.setprofile` and `threading`, in Python.

    python -m recorder FILE --all --format json [--c-calls] -o - script.py

The command line of swifttrace runs until it would start its engine; this recorder starts instead.
So the program finds the same loaded modules and the same `__main__`, and the two streams differ
only if their events do. At the end of the program, the streams are written to FILE as marshal data:
`{"threads": [[event, …], …], "complete": bool}`, with the events of a thread in order, and the
threads in the order of their start. `comparison.py` lists the fields of an event.
"""

# isort: skip_file
# Imported first and in this order, so that sys.modules has the same order as under
# `python -m swifttrace`: some programs iterate over it.
import runpy  # noqa: F401

from swifttrace._tracing import search_path
import swifttrace._cli.main  # noqa: F401
import swifttrace._cli.trace as command_line

import atexit
import marshal
import os
import sys
from types import FrameType

from value_text import type_name, value_text

del sys.modules["value_text"]  # The program has no such module under swifttrace.

GENERATOR_FLAGS = 0x20 | 0x80 | 0x200  # CO_GENERATOR, CO_COROUTINE, CO_ASYNC_GENERATOR.

# swifttrace hides its own files. Programs that iterate over all modules may call their functions.
OWN_FILES = os.path.dirname(os.path.dirname(command_line.__file__)) + os.sep


class ThreadRecorder:
    """The events of one thread."""

    def __init__(self, base: int, reports_c: bool) -> None:
        self.base = base
        self.events: list[tuple[object, ...]] = []
        self.is_over = False
        self.thread = 0
        self.reports_c = reports_c
        # Stored, because each access to a bound method creates a new object.
        self.on_event = self.record

    def record(self, frame: FrameType, event: str, argument) -> object:
        """The trace function, called when a frame is entered."""
        depth = depth_of(frame) - self.base
        if depth < 0 or frame.f_code.co_filename.startswith(OWN_FILES):
            return None
        function, file = frame.f_code.co_qualname, frame.f_code.co_filename
        is_suspended_later = bool(frame.f_code.co_flags & GENERATOR_FLAGS)

        has_returned = False

        def on_event(frame: FrameType, event: str, argument) -> object:
            nonlocal depth, has_returned
            # On 3.15, a generator expression calls `iter()` in a frame that Python code cannot see
            # yet. If that raises, CPython passes the exception and the end of that frame as those
            # of the caller, which goes on.
            if has_returned and sys.version_info >= (3, 15):
                del self.events[-2:]
            has_returned = event == "return"
            # On 3.11, a generator resumes without a call event if its delegate ends in `throw()`.
            if is_suspended_later:
                depth = depth_of(frame) - self.base
            if event == "return":
                value = value_text(argument)
            elif event == "exception":
                value = type_name(argument[0])
            else:
                value = None
            self.events.append((event, function, file, frame.f_lineno, depth, value))
            if event == "return" and function == "<module>":
                self.leave_module(frame, depth)
            return on_event

        # The depth of a frame is constant, so it is not counted again.
        return on_event(frame, event, argument)

    def record_c(self, frame: FrameType, event: str, argument) -> None:
        """The profile function."""
        if not event.startswith("c_"):
            return
        depth = depth_of(frame) - self.base
        if depth < 0 or self.is_over or not self.events:
            return
        code = frame.f_code
        self.events.append(
            (event, code.co_qualname, code.co_filename, frame.f_lineno, depth, value_text(argument))
        )

    def leave_module(self, frame: FrameType, depth: int) -> None:
        if frame.f_globals.get("__name__") == "threading":
            recorder.watch_threads()
        if depth == 0 and self is recorder.main:
            self.is_over = True
            recorder.is_complete = sys.gettrace() is self.on_event
            sys.settrace(None)
            sys.setprofile(None)


class Recorder:
    """The events of all threads."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.reports_c = "--c-calls" in sys.argv
        self.main = ThreadRecorder(0, self.reports_c)
        self.threads = [self.main]
        self.is_started = False
        self.is_complete = False

    def start(self, *arguments: object) -> None:
        """Replaces the function that starts the engine."""
        self.is_started = True
        atexit.register(self.save)
        if "threading" in sys.modules:
            self.watch_threads()
        sys.settrace(self.enter_program)

    def enter_program(self, frame: FrameType, event: str, argument) -> object:
        """The trace function until the program is entered; code before that is swifttrace's."""
        if frame.f_back is not None:
            return None
        sys.settrace(self.main.on_event)
        result = self.main.record(frame, event, argument)
        if self.reports_c:
            sys.setprofile(self.main.record_c)
        return result

    def watch_threads(self) -> None:
        """Called when the module `threading` has been loaded."""
        sys.modules["threading"].settrace(self.enter_thread)

    def enter_thread(self, frame: FrameType, event: str, argument) -> object:
        """The trace function for the first event of a new thread: the call of `run`."""
        thread = ThreadRecorder(depth_of(frame), self.reports_c)
        thread.thread = sys.modules["threading"].get_native_id()
        self.threads.append(thread)
        sys.settrace(thread.on_event)
        result = thread.record(frame, event, argument)
        if self.reports_c:
            sys.setprofile(thread.record_c)
        return result

    def save(self) -> None:
        sys.settrace(None)
        sys.setprofile(None)
        threads = sorted(self.threads, key=lambda thread: thread.thread)
        with open(self.file, "wb") as file:
            content = {
                "threads": [thread.events for thread in threads],
                "complete": self.is_complete,
            }
            marshal.dump(content, file)


def depth_of(frame: FrameType) -> int:
    """Number of frames below. The command line hides its own frames from the program."""
    depth = 0
    below = frame.f_back
    while below is not None:
        depth += 1
        below = below.f_back
    return depth


recorder = Recorder(os.path.abspath(sys.argv.pop(1)))
search_path.begin()
command_line.begin = recorder.start  # type: ignore[assignment]
command_line.main()

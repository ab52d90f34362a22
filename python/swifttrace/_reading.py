"""Reading recordings. What decodes them is Swift."""

from __future__ import annotations

import builtins
import os
from collections.abc import Iterator
from typing import Any, NamedTuple

from . import _swifttrace

_KINDS = (
    ("", ""),
    ("call", "call"),
    ("call", "resume"),
    ("line", "line"),
    ("return", "return"),
    ("return", "yield"),
    ("return", "await"),
    ("return", "unwind"),
    ("exception", "exception"),
    ("opcode", "opcode"),
    ("c_call", "c_call"),
    ("c_return", "c_return"),
    ("c_exception", "c_exception"),
)
_ENDS = ("open", "stopped", "failed")
_BATCH = 4096


class Function(NamedTuple):
    """A code object that was recorded.

    Args:
        name: `co_name`.
        qualified_name: `co_qualname`.
        file: `co_filename`.
        first_line: `co_firstlineno`.
        parameters: The parameters' names, with the stars of `*args` and `**kwargs`.
    """

    name: str
    qualified_name: str
    file: str
    first_line: int
    parameters: tuple[str, ...]


class Thread(NamedTuple):
    """A thread that was recorded.

    Args:
        process: The number of its process.
        index: Threads of a process are numbered by their first event, from 0.
        name: `threading.Thread.name`, as it was at the first event.
        native_id: The system's number.
        ident: Python's number.
        dropped: Events that are not in the file: there was no room, or they made room for others.
        dropped_from: When the first of those was, in nanoseconds since the recording's start.
        dropped_until: When the last of those was.
    """

    process: int
    index: int
    name: str
    native_id: int
    ident: int
    dropped: int
    dropped_from: int
    dropped_until: int


class Event(NamedTuple):
    """One event of a recording.

    Args:
        event: CPython's name: `call`, `line`, `return`, `exception`, `opcode`, `c_call`, `c_return`,
            `c_exception`.
        kind: What that name blurs: `call` or `resume`; `return`, `yield`, `await` or `unwind`.
        function: The code object.
        line: 1-based; 0 where a module starts.
        depth: Traced frames below this one.
        time: Nanoseconds since the recording's start.
        process: The number of the process.
        thread: The thread's index in its process.
        value: Of a return the value's text, of an exception and an unwinding the class, of an event
            of a function written in C what it is called. None where there is none, or none was kept.
        arguments: Of a call the arguments' texts, in the order of `function.parameters`; empty where
            none were kept.
        message: Of an exception its message, if that was kept.
    """

    event: str
    kind: str
    function: Function
    line: int
    depth: int
    time: int
    process: int
    thread: int
    value: str | None
    arguments: tuple[str, ...]
    message: str | None


class Recording:
    """A recording, as `swifttrace.open` gives it: an iterable of its events, in the order of time.

    Args:
        path: The file.
        children: Whether the files of child processes are read too.

    Raises:
        OSError, ValueError: The file cannot be read, or is no recording; the message says why.
    """

    def __init__(self, path: str | os.PathLike[str], *, children: bool = True) -> None:
        self.path = os.fspath(path)
        self._children = children
        with open_file(self.path):
            pass  # For the OSError that says what is wrong.
        self._read(_swifttrace.open_recording(self.path, children))

    def _read(self, handle: object) -> None:
        self._files, damage = _swifttrace.describe(handle)
        self.damage: tuple[str, ...] = damage
        first = self._files[0]
        self.start: int = first[3]
        self.ended: str = _ENDS[first[5]]
        self.python: str = first[6]
        self.platform: str = first[7]
        self.arguments: tuple[str, ...] = first[8]
        self.folder: str = first[9]
        self.options: tuple[str, ...] = first[10]
        self.has_values: bool = first[11]
        self.functions = [
            [None if function is None else Function(*function) for function in file[12]]
            for file in self._files
        ]

    @property
    def processes(self) -> tuple[int, ...]:
        """The numbers of the processes, the first one's first."""
        return tuple(file[1] for file in self._files)

    @property
    def parents(self) -> tuple[int, ...]:
        """The numbers of the processes' parents, as they were at their files' start."""
        return tuple(file[2] for file in self._files)

    @property
    def threads(self) -> tuple[Thread, ...]:
        """The threads of all processes."""
        result = []
        for file in self._files:
            for index, name, native, ident, dropped, begin, end in file[13]:
                times = (max(0, begin - self.clock), max(0, end - self.clock))
                result.append(
                    Thread(
                        file[1],
                        index,
                        name,
                        native,
                        ident,
                        dropped,
                        *(times if dropped else (0, 0)),
                    )
                )
        return tuple(result)

    @property
    def clock(self) -> int:
        """What `time.perf_counter_ns()` was at the recording's start."""
        clock: int = self._files[0][4]
        return clock

    def __iter__(self) -> Iterator[Event]:
        """Return the events, from the first one on."""
        handle = _swifttrace.open_recording(self.path, self._children)
        self._read(handle)
        processes = self.processes
        while batch := _swifttrace.read_events(handle, _BATCH):
            for fields in batch:
                yield self._event(processes, *fields)
        self.damage = _swifttrace.describe(handle)[1]

    def _event(
        self,
        processes: tuple[int, ...],
        number: int,
        file: int,
        thread: int,
        function: int,
        line: int,
        depth: int,
        time: int,
        texts: tuple[str | None, ...],
        builtin: str | None,
    ) -> Event:
        event, kind = _KINDS[number]
        first = texts[0] if texts and event != "call" else None
        return Event(
            event,
            kind,
            self.functions[file][function] or _UNKNOWN,
            line,
            depth,
            time - self.clock,
            processes[file],
            thread,
            first if first is not None else builtin,
            tuple(text if text is not None else "(lost)" for text in texts)
            if event == "call"
            else (),
            texts[1] if event == "exception" and len(texts) > 1 else None,
        )


_UNKNOWN = Function("?", "?", "", 0, ())


def open_file(path: str) -> Any:
    """Open a file to see whether it can be read."""
    return builtins.open(path, "rb")


def open(path: str | os.PathLike[str], *, children: bool = True) -> Recording:
    """Open a recording for reading.

    Args:
        path: The file of the first process, or of any other one.
        children: Whether the files of child processes, beside it, are read too.

    Raises:
        OSError, ValueError: The file cannot be read, or is no recording; the message says why.
    """
    return Recording(path, children=children)

"""What a recording has: functions, threads and events."""

from __future__ import annotations

from typing import NamedTuple


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
    index: int  # type: ignore[assignment]  # A tuple has a method of that name.
    name: str
    native_id: int
    ident: int
    dropped: int
    dropped_from: int
    dropped_until: int


class Event(NamedTuple):
    """One event of a recording.

    Args:
        event: CPython's name: `call`, `line`, `return`, `exception`, `opcode`, `c_call`,
            `c_return`, `c_exception`.
        kind: What that name blurs: `call` or `resume`; `return`, `yield`, `await` or `unwind`.
        function: The code object.
        line: 1-based; 0 where a module starts.
        depth: Traced frames below this one.
        time: Nanoseconds since the recording's start.
        process: The number of the process.
        thread: The thread's index in its process.
        value: Of a return the value's text, of an exception and an unwinding the class, of an event
            of a function written in C what it is called. None where there is none, or none was
            kept.
        arguments: Of a call the arguments' texts, in the order of `function.parameters`; empty
            where none were kept.
        message: Of an exception its message, if that was kept.
        task: The number of the asyncio task, from 1 in each thread: of each run of a coroutine
            that no traced one awaits. None outside of such.
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
    task: int | None

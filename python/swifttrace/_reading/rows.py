"""Functions, threads and events of a recording."""

from __future__ import annotations

from typing import NamedTuple


class Function(NamedTuple):
    """A recorded code object.

    Args:
        name: `co_name`.
        qualified_name: `co_qualname`.
        file: `co_filename`.
        first_line: `co_firstlineno`.
        parameters: The names of the parameters, with the stars of `*args` and `**kwargs`.
    """

    name: str
    qualified_name: str
    file: str
    first_line: int
    parameters: tuple[str, ...]


class Thread(NamedTuple):
    """A recorded thread.

    Args:
        process: The number of its process.
        index: The number of the thread in its process, from 0, in the order of first events.
        name: `threading.Thread.name`, as it was at the first event.
        native_id: The operating system's number of the thread.
        ident: Python's number of the thread, `threading.Thread.ident`.
        dropped: The number of events that are not in the file, because its size is limited.
        dropped_from: Time of the first dropped event, in nanoseconds since the recording's start.
        dropped_until: Time of the last dropped event.
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
        kind: A more precise name: `call` or `resume`; `return`, `yield`, `await` or `unwind`.
        function: The code object.
        line: 1-based; 0 at the start of a module.
        depth: The number of traced frames below this one.
        time: Nanoseconds since the recording's start.
        process: The number of the process.
        thread: The thread's index in its process.
        value: The text of a returned value, the class of an exception, or the name of a function
            written in C. None if the event has none, or if it was not kept.
        arguments: The texts of the arguments of a call, in the order of `function.parameters`;
            empty if none were kept.
        message: The message of an exception, if it was kept.
        task: The number of the asyncio task, from 1 in each thread. A task is the run of a
            coroutine that no traced coroutine awaits. None outside of a task.
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

"""Headers, functions, threads and damage of a recording, as the engine returns them."""

from __future__ import annotations

from typing import NamedTuple

from .. import _swifttrace
from .rows import Function, Thread

_ENDS = ("open", "stopped", "failed")


class Header(NamedTuple):
    """The header of a file: its process, and how it was recorded.

    Args:
        path: The file.
        process: The number of the process.
        parent: The number of its parent.
        start: Start of the recording, in nanoseconds since 1970.
        clock: Start of the recording, in nanoseconds of `time.perf_counter_ns()`.
        ended: `open`, `stopped` or `failed`.
        python: `sys.version`.
        platform: The system.
        arguments: The words of the command line.
        folder: The folder in which the program was started.
        options: The options of the recorder.
        has_values: Whether values were kept.
    """

    path: str
    process: int
    parent: int
    start: int
    clock: int
    ended: str
    python: str
    platform: str
    arguments: tuple[str, ...]
    folder: str
    options: tuple[str, ...]
    has_values: bool


class Contents(NamedTuple):
    """The contents of the files of a recording, without headers and events.

    Args:
        functions: The functions of each file, by their number in it.
        threads: The threads of all files.
        damage: Descriptions of the parts that cannot be read.
    """

    functions: tuple[tuple[Function | None, ...], ...]
    threads: tuple[Thread, ...]
    damage: tuple[str, ...]


def headers_of(handle: object) -> tuple[Header, ...]:
    """Return the headers of a recording's files, that of the first process first."""
    return tuple(
        Header._make((*fields[:5], _ENDS[fields[5]], *fields[6:]))
        for fields in _swifttrace.describe(handle)
    )


def contents_of(handle: object, headers: tuple[Header, ...], *, functions: bool) -> Contents:
    """Read the contents of a recording's files.

    Args:
        handle: The recording.
        headers: The headers of its files.
        functions: Whether to read the functions. There may be many.
    """
    files, damage = _swifttrace.contents(handle, functions)
    return Contents(
        tuple(
            tuple(None if function is None else _function(function, sources) for function in known)
            for sources, known, _ in files
        ),
        tuple(
            _thread(header.process, fields, headers[0].clock)
            for header, (_, _, threads) in zip(headers, files, strict=True)
            for fields in threads
        ),
        damage,
    )


def _function(fields: tuple, sources: tuple[str, ...]) -> Function:  # type: ignore[type-arg]
    name, qualified_name, source, first_line, parameters = fields
    return Function(name, qualified_name, sources[source], first_line, parameters)


def _thread(process: int, fields: tuple, clock: int) -> Thread:  # type: ignore[type-arg]
    *known, dropped, begin, end = fields
    times = (max(0, begin - clock), max(0, end - clock)) if dropped else (0, 0)
    return Thread._make((process, *known, dropped, *times))

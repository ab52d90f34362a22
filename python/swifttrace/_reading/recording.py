"""Recordings, as `swifttrace.open` gives them. Swift decodes them."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, Literal

from .. import _swifttrace
from .events import read_events
from .export import Selection, export
from .index import Contents, contents_of, headers_of
from .progress import progress_bar
from .results import (
    Difference,
    FunctionStats,
    StackCount,
    Stacks,
    difference_of,
    functions_of,
)
from .rows import Event, Function, Thread
from .tables import Table

if TYPE_CHECKING:
    from .._swifttrace import ViewRequest


class Recording:
    """A recording, as `swifttrace.open` gives it: an iterable of its events, in the order of time.

    Each iteration reads the file anew, from the first event to the last that has been written by
    then, and keeps no event in memory. The attributes are as of the last look at the file. To open
    it is to read its header alone, whatever its size; functions, threads and damage are looked for
    when they are first asked for.

    Args:
        path: The file.
        children: Whether the files of child processes are read too.

    Attributes:
        path: The file.
        start: When the recording was started, in nanoseconds since 1970.
        python: `sys.version` of the program's Python.
        platform: The system, such as `linux-x86_64`.
        arguments: The words of the program's command line.
        folder: The folder that the program was started in.
        options: The options of the recording, as on the command line.
        has_values: Whether values were kept.
        ended: `stopped` where the recording was ended; `failed` where it could not go on; `open`
            where it goes on, or the program was killed.

    Raises:
        OSError: The file cannot be read.
        ValueError: It is no recording, or was written by a newer swifttrace; the message says so.
    """

    def __init__(self, path: str | os.PathLike[str], *, children: bool = True) -> None:
        self.path = os.fspath(path)
        self._children = children
        # Whether views have a progress bar: those of the command line.
        self._shows_progress = False
        self._contents: Contents | None = None
        self._functions: tuple[tuple[Function | None, ...], ...] | None = None
        self._look_at_headers(self._open())

    def __repr__(self) -> str:
        return f"<swifttrace.Recording {self.path!r}>"

    def _open(self) -> object:
        path = os.fsencode(self.path)
        if b"\0" in path:
            raise ValueError(f"a path cannot have a NUL character: {self.path!r}")
        return _swifttrace.open_recording(path, self._children)

    def _look(self, handle: object, *, functions: bool = False) -> None:
        self._look_at_headers(handle)
        self._contents = contents_of(handle, self._headers, functions=functions)
        self._functions = self._contents.functions if functions else None

    def _look_at_headers(self, handle: object) -> None:
        self._headers = headers_of(handle)
        first = self._headers[0]
        self.start: int = first.start
        self.ended: str = first.ended
        self.python: str = first.python
        self.platform: str = first.platform
        self.arguments: tuple[str, ...] = first.arguments
        self.folder: str = first.folder
        self.options: tuple[str, ...] = first.options
        self.has_values: bool = first.has_values

    def _known(self) -> Contents:
        if self._contents is None:
            self._look(self._open())
            assert self._contents is not None
        return self._contents

    def _known_functions(self) -> tuple[tuple[Function | None, ...], ...]:
        if self._functions is None:
            damage = self._known().damage
            self._look(self._open(), functions=True)
            assert self._contents is not None
            if len(damage) > len(self._contents.damage):
                # A view finds damage that looking alone does not.
                self._contents = self._contents._replace(damage=damage)
        assert self._functions is not None
        return self._functions

    def __arrow_c_schema__(self) -> object:
        """Return the types of the columns of events: a PyCapsule of an `ArrowSchema`."""
        return _swifttrace.arrow_schema("events")

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        """Return the events as a table: a PyCapsule of an `ArrowArrayStream`.

        So pyarrow, polars, pandas and DuckDB read a recording: docs/arrow.md has the columns. If a
        part of the file cannot be read, the stream ends with an error that names it.

        Args:
            requested_schema: The schema that the consumer prefers. It is ignored.

        Raises:
            OSError: The file cannot be read.
            ValueError: It is no recording, or was written by a newer swifttrace.
        """
        return _swifttrace.arrow_stream(self._open(), "events", requested_schema)

    def to_parquet(self, target: str | os.PathLike[str]) -> None:
        """Write the recording as Parquet, in bounded memory. It needs pyarrow.

        Args:
            target: A file, whose name ends in `.parquet`, for the events alone; or a folder, empty
                or not there yet, for a data set of events, functions and threads.

        Raises:
            ImportError: pyarrow is not installed.
            OSError: It cannot be written, or the folder is not empty.
            ValueError: The recording is damaged; the message names file and offset.
        """
        from .parquet import write_parquet

        write_parquet(self, target)

    @property
    def functions(self) -> Table[tuple[Function | None, ...]]:
        """For each process the functions that were recorded, by their number in the file.

        There is none of number 0, and None where a definition is lost. As a table of Arrow's it has
        a row for each function that is there.
        """
        return Table(self._known_functions(), "functions", self._open)

    @property
    def damage(self) -> tuple[str, ...]:
        """The parts that cannot be read, each as a text with the offset in the file.

        Complete after an iteration to the end, or a view of all events.
        """
        return self._known().damage

    @property
    def processes(self) -> tuple[int, ...]:
        """The numbers of the processes, the first one's first."""
        return tuple(header.process for header in self._headers)

    @property
    def parents(self) -> tuple[int, ...]:
        """The numbers of the processes' parents, as they were at their files' start."""
        return tuple(header.parent for header in self._headers)

    @property
    def clock(self) -> int:
        """The value of `time.perf_counter_ns()` at the recording's start."""
        return self._headers[0].clock

    @property
    def threads(self) -> Table[Thread]:
        """The threads of all processes. A table of Arrow's too."""
        return Table(self._known().threads, "threads", self._open)

    def __iter__(self) -> Iterator[Event]:
        """Return the events, from the first one on."""
        handle = self._open()

        def look() -> tuple[tuple[Function | None, ...], ...]:
            self._look(handle, functions=True)
            return self._known_functions()

        functions = look()
        yield from read_events(handle, self._headers, functions, look)
        self._look(handle, functions=True)

    def export(
        self,
        format: str,
        path: str | os.PathLike[str],
        *,
        process: int | None = None,
        thread: int | None = None,
    ) -> None:
        """Write the recording in another tool's format.

        ```python
        swifttrace.open("run.swt").export("perfetto", "run.pftrace")
        ```

        Args:
            format: `perfetto`, `chrome`, `speedscope`, `collapsed`, `callgrind`, `pstats`, `lcov`,
                `coverage` or `jsonl`.
            path: The file to write, which is replaced if it is there; `-` is standard output.
            process: The number of the only process; None for all.
            thread: The index of the only thread, in its process; None for all.

        Raises:
            ValueError: There is no such format, it cannot show this recording, or the path is that
                of a recording.
            ImportError: `coverage` needs the package coverage.
            OSError: The file cannot be written.
        """
        export(self, format, os.fspath(path), Selection(process, thread))

    def stats(
        self,
        *,
        by: Literal["process", "thread"] | None = None,
        lines: bool = False,
        process: int | None = None,
        thread: int | None = None,
    ) -> tuple[FunctionStats, ...]:
        """Return counts and times of the functions, those with the most own time first.

        Args:
            by: Whether each process, or each thread, is counted for itself.
            lines: Whether lines are counted too.
            process: The number of the only process that is counted.
            thread: The number of the only thread that is counted, in its process.

        Raises:
            OSError, ValueError: The file cannot be read, as `swifttrace.open` says.
            ValueError: `by` is none of these.
        """
        if by not in (None, "process", "thread"):
            raise ValueError(f"by is 'process', 'thread' or None, not {by!r}")
        view = self._view(
            "stats", process=process, thread=thread, by_thread=by == "thread", lines=lines
        )
        return functions_of(view, by)

    def callers(self, *functions: str) -> Sequence[StackCount]:
        """Return the distinct stacks by which functions were reached, with counts.

        Args:
            functions: Patterns of qualified names, such as `Parser.*`.
        """
        return Stacks(self._view("callers", functions))

    def callees(self, *functions: str) -> Sequence[StackCount]:
        """Return what functions call, and what that calls: stacks that begin with them.

        Args:
            functions: Patterns of qualified names, such as `Parser.*`.
        """
        return Stacks(self._view("callees", functions))

    def paths(self, *exceptions: str) -> Sequence[StackCount]:
        """Return the distinct stacks on which exceptions were raised, with counts.

        Args:
            exceptions: Patterns of their classes' names, such as `KeyError` or `json.*`.
        """
        return Stacks(self._view("paths", exceptions))

    def diff(self, other: Recording, *, values: bool = True) -> Difference:
        """Compare with another recording, thread by thread and event by event.

        Times, addresses, and numbers that look like an `id()`, are no difference.

        Args:
            other: The other recording.
            values: Whether values are compared, where both have them.
        """
        handle = other._open()
        data = self._view("diff", values=values, other=handle)
        other._look(handle)
        return difference_of(data)

    def _view(
        self,
        name: str,
        globs: Sequence[str] = (),
        *,
        process: int | None = None,
        thread: int | None = None,
        by_thread: bool = False,
        lines: bool = False,
        values: bool = True,
        other: object = None,
    ) -> tuple[Any, ...]:
        handle = self._open()
        request: ViewRequest = {
            "name": name,
            "globs": list(globs),
            "process": process,
            "thread": thread,
            "by_thread": by_thread,
            "lines": bool(lines),
            "values": bool(values),
            "other": other,
        }
        bar = progress_bar("reading", lambda: _swifttrace.progress(handle))
        with bar if self._shows_progress else contextlib.nullcontext():
            data: tuple[Any, ...] = _swifttrace.view(handle, request)
        self._look(handle)
        return data


def open(path: str | os.PathLike[str], *, children: bool = True) -> Recording:
    """Open a recording for reading.

    ```python
    for event in swifttrace.open("run.swt"):
        print(event.time, event.kind, event.function.qualified_name, event.line)
    ```

    Args:
        path: The file of the first process, or of any other one.
        children: Whether the files of child processes, beside it, are read too.

    Raises:
        OSError: The file cannot be read.
        ValueError: It is no recording, or was written by a newer swifttrace; the message says so.
    """
    return Recording(path, children=children)

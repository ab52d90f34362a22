"""Recordings, as `swifttrace.open` returns them. Swift decodes them."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, Literal

from .. import _swifttrace
from .call_tree import CallTree
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
    """A recording, as `swifttrace.open` returns it: an iterable of its events, ordered by time.

    Each iteration reads the file from the first event to the last one that has been written so far,
    and keeps no events in memory. The attributes reflect the file as it was last read. Opening
    reads only the header, whatever the size; functions, threads and damage are read on first
    access.

    Args:
        path: The file.
        children: Whether to read the files of child processes too.

    Attributes:
        path: The file.
        start: Start of the recording, in nanoseconds since 1970.
        python: `sys.version` of the program's Python.
        platform: The system, such as `linux-x86_64`.
        arguments: The words of the program's command line.
        folder: The folder in which the program was started.
        options: The options of the recorder, as on the command line.
        has_values: Whether values were kept.
        ended: `stopped` if the recording was ended; `failed` if it could not continue; `open` if it
            continues, or the program was killed.

    Raises:
        OSError: The file cannot be read.
        ValueError: It is not a recording, or a newer swifttrace has written it.
    """

    def __init__(self, path: str | os.PathLike[str], *, children: bool = True) -> None:
        self.path = os.fspath(path)
        self._children = children
        # Whether views have a progress bar. The command line sets it.
        self._shows_progress = False
        self._contents: Contents | None = None
        self._functions: tuple[tuple[Function | None, ...], ...] | None = None
        self._load_headers(self._open())

    def __repr__(self) -> str:
        return f"<swifttrace.Recording {self.path!r}>"

    def _open(self) -> object:
        path = os.fsencode(self.path)
        if b"\0" in path:
            raise ValueError(f"a path cannot have a NUL character: {self.path!r}")
        return _swifttrace.open_recording(path, self._children)

    def _look(self, handle: object, *, functions: bool = False) -> None:
        self._load_headers(handle)
        self._contents = contents_of(handle, self._headers, functions=functions)
        self._functions = self._contents.functions if functions else None

    def _load_headers(self, handle: object) -> None:
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

    def _function_tables(self) -> tuple[tuple[Function | None, ...], ...]:
        if self._functions is None:
            damage = self._known().damage
            self._look(self._open(), functions=True)
            assert self._contents is not None
            if len(damage) > len(self._contents.damage):
                # A view has found damage that reading the index alone does not find.
                self._contents = self._contents._replace(damage=damage)
        assert self._functions is not None
        return self._functions

    def __arrow_c_schema__(self) -> object:
        """Return the types of the columns of events: a PyCapsule of an `ArrowSchema`."""
        return _swifttrace.arrow_schema("events")

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        """Return the events as a table: a PyCapsule of an `ArrowArrayStream`.

        pyarrow, polars, pandas and DuckDB call this method to read a recording; docs/arrow.md
        describes the columns. If a part of the file is damaged, the stream ends with an error that
        names the part.

        Args:
            requested_schema: The schema that the consumer prefers, which is ignored.

        Raises:
            OSError: The file cannot be read.
            ValueError: It is not a recording, or a newer swifttrace has written it.
        """
        return _swifttrace.arrow_stream(self._open(), "events", requested_schema)

    def to_parquet(self, target: str | os.PathLike[str]) -> None:
        """Write the recording as Parquet, in bounded memory. Requires pyarrow.

        Args:
            target: A file, whose name ends in `.parquet`, for the events alone; or a folder, empty
                or missing, for a data set of events, functions and threads.

        Raises:
            ImportError: pyarrow is not installed.
            OSError: The file cannot be written, or the folder is not empty.
            ValueError: The recording is damaged; the message names file and offset.
        """
        from .parquet import write_parquet

        write_parquet(self, target)

    @property
    def functions(self) -> Table[tuple[Function | None, ...]]:
        """The recorded functions of each process, by their number in the file.

        An entry is None for number 0 and for a lost definition. The Arrow table has a row for each
        function that is not None.
        """
        return Table(self._function_tables(), "functions", self._open)

    @property
    def damage(self) -> tuple[str, ...]:
        """Parts that cannot be read, each as a text with the offset in the file.

        The tuple is complete after an iteration to the end, or after a view of all events.
        """
        return self._known().damage

    @property
    def processes(self) -> tuple[int, ...]:
        """The numbers of the processes, the first process first."""
        return tuple(header.process for header in self._headers)

    @property
    def parents(self) -> tuple[int, ...]:
        """The numbers of the processes' parents, as of the start of their files."""
        return tuple(header.parent for header in self._headers)

    @property
    def clock(self) -> int:
        """The value of `time.perf_counter_ns()` at the recording's start."""
        return self._headers[0].clock

    @property
    def threads(self) -> Table[Thread]:
        """The threads of all processes. Also an Arrow table."""
        return Table(self._known().threads, "threads", self._open)

    def __iter__(self) -> Iterator[Event]:
        """Return the events, from the first one on."""
        handle = self._open()

        def look() -> tuple[tuple[Function | None, ...], ...]:
            self._look(handle, functions=True)
            return self._function_tables()

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
                `coverage`, `jsonl` or `parquet`.
            path: The file to write or to replace, or for `parquet` as for `to_parquet`. `-` is
                standard output, except for `coverage` and `parquet`.
            process: The number of the only process; None for all.
            thread: The index of the only thread, in its process; None for all.

        Raises:
            ValueError: The format is unknown or cannot represent this recording, or the path is
                that of a recording.
            ImportError: The package that the format needs is missing.
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
        """Return counts and times of the functions, in descending order of own time.

        Args:
            by: "process" or "thread" to count each separately; None to count all together.
            lines: Whether to count lines too.
            process: The number of the only process to count.
            thread: The number of the only thread to count, in its process.

        Raises:
            OSError, ValueError: The file cannot be read, as for `swifttrace.open`.
            ValueError: `by` is invalid.
        """
        if by not in (None, "process", "thread"):
            raise ValueError(f"by must be 'process', 'thread' or None, not {by!r}")
        view = self._view(
            "stats", process=process, thread=thread, by_thread=by == "thread", lines=lines
        )
        return functions_of(view, by)

    def callers(self, *functions: str) -> Sequence[StackCount]:
        """Return the distinct stacks through which functions were reached, with counts.

        Args:
            functions: Patterns of qualified names, such as `Parser.*`.
        """
        return Stacks(self._view("callers", functions))

    def callees(self, *functions: str) -> Sequence[StackCount]:
        """Return the distinct stacks of calls from functions, with counts.

        Args:
            functions: Patterns of qualified names, such as `Parser.*`.
        """
        return Stacks(self._view("callees", functions))

    def paths(self, *exceptions: str) -> Sequence[StackCount]:
        """Return the distinct stacks on which exceptions were raised, with counts.

        Args:
            exceptions: Patterns of class names, such as `KeyError` or `json.*`.
        """
        return Stacks(self._view("paths", exceptions))

    def tree(
        self,
        *functions: str,
        reverse: bool = False,
        min_share: float = 0.01,
        depth: int | None = None,
        process: int | None = None,
        thread: int | None = None,
    ) -> CallTree:
        """Return one merged tree of the calls, sorted by time.

        ```python
        for node in swifttrace.open("run.swt").tree("Flask.wsgi_app"):
            print("  " * node.depth, node.function.name, node.calls, node.total)
        ```

        Calls on the same stack are one node. A call within another call of the same function is
        part of that one: recursion is folded.

        Args:
            functions: Patterns of the qualified names of the functions to begin with, such as
                `Parser.*` (default: the outermost function of each stack).
            reverse: Whether to put the callers of functions below them, not their callees.
            min_share: Least share of the tree's time that a node must have, from 0 to 1.
            depth: The maximum number of levels; None for all.
            process: The number of the only process; None for all.
            thread: The number of the only thread, in its process; None for all.

        Raises:
            OSError, ValueError: The file cannot be read, as for `swifttrace.open`.
            ValueError: `min_share` is not between 0 and 1, or `depth` is not positive.
        """
        if not 0 <= min_share <= 1:
            raise ValueError(f"min_share must be between 0 and 1, not {min_share!r}")
        if depth is not None and depth < 1:
            raise ValueError(f"depth must be positive, not {depth!r}")
        return CallTree(
            self._view(
                "tree",
                functions,
                process=process,
                thread=thread,
                reverse=reverse,
                share=min_share,
                depth=depth,
            )
        )

    def diff(self, other: Recording, *, values: bool = True) -> Difference:
        """Compare this recording with another, thread by thread and event by event.

        Times, addresses and numbers that look like an `id()` are not compared.

        Args:
            other: The other recording.
            values: Whether to compare values, if both have them.
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
        reverse: bool = False,
        share: float = 0,
        depth: int | None = None,
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
            "reverse": bool(reverse),
            "share": share,
            "depth": depth,
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
        path: The file of the first process, or of any other process.
        children: Whether to read the files of child processes too, which are beside it.

    Raises:
        OSError: The file cannot be read.
        ValueError: It is not a recording, or a newer swifttrace has written it.
    """
    return Recording(path, children=children)

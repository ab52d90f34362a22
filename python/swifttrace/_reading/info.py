"""Facts about a recording as a whole, as `Recording.info` returns them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from .._event_kinds import EVENT_KINDS
from .index import Header
from .results import Frame

if TYPE_CHECKING:
    from .rows import Thread


class ProgramEnd(NamedTuple):
    """The end of a process, as far as its recording knows it.

    Args:
        state: `running`, `ended`, `stopped` (the recording ended, and the exit status is not
            recorded), `killed` (no end was recorded) or `failed` (the recording could not
            continue).
        status: The exit status; minus the number of a signal. None if it is not recorded.
        exception: The class of the exception that the program did not catch; None if there was
            none.
        message: Its message; None if values were not kept.
        stack: The frames that it left, the outermost first, each with the line of the call or of
            the raise.
        omitted: Frames that are left out in the middle of the stack.
    """

    state: str
    status: int | None
    exception: str | None
    message: str | None
    stack: tuple[Frame, ...]
    omitted: int


class ThreadInfo(NamedTuple):
    """Counts of a thread. Times are in nanoseconds since the recording's start.

    Args:
        index: The number of the thread in its process.
        name: `threading.Thread.name`, as it was at the first event.
        native_id: The system's number.
        start: Time of the first event; 0 without events.
        end: Time of the last event.
        tasks: The number of asyncio tasks and of other coroutines that no traced one awaits.
        events: The number of events of each kind that occurs.
        dropped: The number of events that are not in the file, because its size is limited.
    """

    index: int  # type: ignore[assignment]  # A tuple has a method of that name.
    name: str
    native_id: int
    start: int
    end: int
    tasks: int
    events: dict[str, int]
    dropped: int


class ProcessInfo(NamedTuple):
    """Facts about a process and its file.

    Args:
        process: The number of the process.
        parent: The number of its parent.
        path: The file.
        arguments: The words of its command line.
        end: How it ended.
        threads: Its threads.
        size: Size of the file in bytes.
        format: Version of the file's format.
    """

    process: int
    parent: int
    path: str
    arguments: tuple[str, ...]
    end: ProgramEnd
    threads: tuple[ThreadInfo, ...]
    size: int
    format: int

    @property
    def events(self) -> dict[str, int]:
        """The number of events of each kind that occurs."""
        return _sum(thread.events for thread in self.threads)


class RecordingInfo(NamedTuple):
    """Facts about a recording.

    Args:
        path: The file of the first process.
        arguments: The words of the program's command line.
        folder: The folder in which the program was started.
        python: `sys.version` of the program's Python.
        platform: The system.
        start: Start of the recording, in nanoseconds since 1970.
        duration: Nanoseconds from the start to the last event of any process.
        options: The options of the recorder, as on the command line; empty if they are not
            recorded.
        has_values: Whether values were kept.
        max_size: Most bytes of a file; None for no limit.
        keep: The events to keep at that size: `first` or `last`.
        processes: The processes, the first one first.
        dropped: The number of events that found no room.
        evicted: The number of the oldest events, which were evicted for the newest.
        damage: Parts that cannot be read.
    """

    path: str
    arguments: tuple[str, ...]
    folder: str
    python: str
    platform: str
    start: int
    duration: int
    options: tuple[str, ...]
    has_values: bool
    max_size: int | None
    keep: str
    processes: tuple[ProcessInfo, ...]
    dropped: int
    evicted: int
    damage: tuple[str, ...]

    @property
    def end(self) -> ProgramEnd:
        """How the first process ended."""
        return self.processes[0].end

    @property
    def events(self) -> dict[str, int]:
        """The number of events of each kind that occurs."""
        return _sum(process.events for process in self.processes)

    @property
    def size(self) -> int:
        """Size of all files in bytes."""
        return sum(process.size for process in self.processes)


def _sum(counts: Any) -> dict[str, int]:
    total: dict[str, int] = {}
    for events in counts:
        for kind, number in events.items():
            total[kind] = total.get(kind, 0) + number
    return {kind: total[kind] for _, kind, _ in EVENT_KINDS if kind in total}


def info_of(
    path: str,
    data: tuple[Any, ...],
    headers: tuple[Header, ...],
    threads: tuple[Thread, ...],
    damage: tuple[str, ...],
) -> RecordingInfo:
    """Return the facts from the engine's overview and the contents of the files."""
    first = headers[0]
    processes: list[ProcessInfo] = []
    dropped = evicted = 0
    maximum, keeps_last = data[0][3:5]
    last = first.clock
    for header, fields in zip(headers, data, strict=True):
        size, version, is_written, _, evicts, lost, end, counts = fields
        known = {thread.index: thread for thread in threads if thread.process == header.process}
        rows = []
        for index, begin, until, tasks, numbers in counts:
            thread = known.get(index)
            missing = thread.dropped if thread is not None else 0
            if evicts:
                evicted += missing
            else:
                dropped += missing
            last = max(last, until)
            rows.append(
                ThreadInfo(
                    index,
                    thread.name if thread is not None else "",
                    thread.native_id if thread is not None else 0,
                    max(0, begin - first.clock),
                    max(0, until - first.clock),
                    tasks,
                    {EVENT_KINDS[place][1]: number for place, number in enumerate(numbers) if number},
                    missing,
                )
            )
        dropped += lost
        processes.append(
            ProcessInfo(
                header.process,
                header.parent,
                header.path,
                header.arguments,
                _end(header.ended, is_written, end),
                tuple(rows),
                size,
                version,
            )
        )
    return RecordingInfo(
        path,
        first.arguments,
        first.folder,
        first.python,
        first.platform,
        first.start,
        last - first.clock,
        first.options,
        first.has_values,
        maximum or None,
        "last" if keeps_last else "first",
        tuple(processes),
        dropped,
        evicted,
        damage,
    )


def _end(ended: str, is_written: bool, end: tuple[Any, ...] | None) -> ProgramEnd:
    state = ended if ended != "open" else "running" if is_written else "killed"
    if end is None:
        return ProgramEnd(state, None, None, None, (), 0)
    status, exception, message, omitted, frames = end
    stack = tuple(Frame(function, file, line) for file, line, function in frames)
    if state == "stopped":
        state = "ended"
    # Code that runs later, such as an exit handler, can be killed or change the status.
    known = status if state in ("ended", "failed") else None
    return ProgramEnd(state, known, exception, message, stack, omitted)

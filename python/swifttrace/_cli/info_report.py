"""The report of `info`."""

from __future__ import annotations

import datetime
import shlex
import signal
from collections.abc import Iterator

from .._printable import label
from .._reading.info import ProcessInfo, ProgramEnd, RecordingInfo, ThreadInfo
from .._tracing.options import CODE
from .terminal import duration, place, print_line

# Most processes, threads and frames of the text; JSON has all.
_MOST = 20
_WIDTH = 12


def print_info(info: RecordingInfo) -> None:
    """Print the facts about a recording, one in a line."""
    for name, text in _facts(info):
        print_line(f"{name:{_WIDTH}}{text}")


def _facts(info: RecordingInfo) -> Iterator[tuple[str, str]]:
    yield "recording", info.path
    yield "command", shlex.join(info.arguments) or "not recorded"
    yield "folder", info.folder
    yield "python", f"{info.python.split(' ')[0]} on {info.platform}"
    start = datetime.datetime.fromtimestamp(info.start / 1e9).astimezone()
    yield "start", start.isoformat(sep=" ", timespec="milliseconds")
    yield "duration", f"{duration(info.duration)}, to the last event"
    yield from _end(info.end)
    yield from _processes(info)
    yield from _threads(info)
    tasks = sum(thread.tasks for process in info.processes for thread in process.threads)
    if tasks:
        yield "tasks", f"{tasks:,}"
    yield "events", _events(info.events)
    yield "filters", _filters(info.options)
    yield "values", "safe" if info.has_values else "none"
    yield "losses", _losses(info)
    limit = f", at most {info.max_size:,} for each process" if info.max_size else ""
    yield "size", f"{info.size:,} bytes{limit}"
    yield "format", f"version {info.processes[0].format}"


def _end(end: ProgramEnd) -> Iterator[tuple[str, str]]:
    yield "end", _sentence(end)
    half = len(end.stack) if not end.omitted else len(end.stack) // 2
    for depth, frame in enumerate(end.stack):
        if depth == half:
            yield "", f"  … {end.omitted:,} more frames …"
        yield "", f"  {label(frame.name, frame.file)}  {place(frame.file, frame.line)}"


def _sentence(end: ProgramEnd) -> str:
    exception = ""
    if end.exception is not None:
        message = f": {end.message}" if end.message else ""
        exception = f"uncaught {end.exception}{message}"
    if end.status is not None and end.status < 0:
        try:
            status = f"signal {-end.status} ({signal.Signals(-end.status).name})"
        except ValueError:
            status = f"signal {-end.status}"
    else:
        status = f"exit status {end.status}"
    if end.state == "ended":
        return f"{exception}, {status}" if exception else status
    text = {
        "running": "still running",
        "stopped": "the recording was stopped; exit status not recorded",
        "killed": "killed, or ended by os._exit() or exec; exit status not recorded",
        "failed": "the recording could not continue, for example because the disk was full"
        + (f"; {status}" if end.status is not None else ""),
    }[end.state]
    return f"{exception}; {text}" if exception else text


def _processes(info: RecordingInfo) -> Iterator[tuple[str, str]]:
    name = "processes"
    for process in info.processes[:_MOST]:
        start = f"{process.process}: {sum(process.events.values()):,} events"
        if process is not info.processes[0]:
            start += f", child of {process.parent}, {_sentence(process.end)}"
        yield name, start
        name = ""
    yield from _rest(len(info.processes), "processes")


def _threads(info: RecordingInfo) -> Iterator[tuple[str, str]]:
    threads = [(process, thread) for process in info.processes for thread in process.threads]
    name = "threads"
    for process, thread in threads[:_MOST]:
        yield name, _thread(process, thread, len(info.processes) > 1)
        name = ""
    yield from _rest(len(threads), "threads")


def _thread(process: ProcessInfo, thread: ThreadInfo, is_one_of_many: bool) -> str:
    number = f"{process.process}/{thread.index}" if is_one_of_many else f"{thread.index}"
    text = f"{number} {thread.name}: {sum(thread.events.values()):,} events"
    if thread.events:
        text += f", {duration(thread.start)} to {duration(thread.end)}"
    if thread.tasks:
        text += f", {thread.tasks:,} tasks"
    return text


def _rest(count: int, what: str) -> Iterator[tuple[str, str]]:
    if count > _MOST:
        yield "", f"… {count - _MOST:,} more {what}: --format json shows all"


def _events(events: dict[str, int]) -> str:
    kinds = ", ".join(f"{number:,} {kind}" for kind, number in events.items())
    return f"{sum(events.values()):,}" + (f": {kinds}" if kinds else "")


def _filters(options: tuple[str, ...]) -> str:
    """Return the options that select code."""
    if not options:
        return "not recorded"
    flags = {row.flag: row.flag == "--all" for row in CODE if row.name != "own"}
    words: list[str] = []
    rest = iter(options)
    for word in rest:
        flag, _, value = word.partition("=")
        if flag not in flags:
            continue
        if flags[flag]:
            words.append(flag)
        else:
            words += [flag, value or next(rest, "")]
    return shlex.join(words) or "own code (default)"


def _losses(info: RecordingInfo) -> str:
    parts = [f"{info.dropped:,} events dropped"] if info.dropped else []
    parts += [f"{info.evicted:,} oldest events evicted"] if info.evicted else []
    parts += [f"{len(info.damage):,} damaged parts"] if info.damage else []
    return ", ".join(parts) or "none"


def as_dict(info: RecordingInfo) -> dict[str, object]:
    """Return the facts as an object for JSON."""

    def end(value: ProgramEnd) -> dict[str, object]:
        stack = [{"function": f.name, "file": f.file, "line": f.line} for f in value.stack]
        return {**value._asdict(), "stack": stack}

    return {
        **info._asdict(),
        "end": end(info.end),
        "events": info.events,
        "filters": _filters(info.options),
        "size": info.size,
        "format": info.processes[0].format,
        "processes": [
            {
                **process._asdict(),
                "end": end(process.end),
                "events": process.events,
                "threads": [thread._asdict() for thread in process.threads],
            }
            for process in info.processes
        ],
    }

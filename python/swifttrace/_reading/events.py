"""Iteration over the events of a recording."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from .. import _swifttrace
from .._event_kinds import EVENT_KINDS
from .index import Header
from .rows import Event, Function

_BATCH = 4096
_NONE: tuple[str, ...] = ()
_LOST = "(lost)"
_UNKNOWN = Function("?", "?", "", 0, ())


def read_events(
    handle: object,
    headers: tuple[Header, ...],
    functions: tuple[tuple[Function | None, ...], ...],
    look: Callable[[], tuple[tuple[Function | None, ...], ...]],
) -> Iterator[Event]:
    """Read the events, from the next one on.

    Args:
        handle: The recording.
        headers: The headers of its files.
        functions: The functions of each file, by number.
        look: Returns the functions as they are now: a running program may have defined more.
    """
    processes, origin = tuple(header.process for header in headers), headers[0].clock
    while batch := _swifttrace.read_events(handle, _BATCH):
        for number, file, thread, function, line, depth, time, texts, c_function, task in batch:
            event, kind, _ = EVENT_KINDS[number]
            value, arguments, message = c_function, _NONE, None
            if texts:
                if event == "call":
                    arguments = tuple(_LOST if text is None else text for text in texts)
                else:
                    value = _LOST if texts[0] is None else texts[0]
                    if event == "exception" and len(texts) > 1:
                        message = texts[1]
            if function >= len(functions[file]):
                functions = look()
            yield Event(
                event,
                kind,
                functions[file][function] or _UNKNOWN,
                line,
                depth,
                time - origin,
                processes[file],
                thread,
                value,
                arguments,
                message,
                task or None,
            )

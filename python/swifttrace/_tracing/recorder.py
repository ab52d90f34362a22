"""Recording: every event to a file, while the program runs. What writes it is Swift."""

from __future__ import annotations

import functools
import itertools
import os
import sys

from .. import _swifttrace
from . import child_processes
from .filters import Filters
from .guarding import guarded
from .session import begin, checked_source, end, stop, undo
from .strategies import Strategy, engine_path
from .units import parse_duration

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from types import TracebackType
    from typing import ParamSpec, Self, TypeVar

    from .._swifttrace import EngineRecorder
    from .._types import Source

    P = ParamSpec("P")
    R = TypeVar("R")

_EVENTS = ("call", "line", "return", "exception", "opcode", "c_call")
_DEFAULT = ("call", "line", "return", "exception")
_LEAST = 256 * 1024
_UNITS = {"K": 1 << 10, "M": 1 << 20, "G": 1 << 30}


class Recorder(Strategy):
    """Writes every event to a compact file while the program runs.

    Args:
        path: The file to create; its name ends in `.swt`. Children write beside it.
        events: Which events are kept: of "call", "line", "return", "exception", "opcode",
            "c_call".
        values: "safe" keeps arguments, returned values and exceptions' messages, in the bounded
            form of the live text; None keeps none.
        max_size: Bytes that a process's file is not to exceed, or a text such as "200M"; None for
            no limit. At least 256 KiB.
        keep: What is kept where that is reached: the "first" events, or the "last".
        min_duration: Calls that end within so many seconds, or a text such as "1.5ms", are left out
            with all that happened in them; not those that were suspended. 0 leaves out none.
        children: Whether child processes that run Python record too.
        force: Whether a recording that is there already is replaced.

    Raises:
        TypeError, ValueError: An argument cannot be used.
    """

    kind = "record"

    def __init__(
        self,
        path: str | os.PathLike[str],
        *,
        events: Sequence[str] = _DEFAULT,
        values: str | None = None,
        max_size: int | str | None = None,
        keep: str = "first",
        min_duration: float | str = 0,
        children: bool = True,
        force: bool = False,
    ) -> None:
        if not isinstance(path, (str, os.PathLike)):
            raise TypeError(f"path must be a str or a path, not {type(path).__name__}")
        self.path = os.fsdecode(path)
        super().__init__(self.path)
        if isinstance(events, str):
            raise TypeError("events must be a sequence of str, such as events=['call', 'return']")
        unknown = [event for event in events if event not in _EVENTS]
        if unknown:
            raise ValueError(f"unknown event {unknown[0]!r}; there are {', '.join(_EVENTS)}")
        if values not in (None, "safe"):
            raise ValueError(f"values must be 'safe' or None, not {values!r}")
        if keep not in ("first", "last"):
            raise ValueError(f"keep must be 'first' or 'last', not {keep!r}")
        self.events = tuple(events)
        self.values = values
        self.max_size = None if max_size is None else parse_size(max_size)
        self.keep = keep
        self.min_duration = parse_min_duration(min_duration)
        self.children = children
        self.force = force
        self.tells = False
        self.options: tuple[str, ...] = ()
        self.family = (_random(), _random())
        self.is_child = False
        self._environment: dict[str, str | None] | None = None

    def numbered(self, number: int) -> Recorder:
        """Return the same recorder, for the recording of a number: 1 is the path itself."""
        if number == 1:
            return self
        stem, ending = os.path.splitext(self.path)
        import copy

        other = copy.copy(self)
        other.family = (_random(), _random())
        other.path = other.file = f"{stem}-{number}{ending}"
        return other

    def join(self, family: tuple[int, int, int]) -> None:
        """Make this the recording of a child, beside its family's first one."""
        self.family = family[:2]
        self.is_child = True

    def begun(self, filters: Filters) -> None:
        """Have children that run Python record too, unless this is a child's own recording."""
        if self.children and not self.is_child:
            changes = child_processes.changes(self, filters)
            self._environment = child_processes.present(changes)
            child_processes.change(changes)

    def ended(self) -> None:
        """Have children record no more."""
        if self._environment is not None:
            child_processes.change(self._environment)
            self._environment = None

    def engine_arguments(self) -> EngineRecorder:
        """Return the recorder as the engine takes it."""
        return {
            "kind": "record",
            "path": engine_path(self.path),
            "events": list(self.events),
            "values": "safe" if self.values is not None else None,
            "max_size": self.max_size,
            "keep": self.keep,
            "min_duration": self.min_duration,
            "children": bool(self.children),
            "force": bool(self.force),
            "reports": self.tells,
            "python": sys.version,
            "platform": f"{sys.platform}-{os.uname().machine}",
            "arguments": [_printable(word) for word in sys.orig_argv],
            "options": [_printable(word) for word in self.options],
            "run_id": self.family,
            "is_child": self.is_child,
        }


def _random() -> int:
    """Return 64 random bits, as a number with a sign."""
    return int.from_bytes(os.urandom(8), "little", signed=True)


def _refuse_what_runs_later(function: object) -> None:
    import inspect

    if not callable(function):
        raise TypeError(f"record takes a function, not {function!r}")
    for kind in ("generator", "coroutine", "asyncgen"):
        if getattr(inspect, f"is{kind}function")(function):
            raise TypeError(
                f"record cannot follow a function that runs in steps: {function!r}; record a block"
            )


def _printable(text: str) -> str:
    """Return a text that UTF-8 can hold: arguments need not be valid in any encoding."""
    return text.encode(errors="backslashreplace").decode()


def parse_size(size: int | str) -> int:
    """Return a number of bytes, of which `200M` is a short form.

    Raises:
        TypeError, ValueError: It is no size, or less than 256 KiB.
    """
    if isinstance(size, str):
        text = size.strip().upper().removesuffix("B")
        unit = _UNITS.get(text[-1:], 1)
        digits = text[:-1] if unit > 1 else text
        if not digits.isdecimal():
            raise ValueError(f"{size!r} is no size; write a number of bytes, such as 200M")
        size = int(digits) * unit
    if not isinstance(size, int):
        raise TypeError(f"a size must be an int or a str, not {type(size).__name__}")
    if not _LEAST <= size < 1 << 62:
        raise ValueError(f"a recording needs room for 256K, not {size} bytes")
    return size


def parse_min_duration(duration: float | str) -> int:
    """Return nanoseconds of a number of seconds, or of a text such as `1.5ms`.

    Raises:
        TypeError, ValueError: It is neither.
    """
    if isinstance(duration, str):
        return parse_duration(duration)
    if not isinstance(duration, (int, float)):
        raise TypeError(f"min_duration must be a number or a str, not {type(duration).__name__}")
    if not 0 <= duration < 1e9:
        raise ValueError(f"min_duration must be seconds from 0 on, not {duration!r}")
    return round(duration * 1e9)


class record:
    """Records what runs inside a `with` block, in every thread.

    Also a decorator, which records each call of a function, the second to `run-2.swt` and so on;
    and an object with `start` and `stop`.

    Args:
        path: The file to create; its name ends in `.swt`.
        events: Which events are kept.
        include: Globs on files to record, the user's own or not.
        exclude: Globs on files to leave out.
        function: Globs on qualified names of functions to record.
        depth: How many traced frames of a stack are recorded; None for all.
        all: Whether the standard library, site-packages and frozen modules are recorded too.
        values: "safe" keeps arguments, returned values and messages of exceptions.
        max_size: Bytes that the file is not to exceed, or a text such as "200M".
        keep: The "first" or the "last" events, where that is reached.
        min_duration: Calls that end within so many seconds, or a text such as "1.5ms", are left
            out.
        children: Whether children that run Python record too, each to a file beside the first.
        force: Whether a recording that is there already is replaced.
        source: Where events come from, as `trace` has it.

    Raises:
        TypeError, ValueError: An argument cannot be used; a source, on starting.
        OSError: The file cannot be created (on starting); FileExistsError where there is one.
        RuntimeError: Tracing has been started already, or another tool keeps the source for itself
            (on starting).
    """

    def __init__(
        self,
        path: str | os.PathLike[str],
        *,
        events: Sequence[str] = _DEFAULT,
        include: Sequence[str] = (),
        exclude: Sequence[str] = (),
        function: Sequence[str] = (),
        depth: int | None = None,
        all: bool = False,
        values: str | None = None,
        max_size: int | str | None = None,
        keep: str = "first",
        min_duration: float | str = 0,
        children: bool = True,
        force: bool = False,
        source: Source = "auto",
    ) -> None:
        self.recorder = Recorder(
            path,
            events=events,
            values=values,
            max_size=max_size,
            keep=keep,
            min_duration=min_duration,
            children=children,
            force=force,
        )
        self.filters = Filters(include, exclude, function, depth, all)
        self.source = checked_source(source)

    @guarded(undo)
    def start(self) -> None:
        """Start recording."""
        begin((self.recorder,), self.filters, self.source)

    @guarded(end)
    def stop(self) -> None:
        """End the recording."""
        stop()

    @guarded(undo)
    def __enter__(self) -> Self:
        """Start recording."""
        begin((self.recorder,), self.filters, self.source)
        return self

    @guarded(end)
    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """End the recording."""
        end()

    def __call__(self, function: Callable[P, R]) -> Callable[P, R]:
        """Return the function, each call of which is recorded, to a file of its own.

        A call made while tracing is on already is part of that trace.

        Raises:
            TypeError: It is no function, or one that does not run when it is called.
        """
        _refuse_what_runs_later(function)
        numbers = itertools.count(1)

        @functools.wraps(function)
        def recorded(*arguments: P.args, **named: P.kwargs) -> R:
            if _swifttrace.is_tracing():
                return function(*arguments, **named)
            call = _RecordedCall(self._numbered(next(numbers)))
            # No context manager: see `generators.Step`.
            try:
                call.begin()
                return function(*arguments, **named)
            finally:
                call.end()

        return recorded

    def _numbered(self, number: int) -> record:
        """Return what records to the file of a number; see `Recorder.numbered`."""
        import copy

        other = copy.copy(self)
        other.recorder = self.recorder.numbered(number)
        return other


def _end_call(_: object, call: _RecordedCall) -> None:
    if call.is_recorded:
        end()


class _RecordedCall:
    """A call that is recorded to a file of its own; begun once."""

    def __init__(self, recording: record) -> None:
        self._recording = recording
        self.is_recorded = False

    @guarded(undo)
    def begin(self) -> None:
        """Start recording."""
        recording = self._recording
        begin((recording.recorder,), recording.filters, recording.source)
        self.is_recorded = True

    @guarded(_end_call)
    def end(self) -> None:
        """End the recording, if it was started: another thread's goes on."""
        _end_call(None, self)

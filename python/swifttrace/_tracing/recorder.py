"""Recording every event to a file while the program runs. Swift code writes the file."""

from __future__ import annotations

import functools
import itertools
import os
import sys

from .. import _swifttrace
from . import child_processes
from .filters import Filters
from .guarding import guarded
from .options import CODE, RECORD, checked, documented, refuse_unknown
from .session import begin, checked_source, end, stop, undo
from .strategies import Strategy, engine_path

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType
    from typing import Any, ParamSpec, Self, TypeVar, Unpack

    from .._swifttrace import EngineRecorder
    from .._types import Source
    from .options import RecorderSettings, RecordOptions, TraceOptions

    class _Options(RecordOptions, TraceOptions):
        """The options of `record`."""

    P = ParamSpec("P")
    R = TypeVar("R")


class Recorder(Strategy):
    """Writes every event to a compact file while the program runs.

    Args:
        path: The file to create; its name ends in `.swt`. Children write beside it.
        {options}

    Raises:
        TypeError, ValueError: An argument is invalid.
    """

    __doc__ = documented(RECORD, __doc__)
    kind = "record"
    children: bool

    def __init__(self, path: str | os.PathLike[str], **options: Unpack[RecordOptions]) -> None:
        if not isinstance(path, (str, os.PathLike)):
            raise TypeError(f"path must be a str or a path, not {type(path).__name__}")
        refuse_unknown(RECORD, options, "Recorder.__init__()")
        self.path = os.fsdecode(path)
        super().__init__(self.path)
        vars(self).update(checked(RECORD, options))
        self.prints_summary = False
        self.options: tuple[str, ...] = ()
        self.family = (_random(), _random())
        self.is_child = False
        self._environment: dict[str, str | None] | None = None

    def numbered(self, number: int) -> Recorder:
        """Return the recorder for the recording with this number; number 1 has the path itself."""
        if number == 1:
            return self
        stem, ending = os.path.splitext(self.path)
        import copy

        other = copy.copy(self)
        other.family = (_random(), _random())
        other.path = other.file = f"{stem}-{number}{ending}"
        return other

    def join(self, family: tuple[int, int, int]) -> None:
        """Make this the recorder of a child, whose file is beside the first one of the run."""
        self.family = family[:2]
        self.is_child = True

    def begun(self, filters: Filters) -> None:
        """Make children that run Python record too, unless this is the recorder of a child."""
        if self.children and not self.is_child:
            changes = child_processes.changes(self, filters)
            self._environment = child_processes.present(changes)
            child_processes.change(changes)

    def ended(self) -> None:
        """Restore the environment, so that no more children record."""
        if self._environment is not None:
            child_processes.change(self._environment)
            self._environment = None

    def engine_arguments(self) -> EngineRecorder:
        """Return the recorder in the engine's form."""
        settings: RecorderSettings
        settings = {row.name: getattr(self, row.name) for row in RECORD}  # type: ignore[assignment]
        return {
            "kind": "record",
            "path": engine_path(self.path),
            **settings,
            "reports": self.prints_summary,
            "python": sys.version,
            "platform": f"{sys.platform}-{os.uname().machine}",
            "arguments": [_printable(word) for word in sys.orig_argv],
            "options": [_printable(word) for word in self.options],
            "run_id": self.family,
            "is_child": self.is_child,
        }


def _random() -> int:
    """Return 64 random bits, as a signed number."""
    return int.from_bytes(os.urandom(8), "little", signed=True)


def _refuse_what_runs_later(function: object) -> None:
    import inspect

    if not callable(function):
        raise TypeError(f"record takes a function, not {function!r}")
    for kind in ("generator", "coroutine", "asyncgen"):
        if getattr(inspect, f"is{kind}function")(function):
            raise TypeError(
                f"record cannot decorate a generator or coroutine function: {function!r}; "
                "record a block"
            )


def _printable(text: str) -> str:
    """Return the text in valid UTF-8, because arguments can contain any bytes."""
    return text.encode(errors="backslashreplace").decode()


class record:
    """Records the code that runs inside a `with` block, in every thread.

    As a decorator, it records each call of a function to a file of its own: the second to
    `run-2.swt`, and so on. Without a block, call `start` and `stop`.

    Args:
        path: The file to create; its name ends in `.swt`.
        source: The source of events, as for `trace`.
        {options}

    Raises:
        TypeError, ValueError: An argument is invalid, or (on starting) the source is unavailable.
        OSError: The file cannot be created (on starting); FileExistsError if it exists.
        RuntimeError: Tracing has been started already, or other tools hold the source (on
            starting).
    """

    __doc__ = documented([*RECORD, *CODE], __doc__)

    def __init__(
        self,
        path: str | os.PathLike[str],
        *,
        source: Source = "auto",
        **options: Unpack[_Options],
    ) -> None:
        refuse_unknown([*RECORD, *CODE[:-1]], options, "record.__init__()")
        names = [row.name for row in RECORD]
        kept: Any = {name: value for name, value in options.items() if name in names}
        code: Any = {name: value for name, value in options.items() if name not in names}
        self.recorder = Recorder(path, **kept)
        self.filters = Filters(**code)
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
        """Return a function that records each of its calls to a file of its own.

        If tracing is already on, the call is part of that trace.

        Raises:
            TypeError: The argument is not a function, or it is a generator or coroutine function.
        """
        _refuse_what_runs_later(function)
        numbers = itertools.count(1)

        @functools.wraps(function)
        def recorded(*arguments: P.args, **named: P.kwargs) -> R:
            if _swifttrace.is_tracing():
                return function(*arguments, **named)
            call = _RecordedCall(self._numbered(next(numbers)))
            # Not a context manager: see `generators.Step`.
            try:
                call.begin()
                return function(*arguments, **named)
            finally:
                call.end()

        return recorded

    def _numbered(self, number: int) -> record:
        """Return a copy that records to the file with this number; see `Recorder.numbered`."""
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
        """End the recording if `begin` started it. A recording of another thread continues."""
        _end_call(None, self)

"""Starting and stopping sessions: by functions, and by a context manager."""

from __future__ import annotations

import atexit
import sys

from .. import _swifttrace
from .._printable import report
from .guarding import guarded
from .strategies import Strategy, TreeLogger, check_strategies, engine_strategies

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import TracebackType
    from typing import Any

    from .._swifttrace import StartRequest
    from .._types import Source
    from .filters import Filters


def undo(steps: list[Any], *_: object, **__: object) -> None:
    """Undo the steps of an interrupted `begin`."""
    for step in steps:
        if isinstance(step, int):
            _swifttrace.stop(step)
            _running.clear()
        else:
            step.ended()


def end(*_: object) -> None:
    """End tracing if it is on. Can be called again after an interrupt."""
    if _swifttrace.is_tracing():
        _swifttrace.stop()
    while _running:
        _running[-1].ended()
        _running.pop()


class trace:
    """Traces the code that runs inside a `with` block, in every thread.

    Args:
        strategies: The strategies that receive the events (default: `TreeLogger()`).
        include: Globs for files to trace, whether they are the user's own or not.
        exclude: Globs for files to leave out.
        function: Globs for qualified names of functions to trace.
        depth: Number of outermost traced frames to show; None for all.
        all: Whether to trace the standard library, site-packages and frozen modules too.
        source: The source of events: "settrace", which is `PyEval_SetTrace`; "monitoring", which is
            `sys.monitoring`, from Python 3.12 on and without opcodes and C calls; "auto" selects
            `sys.monitoring` if it has the events, else `PyEval_SetTrace`.

    Raises:
        TypeError, ValueError: An argument is invalid, or (on entering) the source is unavailable.
        OSError: A strategy's file cannot be created (on entering).
        RuntimeError: Tracing has been started already, or other tools hold the source (on
            entering).
    """

    def __init__(
        self,
        *strategies: Strategy,
        include: Sequence[str] = (),
        exclude: Sequence[str] = (),
        function: Sequence[str] = (),
        depth: int | None = None,
        all: bool = False,
        source: Source = "auto",
    ) -> None:
        self.strategies = strategies or (TreeLogger(),)
        self.source = checked_source(source)
        self.filters = _make_filters(
            include=include, exclude=exclude, function=function, depth=depth, all=all
        )
        engine_strategies(self.strategies)

    @guarded(undo)
    def __enter__(self) -> trace:
        """Start tracing."""
        begin(self.strategies, self.filters, self.source)
        return self

    @guarded(end)
    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """End tracing."""
        end()


@guarded(undo)
def start(
    *strategies: Strategy,
    include: Sequence[str] = (),
    exclude: Sequence[str] = (),
    function: Sequence[str] = (),
    depth: int | None = None,
    all: bool = False,
    source: Source = "auto",
) -> None:
    """Start tracing, in every thread, until `stop()` or the end of the program.

    The arguments and exceptions are those of `trace`.
    """
    filters = _make_filters(
        include=include, exclude=exclude, function=function, depth=depth, all=all
    )
    begin(strategies or (TreeLogger(),), filters, checked_source(source))


def _make_filters(**options: Any) -> Filters:
    # Imported here, because `import swifttrace` must be cheap.
    from .filters import Filters

    return Filters(**options)


def set_filters(
    *,
    include: Sequence[str] = (),
    exclude: Sequence[str] = (),
    function: Sequence[str] = (),
    all: bool = False,
) -> None:
    """Change which code is traced, while tracing is on.

    The arguments are those of `trace`, and apply to later calls. Running calls keep the filters
    that they started with.

    Raises:
        TypeError, ValueError: An argument is invalid.
        RuntimeError: Tracing has not been started.
    """
    own = _filters[0].own if _filters else ()
    filters = _make_filters(include=include, exclude=exclude, function=function, all=all, own=own)
    _swifttrace.change_filter(filters.engine_filter())


@guarded(end)
def stop() -> None:
    """End tracing and write out buffered text.

    Raises:
        RuntimeError: Tracing has not been started.
        OSError: The rest of the text could not be written.
    """
    if not _swifttrace.is_tracing():
        _swifttrace.stop()  # Raises.
    end()


def begin(strategies: tuple[Strategy, ...], filters: Filters, source: Source = "auto") -> None:
    """Start tracing like `start`, with existing filters.

    The caller must be decorated with `guarded(undo)`.
    """
    check_strategies(strategies)
    steps = _swifttrace.steps()
    register_exit()
    if not _swifttrace.is_tracing():  # Otherwise the engine raises an error below.
        for strategy in strategies:
            steps.append(strategy)
            strategy.begun(filters)
    request: StartRequest = {
        "strategies": engine_strategies(strategies),
        "filter": filters.engine_filter(),
        "depth": filters.depth,
        "all_threads": True,
        "may_be_running": False,
        "source": source,
    }
    # From here on, the session hides the running frames of swifttrace. The number is in the list
    # before a signal handler can run.
    steps.extend(map(_swifttrace.start, [request]))
    _running[:] = strategies
    _filters[:] = [filters]


def checked_source(source: Source) -> Source:
    """Return the source if its name is valid.

    Raises:
        ValueError: The name is invalid.
    """
    if source not in SOURCES:
        raise ValueError(f"source must be one of {', '.join(SOURCES)}, not {source!r}")
    return source


SOURCES = ("auto", "settrace", "monitoring")


def auto_source() -> str:
    """Return a description of the source "auto" for this Python."""
    name = f"Python {sys.version_info.major}.{sys.version_info.minor}"
    if _swifttrace.auto_source == "settrace":
        return f"with {name} PyEval_SetTrace"
    return f"with {name} sys.monitoring, or PyEval_SetTrace for opcodes and C calls"


# The strategies of the running session, and its first filters.
_running: list[Strategy] = []
_filters: list[Filters] = []

_exit_is_registered = False


def register_exit() -> None:
    """Make sure that buffered text is written if the program ends without `stop()`."""
    global _exit_is_registered
    if not _exit_is_registered:
        _exit_is_registered = True
        atexit.register(_stop_at_exit)


@guarded(end)
def _stop_at_exit() -> None:
    if not _swifttrace.is_tracing():
        return
    try:
        end()
    except Exception as error:
        try:
            report(f"could not write the rest of the trace: {error}")
        except (AttributeError, OSError, ValueError):
            return  # Standard error is missing, broken or closed.

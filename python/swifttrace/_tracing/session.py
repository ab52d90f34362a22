"""Starting and stopping, and the two ways to do both around something."""

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
    """Take back what `begin` has done so far."""
    for step in steps:
        if isinstance(step, int):
            _swifttrace.stop(step)
            _running.clear()
        else:
            step.ended()


def end(*_: object) -> None:
    """End tracing, if it has not been ended yet. Can be called again after an interrupt."""
    if _swifttrace.is_tracing():
        _swifttrace.stop()
    while _running:
        _running[-1].ended()
        _running.pop()


class trace:
    """Traces what runs inside a `with` block, in every thread.

    Args:
        strategies: What is done with the events; a `TreeLogger()` where none is given.
        include: Globs on files to trace, the user's own or not.
        exclude: Globs on files to leave out.
        function: Globs on qualified names of functions to trace.
        depth: How many traced frames of a stack are shown; None for all.
        all: Whether the standard library, site-packages and frozen modules are traced too.
        source: Where events come from: "settrace", which is `PyEval_SetTrace`; "monitoring", which
            is `sys.monitoring`, from Python 3.12 on and not for opcodes and functions written in C;
            "auto" is the latter where it has what is asked for, and else the former.

    Raises:
        TypeError, ValueError: An argument cannot be used; a source, on entering.
        OSError: A strategy's file cannot be created (on entering).
        RuntimeError: Tracing has been started already, or another tool keeps the source for itself
            (on entering).
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

    Takes what `trace` takes, and raises what it raises.
    """
    filters = _make_filters(
        include=include, exclude=exclude, function=function, depth=depth, all=all
    )
    begin(strategies or (TreeLogger(),), filters, checked_source(source))


def _make_filters(**options: Any) -> Filters:
    # Imported here: an import of swifttrace costs next to nothing.
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

    Calls from now on are traced, or not, as the arguments say, which are those of `trace`. Calls
    that are running keep what was decided at their start.

    Raises:
        TypeError, ValueError: An argument cannot be used.
        RuntimeError: Tracing has not been started.
    """
    own = _filters[0].own if _filters else ()
    filters = _make_filters(include=include, exclude=exclude, function=function, all=all, own=own)
    _swifttrace.change_filter(filters.engine_filter())


@guarded(end)
def stop() -> None:
    """End tracing and write out what is left.

    Raises:
        RuntimeError: Tracing has not been started.
        OSError: The rest of the text could not be written.
    """
    if not _swifttrace.is_tracing():
        _swifttrace.stop()  # Raises.
    end()


def begin(strategies: tuple[Strategy, ...], filters: Filters, source: Source = "auto") -> None:
    """Start tracing as `start` does, with filters made before.

    A guarded function that calls this has it undone by `undo`.
    """
    check_strategies(strategies)
    steps = _swifttrace.steps()
    register_exit()
    if not _swifttrace.is_tracing():  # Else the engine refuses.
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
    # Nothing of swifttrace's own runs from here on but what a session hides. The number is in the
    # list before a signal handler can run.
    steps.extend(map(_swifttrace.start, [request]))
    _running[:] = strategies
    _filters[:] = [filters]


def checked_source(source: Source) -> Source:
    """Return the source, which is one of those that there are.

    Raises:
        ValueError: It is none.
    """
    if source not in SOURCES:
        raise ValueError(f"source must be one of {', '.join(SOURCES)}, not {source!r}")
    return source


SOURCES = ("auto", "settrace", "monitoring")


def auto_source() -> str:
    """Return in words what the source "auto" is with this Python."""
    name = f"Python {sys.version_info.major}.{sys.version_info.minor}"
    if _swifttrace.auto_source == "settrace":
        return f"with {name} PyEval_SetTrace"
    return f"with {name} sys.monitoring, or PyEval_SetTrace for opcodes and functions written in C"


# The strategies of the session that runs, and its first filters.
_running: list[Strategy] = []
_filters: list[Filters] = []

_exit_is_registered = False


def register_exit() -> None:
    """Have what is left written out when the program ends without `stop()`."""
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
            report(f"the end of the trace is lost: {error}")
        except (AttributeError, OSError, ValueError):
            return  # Standard error is missing, broken or closed: there is nobody to tell.

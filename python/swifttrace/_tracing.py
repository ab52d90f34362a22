"""Starting and stopping, and the two ways to do both around something."""

from __future__ import annotations

import atexit
import sys

from . import _swifttrace
from ._filters import Filters
from ._strategies import Strategy, TreeLogger, engine_strategies

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import TracebackType


class trace:
    """Traces what runs inside a `with` block, in every thread.

    Args:
        strategies: What is done with the events; a `TreeLogger()` where none is given.
        include: Globs on files to trace, the user's own or not.
        exclude: Globs on files to leave out.
        function: Globs on qualified names of functions to trace.
        depth: How many traced frames of a stack are shown; None for all.
        all: Whether the standard library, site-packages and frozen modules are traced too.

    Raises:
        TypeError, ValueError: An argument cannot be used.
        OSError: A strategy's file cannot be created (on entering).
        RuntimeError: Tracing has been started already (on entering).
    """

    def __init__(
        self,
        *strategies: Strategy,
        include: Sequence[str] = (),
        exclude: Sequence[str] = (),
        function: Sequence[str] = (),
        depth: int | None = None,
        all: bool = False,
    ) -> None:
        self.strategies = strategies or (TreeLogger(),)
        self.filters = Filters(include, exclude, function, depth, all)
        engine_strategies(self.strategies)

    def __enter__(self) -> trace:
        """Start tracing."""
        begin(self.strategies, self.filters)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """End tracing."""
        stop_if_tracing()


def start(
    *strategies: Strategy,
    include: Sequence[str] = (),
    exclude: Sequence[str] = (),
    function: Sequence[str] = (),
    depth: int | None = None,
    all: bool = False,
) -> None:
    """Start tracing, in every thread, until `stop()` or the end of the program.

    Takes what `trace` takes, and raises what it raises.
    """
    begin(strategies or (TreeLogger(),), Filters(include, exclude, function, depth, all))


def stop() -> None:
    """End tracing and write out what is left.

    Raises:
        RuntimeError: Tracing has not been started.
        OSError: The rest of the text could not be written.
    """
    ended = _running[:]
    _running.clear()
    try:
        _swifttrace.stop()
    finally:
        for strategy in ended:
            strategy.ended()


def stop_if_tracing() -> None:
    """End tracing, if it has not been ended meanwhile.

    Raises:
        OSError: The rest of the text could not be written.
    """
    if _swifttrace.is_tracing():
        stop()


def begin(strategies: tuple[Strategy, ...], filters: Filters) -> None:
    """Start tracing as `start` does, with filters made before."""
    _swifttrace.start(
        engine_strategies(strategies), filters.depth, True, *filters.engine_arguments(), False
    )
    _running[:] = strategies
    for strategy in strategies:
        strategy.begun(filters)
    register_exit()


# The strategies of the session that runs.
_running: list[Strategy] = []

_exit_is_registered = False


def register_exit() -> None:
    """Have what is left written out when the program ends without `stop()`."""
    global _exit_is_registered
    if not _exit_is_registered:
        atexit.register(_stop_at_exit)
        _exit_is_registered = True


def _stop_at_exit() -> None:
    if not _swifttrace.is_tracing():
        return
    try:
        stop()
    except Exception as error:
        try:
            sys.stderr.write(f"swifttrace: the end of the trace is lost: {error}\n")
        except (AttributeError, OSError, ValueError):
            return  # Standard error is missing, broken or closed: there is nobody to tell.

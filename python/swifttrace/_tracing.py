"""Starting and stopping, and the two ways to do both around something."""

from __future__ import annotations

import atexit
import contextlib
import dataclasses
import functools
import inspect
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from types import TracebackType
from typing import Any, ParamSpec, TypeVar, overload

from . import _steps, _swifttrace
from ._filters import Filters
from ._strategies import Strategy, TreeLogger, engine_strategies

P = ParamSpec("P")
R = TypeVar("R")


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
        if _swifttrace.is_tracing():
            stop()


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
    _swifttrace.stop()


def begin(strategies: tuple[Strategy, ...], filters: Filters, all_threads: bool = True) -> None:
    """Start tracing as `start` does, with filters made before."""
    _swifttrace.start(
        engine_strategies(strategies), filters.depth, all_threads, *filters.engine_arguments()
    )
    _register_exit()


@functools.cache
def _register_exit() -> None:
    """Have what is left written out when the program ends without `stop()`."""
    atexit.register(_stop_at_exit)


def _stop_at_exit() -> None:
    if not _swifttrace.is_tracing():
        return
    try:
        stop()
    except Exception as error:
        with contextlib.suppress(Exception):
            print(f"swifttrace: the end of the trace is lost: {error}", file=sys.stderr)


@overload
def traced(function: Callable[P, R], /) -> Callable[P, R]: ...
@overload
def traced(
    *strategies: Strategy,
    include: Sequence[str] = (),
    exclude: Sequence[str] = (),
    function: Sequence[str] = (),
    depth: int | None = None,
    all: bool = False,
) -> Callable[[Callable[P, R]], Callable[P, R]]: ...
def traced(*arguments: Any, **options: Any) -> Any:
    """Trace each call of the decorated function, in the thread that makes it.

    `@traced` alone, or `@traced(LineLogger(), depth=3)` with what `trace` takes. A generator, a
    coroutine or an asynchronous generator is traced while it runs, not while it is suspended. A call
    made while tracing is on already is simply part of that trace.

    Raises:
        TypeError, ValueError: An argument cannot be used.
    """
    if len(arguments) == 1 and not options and inspect.isroutine(arguments[0]):
        return _decorate(arguments[0], trace())
    settings = trace(*arguments, **options)
    return lambda function: _decorate(function, settings)


class _StepSession:
    """Turns tracing on for one call, or one step of a generator, in the calling thread."""

    def __init__(self, settings: trace) -> None:
        self._settings = settings
        self._strategies: tuple[Strategy, ...] | None = None

    def step(self) -> contextlib.AbstractContextManager[None]:
        """Return a context in which tracing is on."""
        return contextlib.nullcontext() if _swifttrace.is_tracing() else self._traced()

    @contextlib.contextmanager
    def _traced(self) -> Iterator[None]:
        if self._strategies is None:
            self._strategies = tuple(map(_with_open_file, self._settings.strategies))
        begin(self._strategies, self._settings.filters, all_threads=False)
        try:
            yield
        finally:
            if _swifttrace.is_tracing():
                stop()


def _with_open_file(strategy: Strategy) -> Strategy:
    """Open a strategy's file for good: one that is started anew would empty it each time."""
    if not isinstance(strategy.file, (str, os.PathLike)):
        return strategy
    file = open(strategy.file, "w", encoding="utf-8")  # noqa: SIM115 - lives as long as the function
    return dataclasses.replace(strategy, file=file)


def _decorate(function: Any, settings: trace) -> Any:
    if isinstance(function, (classmethod, staticmethod)):
        return type(function)(_decorate(function.__func__, settings))
    if not callable(function):
        raise TypeError(f"only functions and methods can be traced, not {function!r}")
    return _steps.wrap(function, _StepSession(settings))

"""Tracing each call of a function. Imported at the first use: it brings much with it."""

from __future__ import annotations

import contextlib
import inspect
import os
from collections.abc import Callable, Iterator, Sequence
from typing import Any, ParamSpec, TypeVar, overload

from . import _steps, _swifttrace
from ._strategies import Strategy
from ._tracing import begin, stop, trace

P = ParamSpec("P")
R = TypeVar("R")


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
    coroutine or an asynchronous generator is traced while it runs, not while it is suspended. A
    call made while tracing is on already is simply part of that trace.

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
    return strategy.with_file(file)


def _decorate(function: Any, settings: trace) -> Any:
    if isinstance(function, (classmethod, staticmethod)):
        return type(function)(_decorate(function.__func__, settings))
    if not callable(function):
        raise TypeError(f"only functions and methods can be traced, not {function!r}")
    return _steps.wrap(function, _StepSession(settings))

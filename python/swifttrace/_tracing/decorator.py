"""The decorator `traced`. Imported on first use, because its own imports are expensive."""

from __future__ import annotations

import atexit
import inspect
import os
import sys
from _thread import RLock
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar, overload

from .. import _swifttrace
from .._files import create
from . import generators
from .guarding import guarded
from .session import register_exit, trace
from .strategies import Strategy, engine_strategies

if TYPE_CHECKING:
    from .._swifttrace import Filter, StartRequest

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

    Write `@traced`, or pass the arguments of `trace`: `@traced(LineLogger(), depth=3)`. A
    generator, a coroutine or an asynchronous generator is traced while it runs, not while it is
    suspended. If tracing is already on, in all threads or by a traced call in this thread, the call
    is part of that trace. Simultaneous calls in several threads are traced separately, and their
    events have different thread numbers.

    Raises:
        TypeError, ValueError: An argument is invalid.
    """
    if len(arguments) == 1 and not options and inspect.isroutine(arguments[0]):
        return _decorate(arguments[0], trace())
    settings = trace(*arguments, **options)
    if settings.source == "monitoring":
        raise ValueError("@traced traces one thread and cannot use source='monitoring'")
    return lambda function: _decorate(function, settings)


class _StepSession:
    """Turns tracing on for a call, or a step of a generator, in the calling thread."""

    def __init__(self, settings: trace) -> None:
        self._settings = settings
        self._prepared: tuple[tuple[Strategy, ...], Filter] | None = None

    def step(self) -> _Step:
        """Return a step that has not begun."""
        return _Step(self)

    def begin(self, numbers: list[int]) -> None:
        """Start a session, and append its number to the list.

        Appends nothing if this thread is traced already or Python is ending, and 0 if another
        thread has just started to trace all threads.
        """
        if sys.is_finalizing() or _swifttrace.is_tracing(True):
            return
        strategies, filter = self._prepared or self._prepare()
        request: StartRequest = {
            "strategies": engine_strategies(strategies),
            "filter": filter,
            "depth": self._settings.filters.depth,
            "all_threads": False,
            # If another thread has just started to trace all threads, this call is part of that.
            "may_be_running": True,
            "source": "settrace",
        }
        # The number is in the list before a signal handler can run.
        numbers.extend(map(_swifttrace.start, [request]))

    def _prepare(self) -> tuple[tuple[Strategy, ...], Filter]:
        """Open the strategies' files, once for all threads."""
        with _preparing:
            if self._prepared is None:
                filter = self._settings.filters.engine_filter()
                strategies = tuple(map(_with_open_file, self._settings.strategies))
                register_exit()
                self._prepared = strategies, filter
            return self._prepared


# One lock for all functions. In a forked child, a thread that held it does not exist.
_preparing = RLock()
os.register_at_fork(after_in_child=_preparing._at_fork_reinit)  # type: ignore[attr-defined]


def _end_step(_: object, step: _Step, *__: object) -> None:
    for number in step.numbers:
        if number:
            _swifttrace.stop(number)


class _Step:
    """A call, or a step of a generator, in which tracing is on; begun once."""

    def __init__(self, session: _StepSession) -> None:
        self._session = session
        self.numbers: list[int] = []

    @guarded(_end_step)
    def begin(self) -> None:
        """Start a session."""
        self._session.begin(self.numbers)

    @guarded(_end_step)
    def end(self) -> None:
        """End the session, if it was started and has not ended already."""
        _end_step(None, self)


def _with_open_file(strategy: Strategy) -> Strategy:
    """Open a strategy's file once: each start of a strategy with a path would empty the file."""
    if not isinstance(strategy.file, (str, os.PathLike)):
        return strategy
    # Open until the program ends.
    file = open(create(strategy.file), "w", encoding="utf-8")  # noqa: SIM115
    atexit.register(file.close)
    return strategy.with_file(file)


def _decorate(function: Any, settings: trace) -> Any:
    if isinstance(function, (classmethod, staticmethod)):
        return type(function)(_decorate(function.__func__, settings))
    if not callable(function):
        raise TypeError(f"only functions and methods can be traced, not {function!r}")
    return generators.wrap(function, _StepSession(settings))

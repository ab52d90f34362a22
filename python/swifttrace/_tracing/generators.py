"""Running generators and coroutines step by step, each step under a session."""

from __future__ import annotations

import functools
import inspect
import types
from collections.abc import AsyncGenerator, Awaitable, Callable, Generator
from typing import Any, Protocol


class Step(Protocol):
    """One step, with tracing turned on.

    Not a context manager: from 3.14 on, CPython runs signal handlers between `__enter__` and the
    block of a `with` statement. An exception there would leave tracing on.
    """

    def begin(self) -> None:
        """Turn tracing on, within the `try` block whose `finally` calls `end`."""

    def end(self) -> None:
        """Turn tracing off if `begin` has turned it on."""


class StepSession(Protocol):
    """Turns tracing on for one step."""

    def step(self) -> Step:
        """Return a step that has not begun."""


def drive(generator: Any, session: StepSession) -> Generator[Any, Any, Any]:
    """Yield the values of a generator, running each of its steps under the session.

    Args:
        generator: An object with a generator's `send`, `throw` and `close`.
        session: Turns tracing on for each step.

    Returns:
        The value that the generator returns.
    """
    resume: Callable[[Any], Any] = generator.send
    argument: Any = None
    while True:
        step = session.step()
        try:
            step.begin()
            value = resume(argument)
        except StopIteration as end:
            return end.value
        finally:
            step.end()
        try:
            argument = yield value
            resume = generator.send
        except GeneratorExit:
            step = session.step()
            try:
                step.begin()
                return generator.close()
            finally:
                step.end()
        except BaseException as error:
            resume, argument = generator.throw, error


@types.coroutine
def drive_awaitable(awaitable: Awaitable[Any], session: StepSession) -> Generator[Any, Any, Any]:
    """Await an object, running each of its steps under the session."""
    return (yield from drive(awaitable.__await__(), session))


def wrap(function: Any, session: StepSession) -> Any:
    """Wrap a function in one of the same kind that runs each step under the session.

    Args:
        function: A plain function, a generator function, a coroutine function or an asynchronous
            generator function.
        session: Turns tracing on for each step.
    """
    if inspect.isasyncgenfunction(function):

        @functools.wraps(function)
        async def run_async_generator(*args: Any, **kwargs: Any) -> AsyncGenerator[Any, Any]:
            generator = function(*args, **kwargs)
            step = generator.asend(None)
            while True:
                try:
                    value = await drive_awaitable(step, session)
                except StopAsyncIteration:
                    return
                try:
                    step = generator.asend((yield value))
                except GeneratorExit:
                    await drive_awaitable(generator.aclose(), session)
                    raise
                except BaseException as error:
                    step = generator.athrow(error)

        return run_async_generator
    if inspect.iscoroutinefunction(function):

        @functools.wraps(function)
        async def run_coroutine(*args: Any, **kwargs: Any) -> Any:
            return await drive_awaitable(function(*args, **kwargs), session)

        return run_coroutine
    if inspect.isgeneratorfunction(function):

        @functools.wraps(function)
        def run_generator(*args: Any, **kwargs: Any) -> Generator[Any, Any, Any]:
            return (yield from drive(function(*args, **kwargs), session))

        return run_generator

    @functools.wraps(function)
    def run(*args: Any, **kwargs: Any) -> Any:
        step = session.step()
        try:
            step.begin()
            return function(*args, **kwargs)
        finally:
            step.end()

    return run

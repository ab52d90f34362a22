"""Functions whose effect is never left half done, even if a signal handler raises in them."""

from __future__ import annotations

from .. import _swifttrace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, TypeVar

    F = TypeVar("F", bound=Callable[..., Any])


def guarded(undo: Callable[..., object]) -> Callable[[F], F]:
    """Undo or complete a function's effect if it raises.

    CPython can run a signal handler between any two instructions of Python code, even in a
    `finally` block or in `__exit__`, but not within C code. C code calls the decorated function.

    Args:
        undo: Called with the list `_swifttrace.steps()` as the function has left it, and with the
            function's arguments. The call is repeated until it returns.
    """

    def decorate(function: F) -> F:
        whole: Any = _swifttrace.Guarded(function, undo)
        # Like `functools.update_wrapper`. Its import takes longer than that of swifttrace.
        for name in ("__module__", "__name__", "__qualname__", "__doc__", "__annotations__"):
            setattr(whole, name, getattr(function, name))
        whole.__wrapped__ = function
        decorated: F = whole
        return decorated

    return decorate

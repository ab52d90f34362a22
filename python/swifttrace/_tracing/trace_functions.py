"""The engine's versions of the functions of `sys` and `threading` that set trace functions.

Each keeps the contract of its namesake. `sys.gettrace` returns a function that
`swifttrace.settrace` has set, and `sys.settrace(None)` unsets it.
"""

from __future__ import annotations

from .. import _swifttrace
from .._swifttrace import getprofile, gettrace, setprofile, settrace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .._types import ProfileFunction, TraceFunction

__all__ = [
    "getprofile",
    "gettrace",
    "setprofile",
    "setprofile_all_threads",
    "settrace",
    "settrace_all_threads",
]


def settrace_all_threads(function: TraceFunction | None) -> None:
    """Set the trace function of every thread, like `threading.settrace_all_threads` of 3.12.

    Args:
        function: The function for the running threads, and for those that `threading` starts later;
            None unsets it.
    """
    import threading

    threading.settrace(function)
    _swifttrace.settrace_running_threads(function)


def setprofile_all_threads(function: ProfileFunction | None) -> None:
    """Set the profile function of every thread, like `threading.setprofile_all_threads` of 3.12.

    Args:
        function: The function for the running threads, and for those that `threading` starts later;
            None unsets it.
    """
    import threading

    threading.setprofile(function)
    _swifttrace.setprofile_running_threads(function)

"""Trace a Python program: its calls, lines and returns, with values.

    import swifttrace

    with swifttrace.trace():
        main()

From the command line: `python -m swifttrace script.py`.
"""

from . import _engine as _engine  # First: it reports an engine that does not fit.
from ._tracing.session import set_filters, start, stop, trace
from ._tracing.strategies import (
    CallLogger,
    EventLogger,
    JSONLogger,
    LineLogger,
    ReturnLogger,
    Strategy,
    TreeLogger,
)
from ._tracing.trace_functions import (
    getprofile,
    gettrace,
    setprofile,
    setprofile_all_threads,
    settrace,
    settrace_all_threads,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ._reading.call_tree import CalledFunction, CallNode, CallTree
    from ._reading.recording import Recording, open
    from ._reading.results import Difference, Divergence, FunctionStats, LineStats, StackCount
    from ._reading.rows import Event, Function, Thread
    from ._tracing.decorator import traced
    from ._tracing.recorder import Recorder, record
    from ._types import TextFile
    from ._version import __version__

__all__ = [
    "CallLogger",
    "CallNode",
    "CallTree",
    "CalledFunction",
    "Difference",
    "Divergence",
    "Event",
    "EventLogger",
    "Function",
    "FunctionStats",
    "JSONLogger",
    "LineLogger",
    "LineStats",
    "Recorder",
    "Recording",
    "ReturnLogger",
    "StackCount",
    "Strategy",
    "TextFile",
    "Thread",
    "TreeLogger",
    "__version__",
    "getprofile",
    "gettrace",
    "open",
    "record",
    "set_filters",
    "setprofile",
    "setprofile_all_threads",
    "settrace",
    "settrace_all_threads",
    "start",
    "stop",
    "trace",
    "traced",
]


_LATER = {
    "_tracing.decorator": ("traced",),
    "_reading.recording": ("Recording", "open"),
    "_reading.call_tree": ("CallNode", "CallTree", "CalledFunction"),
    "_tracing.recorder": ("Recorder", "record"),
    "_reading.rows": ("Event", "Function", "Thread"),
    "_types": ("TextFile",),
    "_version": ("__version__",),
    "_reading.results": ("Difference", "Divergence", "FunctionStats", "LineStats", "StackCount"),
}


def __getattr__(name: str) -> object:
    # Expensive modules are imported when they are first used.
    for module, names in _LATER.items():
        if name in names:
            import importlib

            return getattr(importlib.import_module(f".{module}", __name__), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

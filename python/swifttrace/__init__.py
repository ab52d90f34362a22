"""See what a Python program really does: its calls, lines and returns, with values.

    import swifttrace

    with swifttrace.trace():
        main()

From the command line: `python -m swifttrace script.py`.
"""

from ._hooks import (
    getprofile,
    gettrace,
    setprofile,
    setprofile_all_threads,
    settrace,
    settrace_all_threads,
)
from ._strategies import (
    CallLogger,
    EventLogger,
    JSONLogger,
    LineLogger,
    ReturnLogger,
    Strategy,
    TextFile,
    TreeLogger,
)
from ._tracing import start, stop, trace, traced
from ._version import __version__

__all__ = [
    "CallLogger",
    "EventLogger",
    "JSONLogger",
    "LineLogger",
    "ReturnLogger",
    "Strategy",
    "TextFile",
    "TreeLogger",
    "__version__",
    "getprofile",
    "gettrace",
    "setprofile",
    "setprofile_all_threads",
    "settrace",
    "settrace_all_threads",
    "start",
    "stop",
    "trace",
    "traced",
]

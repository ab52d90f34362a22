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
    TreeLogger,
)
from ._tracing import start, stop, trace
from ._version import __version__

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ._decorating import traced
    from ._types import TextFile

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


def __getattr__(name: str) -> object:
    # What brings much with it is imported when it is first asked for.
    if name == "traced":
        from ._decorating import traced

        return traced
    if name == "TextFile":
        from ._types import TextFile

        return TextFile
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

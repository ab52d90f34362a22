"""The end of the traced program, which its recording keeps. Runs no code of the program."""

from __future__ import annotations

from collections import deque

from .. import _swifttrace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import TracebackType

    from .._swifttrace import EndFrame

# Frames of a long stack that are kept at each of its ends.
_HALF = 50
# Its number on Linux. Importing `signal` would leave that in the program's `sys.modules`.
_SIGINT = 2


def note(error: BaseException | None, traceback: TracebackType | None = None) -> None:
    """Store in a running recording that the program has ended.

    Args:
        error: The exception that it did not catch; None if it has ended without one.
        traceback: The frames that the exception left.
    """
    if not _swifttrace.is_tracing():
        return
    is_exit = issubclass(type(error), SystemExit)
    status = _status(error)
    if status is None:
        return
    first: list[EndFrame] = []
    last: deque[EndFrame] = deque(maxlen=_HALF)
    omitted = 0
    while traceback is not None and not is_exit:
        code = traceback.tb_frame.f_code
        frame: EndFrame = {
            "file": _text(code.co_filename),
            "line": traceback.tb_lineno or 0,
            "function": _text(code.co_qualname),
        }
        if len(first) < _HALF:
            first.append(frame)
        else:
            omitted += len(last) == _HALF
            last.append(frame)
        traceback = traceback.tb_next
    _swifttrace.program_ended(
        {
            "status": status,
            "exception": None if is_exit else error,
            "frames": [*first, *last],
            "omitted": omitted,
        }
    )


def _status(error: BaseException | None) -> int | None:
    """Return the status as of `subprocess`; None if the program's own code determines it."""
    if error is None:
        return 0
    kind = type(error)
    if issubclass(kind, KeyboardInterrupt):
        return -_SIGINT
    if not issubclass(kind, SystemExit):
        return 1
    before = kind.__mro__[: kind.__mro__.index(SystemExit)]
    if any("code" in vars(base) for base in before):
        return None
    # The attribute itself could be one of the error's own.
    code: object = vars(SystemExit)["code"].__get__(error)
    if code is None:
        return 0
    if not issubclass(type(code), int):
        return 1
    number = int.__add__(code, 0)  # type: ignore[operator]
    # CPython passes -1 to exit() for an int that does not fit in a C long.
    return number & 255 if -(1 << 63) <= number < 1 << 63 else 255


def _text(text: str) -> str:
    return text.encode(errors="backslashreplace").decode()

"""Text on the program's own standard output: `-o -`."""

from __future__ import annotations

import os
import stat
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .._types import TextFile


class StandardOutput:
    """Writes to `sys.stdout`, among what the program prints.

    Once nobody reads a pipe any more, as after `| head`, the trace ends. The program, which would
    have written less without it, goes on, and what it prints goes nowhere.
    """

    def __init__(self, stream: TextFile) -> None:
        self._stream = stream
        self._is_pipe = _is_pipe(stream)

    @property
    def closed(self) -> bool:
        """Whether nothing can be written any more."""
        return getattr(self._stream, "closed", False)

    def write(self, text: str) -> None:
        """Write text. In a pipe nothing is held back: the program is not to fail at it later."""
        try:
            self._stream.write(text)
            if self._is_pipe:
                self._stream.flush()
        except BrokenPipeError:
            _let_go(self._stream)
            raise

    def flush(self) -> None:
        """Write out what is held back."""
        try:
            self._stream.flush()
        except BrokenPipeError:
            _let_go(self._stream)
            raise


def standard_output() -> TextFile | None:
    """Return what writes to standard output, None if there is none."""
    return None if sys.stdout is None else StandardOutput(sys.stdout)


def _is_pipe(stream: TextFile) -> bool:
    try:
        mode = os.fstat(stream.fileno()).st_mode  # type: ignore[attr-defined]
    except (AttributeError, OSError, ValueError):
        return False
    return stat.S_ISFIFO(mode) or stat.S_ISSOCK(mode)


def _let_go(stream: TextFile) -> None:
    """Have a stream write to nowhere from now on, with what it could not write."""
    try:
        number = stream.fileno()  # type: ignore[attr-defined]
        nowhere = os.open(os.devnull, os.O_WRONLY | os.O_CLOEXEC)
        os.dup2(nowhere, number)
        os.close(nowhere)
        stream.flush()
    except (AttributeError, OSError, ValueError):
        return  # It is closed, or no file of the system's.
